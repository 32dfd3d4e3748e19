//! Metrics and logs by OTLP, OpenTelemetry's protocol, over HTTP or gRPC.
//!
//! What runs yield is encoded straight into requests, which a [`Forwarder`] sends, keeps and sends again.

mod answer;
mod attributes;
mod diagnose;
mod encoder;
mod gather;
mod grpc;
mod histogram;
mod http;
mod logs;
mod metrics;
mod options;
mod points;
mod receiver;
mod requests;
mod resource;
mod totals;
mod units;

use std::collections::HashMap;
use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flate2::write::GzEncoder;

use crate::http::HttpError;

use super::forward::{ForwardOptions, Forwarder, Owner, Payload};
use super::{Amount, Catalogue, Delivering, Delivery, Diagnosing, Held, Output, OutputError};

use receiver::Receiver;

pub use encoder::{Encoded, Encoder};
pub use options::{
    DEFAULT_BOUNDS, Destination, EncodingOptions, HistogramForm, Protocol, ReceiverOptions,
    Temporality,
};
pub use requests::Request;
pub use units::ucum;

/// What requests are, by their header.
const CONTENT_TYPE: &str = "application/x-protobuf";

/// How long what waits may still be sent when the process ends: less than the outputs have together.
const FINISH: Duration = Duration::from_secs(2);

/// Sends metrics and logs to a receiver of OTLP.
pub struct Otlp {
    encoder: Arc<Mutex<Encoder>>,
    compressed: bool,
    receiver: Arc<Receiver>,
    forward: ForwardOptions,
    forwarder: OnceLock<Arc<Forwarder>>,
    owner: Owner,
    unsent: Mutex<Unsent>,
}

/// What never became a request, or part of one.
#[derive(Debug, Clone, Default)]
struct Unsent {
    amount: Amount,
    errors: u64,
    last: Option<(SystemTime, String)>,
}

/// What the points of a signal are called in routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    Metrics,
    Logs,
}

impl Signal {
    const ALL: [Self; 2] = [Self::Metrics, Self::Logs];

    const fn route(self) -> &'static str {
        match self {
            Self::Metrics => "/v1/metrics",
            Self::Logs => "/v1/logs",
        }
    }

    fn of(route: &str) -> Self {
        if route == Self::Logs.route() { Self::Logs } else { Self::Metrics }
    }
}

impl Otlp {
    /// An output to a receiver, of metrics that are declared in a catalogue and checks whose versions are known. A spool is in a
    /// directory of the receiver's own below the one that the options name.
    ///
    /// # Errors
    /// An address is none, or an option of the connection cannot be used.
    pub fn new(
        encoding: &EncodingOptions,
        receiver: ReceiverOptions,
        mut forward: ForwardOptions,
        catalogue: Arc<Catalogue>,
        versions: HashMap<&'static str, &'static str>,
    ) -> Result<Self, HttpError> {
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let began = i64::try_from(began).unwrap_or(i64::MAX);
        let encoder = Encoder::new(encoding, catalogue, versions, began);
        let compressed = receiver.compressed;
        let owner = receiver.owner();
        if let Some(spool) = &mut forward.spool {
            spool.directory = owner.directory(&spool.directory);
        }
        Ok(Self {
            encoder: Arc::new(Mutex::new(encoder)),
            compressed,
            receiver: Arc::new(Receiver::new(receiver)?),
            forward,
            owner,
            forwarder: OnceLock::new(),
            unsent: Mutex::default(),
        })
    }

    /// Whose what waits on the disk is.
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// What sends, which is made when the output is started or delivered to: there may be no runtime before.
    fn forwarder(&self) -> &Arc<Forwarder> {
        self.forwarder.get_or_init(|| {
            Arc::new(Forwarder::new(Arc::clone(&self.receiver) as _, self.forward.clone()))
        })
    }

    fn note(&self, amount: Amount, why: &str) {
        if amount.total() == 0 {
            return;
        }
        let mut unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
        unsent.amount += amount;
        unsent.errors += 1;
        unsent.last =
            Some((SystemTime::now(), format!("{} points or records {why}", amount.total())));
    }
}

impl Output for Otlp {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn start(&self) -> Result<(), OutputError> {
        self.forwarder();
        Ok(())
    }

    /// Encodes on a thread that may block: a hundred thousand points take their time.
    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        let (encoder, compressed) = (Arc::clone(&self.encoder), self.compressed);
        let (forwarder, deliveries) = (Arc::clone(self.forwarder()), deliveries.to_vec());
        Box::pin(async move {
            let encode = move || {
                let mut encoder = encoder.lock().unwrap_or_else(PoisonError::into_inner);
                let encoded = encoder.encode(&deliveries);
                drop(encoder);
                let payloads = payloads(encoded.metrics, encoded.logs, compressed);
                for payload in payloads {
                    forwarder.push(payload);
                }
                forwarder.withdraw(encoded.too_big + encoded.too_many, true);
                (encoded.too_big, encoded.too_many)
            };
            let encoded = tokio::task::spawn_blocking(encode).await;
            let (too_big, too_many) = encoded.map_err(OutputError::discard)?;
            self.note(too_big, "are too big for a request of their own");
            self.note(too_many, "are of more counters than can be remembered");
            Ok(())
        })
    }

    fn announce(&self, amount: Amount) {
        self.forwarder.get().into_iter().for_each(|forwarder| forwarder.announce(amount));
    }

    fn withdraw(&self, amount: Amount) {
        self.forwarder.get().into_iter().for_each(|forwarder| forwarder.withdraw(amount, false));
    }

    fn held(&self) -> Held {
        let mut held = self.forwarder.get().map(|forwarder| forwarder.held()).unwrap_or_default();
        let unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.refused += unsent.amount;
        held.errors += unsent.errors;
        held.last_error = held.last_error.max(unsent.last);
        held
    }

    fn finish(&self) -> Delivering<'_> {
        Box::pin(async move {
            if let Some(forwarder) = self.forwarder.get() {
                forwarder.finish(FINISH).await;
            }
            Ok(())
        })
    }

    fn diagnose(&self) -> Diagnosing<'_> {
        Box::pin(diagnose::diagnose(&self.receiver))
    }
}

impl fmt::Debug for Otlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Otlp").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}

fn payloads(metrics: Vec<Request>, logs: Vec<Request>, compressed: bool) -> Vec<Payload> {
    let made = SystemTime::now();
    let metrics = metrics.into_iter().map(|request| (Signal::Metrics, request));
    let logs = logs.into_iter().map(|request| (Signal::Logs, request));
    metrics
        .chain(logs)
        .map(|(signal, request)| payload(signal, request, compressed, made))
        .collect()
}

fn payload(signal: Signal, request: Request, compressed: bool, made: SystemTime) -> Payload {
    let smaller = compressed.then(|| gzip(&request.body)).flatten();
    Payload {
        route: signal.route().into(),
        content_type: CONTENT_TYPE.into(),
        content_encoding: smaller.is_some().then(|| "gzip".into()),
        body: smaller.unwrap_or(request.body).into(),
        amount: request.amount,
        made,
    }
}

/// Compressed bytes; writing to memory does not fail.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::with_capacity(bytes.len() / 8), flate2::Compression::fast());
    out.write_all(bytes).ok()?;
    out.finish().ok()
}
