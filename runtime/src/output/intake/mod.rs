//! Datadog's intake, without an Agent in between.
//!
//! | what | route | form | at most, compressed and not |
//! | --- | --- | --- | --- |
//! | series | `/api/v2/series` | protobuf | 512,000 and 5,242,880 bytes, 10,000 points |
//! | series, version 1 | `/api/v1/series` | JSON | 2.5 and 4 MiB |
//! | sketches | `/api/beta/sketches` | protobuf | 2.5 and 4 MiB |
//! | service checks | `/api/v1/check_run` | JSON | 2.5 and 4 MiB |
//! | events | `/intake/` | JSON | 2.5 and 4 MiB |
//! | log lines | `/api/v2/logs` | JSON | 5 MB, 1,000 lines, 1 MB a line |
//!
//! No origin is claimed for series: its numbers are Datadog's own products and integrations.

mod compress;
mod diagnose;
mod encode;
mod events;
mod json;
mod keys;
mod kind;
mod logs;
mod receiver;
mod refused;
mod series;
mod service_checks;
mod site;
mod sketches;
mod split;
mod tags;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::task::JoinSet;

use super::forward::{ForwardOptions, Owner};
use super::{Amount, Delivering, Delivery, Diagnosing, Held, Output, OutputError};
use crate::http::{HttpError, HttpOptions};

use receiver::Receiver;

pub use compress::Compression;
pub use encode::{Encoded, Encoder, Form, SeriesVersion};
pub use keys::ApiKey;
pub use receiver::Destination;
pub use refused::Refused;
pub use site::{Addresses, DEFAULT_SITE};

/// How an intake is used.
#[derive(Debug, Clone)]
pub struct IntakeOptions {
    /// What the output is called in the status and in logs.
    pub name: String,
    /// Where everything is sent. It is encoded once for all. What is there twice, is sent to once.
    pub destinations: Vec<Destination>,
    /// In what form.
    pub form: Form,
    /// Whether log lines are sent, too; if not, they are refused.
    pub logs: bool,
    /// The timeout of a request, proxies, TLS. The headers of the intake are added.
    pub http: HttpOptions,
    /// What is done with what cannot be sent. Every endpoint has a directory of its own below that of the spool.
    pub forward: ForwardOptions,
}

/// Sends deliveries to Datadog's intake, or to something that takes the same.
///
/// With several destinations, what it tells to hold or to have lost is the most of any of them: delivered is what arrived
/// everywhere.
pub struct Intake {
    name: String,
    receivers: Vec<Arc<Receiver>>,
    form: Form,
    logs: bool,
    forward: ForwardOptions,
    encoder: Arc<Mutex<Encoder>>,
    refusals: Mutex<Refusals>,
}

/// What was refused before it was sent.
#[derive(Default)]
struct Refusals {
    sum: Refused,
    errors: u64,
    last: Option<SystemTime>,
}

impl Intake {
    /// An intake with these options. It begins to send when it is started, or first delivered something.
    ///
    /// # Errors
    /// An address that is none, an option of HTTP that cannot be used.
    pub fn new(options: IntakeOptions) -> Result<Self, HttpError> {
        let IntakeOptions { name, destinations, form, logs, http, forward } = options;
        let mut receivers = Vec::<Arc<Receiver>>::with_capacity(destinations.len());
        for destination in destinations {
            let owner = destination.owner();
            if receivers.iter().any(|known| known.owner() == owner) {
                continue;
            }
            let host =
                |destination: &Destination| site::host(&destination.addresses.metrics).to_owned();
            let same = |known: &&Arc<Receiver>| host(&known.destination) == host(&destination);
            let before = receivers.iter().filter(same).count();
            receivers.push(Arc::new(Receiver::new(destination, before, &http)?));
        }
        let encoder = Arc::new(Mutex::new(Encoder::new(form).with_logs(logs)));
        let refusals = Mutex::default();
        Ok(Self { name, receivers, form, logs, forward, encoder, refusals })
    }

    /// Whose what waits on the disk is, of each destination.
    pub fn owners(&self) -> impl Iterator<Item = Owner> {
        self.receivers.iter().map(|receiver| receiver.owner())
    }

    /// Encodes deliveries for all receivers, on a thread that may block. Tells what is refused.
    async fn encode(&self, deliveries: &[Arc<Delivery>]) -> Result<Refused, OutputError> {
        let (encoder, deliveries) = (Arc::clone(&self.encoder), deliveries.to_vec());
        let receivers = self.receivers.clone();
        let encode = move || {
            let Encoded { payloads, logs, refused } = lock(&encoder).encode(&deliveries)?;
            for receiver in &receivers {
                receiver.push(&payloads, &logs);
                receiver.withdraw(refused.amount, true);
            }
            Ok(refused)
        };
        // What makes the encoder panic would do so again.
        let refused = tokio::task::spawn_blocking(encode).await.map_err(OutputError::discard)?;
        let message = |error: io::Error| format!("nothing can be encoded: {error}");
        refused.map_err(|error| OutputError::retry(message(error)))
    }

    fn count(&self, refused: Refused) {
        let mut refusals = lock(&self.refusals);
        if refusals.sum.merge(refused) {
            refusals.errors += 1;
            refusals.last = Some(SystemTime::now());
        }
    }
}

impl Output for Intake {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        Box::pin(async move {
            self.start()?;
            let refused = self.encode(deliveries).await?;
            self.count(refused);
            Ok(())
        })
    }

    fn announce(&self, amount: Amount) {
        self.receivers.iter().for_each(|receiver| receiver.announce(amount));
    }

    fn withdraw(&self, amount: Amount) {
        self.receivers.iter().for_each(|receiver| receiver.withdraw(amount, false));
    }

    fn start(&self) -> Result<(), OutputError> {
        self.receivers.iter().for_each(|receiver| receiver.start(&self.forward));
        Ok(())
    }

    fn held(&self) -> Held {
        let all = self.receivers.iter().map(|receiver| receiver.held());
        let mut held = all.reduce(most).unwrap_or_default();
        let refusals = lock(&self.refusals);
        held.refused += refusals.sum.amount;
        held.errors += refusals.errors;
        let own = refusals.last.zip(refusals.sum.last.clone());
        held.last_error = own.into_iter().chain(held.last_error).max_by_key(|(time, _)| *time);
        held
    }

    fn finish(&self) -> Delivering<'_> {
        Box::pin(async {
            let mut tasks = JoinSet::new();
            self.receivers.iter().for_each(|receiver| receiver.finish(&mut tasks));
            tasks.join_all().await;
            Ok(())
        })
    }

    fn diagnose(&self) -> Diagnosing<'_> {
        Box::pin(diagnose::all(&self.receivers, self.form, self.logs))
    }
}

/// The most of both: what has not arrived at one of two has not arrived.
fn most(one: Held, other: Held) -> Held {
    Held {
        restored: one.restored.or_more(other.restored),
        queued: one.queued.or_more(other.queued),
        stored: one.stored.or_more(other.stored),
        dropped: one.dropped.or_more(other.dropped),
        refused: one.refused.or_more(other.refused),
        killed: one.killed.or_more(other.killed),
        again: one.again.or_more(other.again),
        lasting: one.lasting.zip(other.lasting).map(|(one, other)| one.or_more(other)),
        errors: one.errors + other.errors,
        last_error: one
            .last_error
            .into_iter()
            .chain(other.last_error)
            .max_by_key(|(time, _)| *time),
        retrying: one.retrying || other.retrying,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let destinations: Vec<_> =
            self.receivers.iter().map(|receiver| &receiver.destination).collect();
        f.debug_struct("Intake")
            .field("name", &self.name)
            .field("destinations", &destinations)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
