//! From deliveries to the payloads of every route.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::output::forward::Payload;
use crate::output::{Amount, Delivery};

use super::compress::{Compression, Stream};
use super::kind::{self, Kind};
use super::refused::Refused;
use super::split::{Frame, Packed, Packer};
use super::{events, logs, series, service_checks, sketches};

/// In what form payloads are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// How they are compressed. Log lines are never compressed with Zstandard, which their route does not promise to take.
    pub compression: Compression,
    /// The version of the route for series.
    pub series: SeriesVersion,
}

/// The version of the route for series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeriesVersion {
    /// `/api/v1/series`, JSON, for receivers that know no other. It has no units, and no resources
    /// but the host.
    V1,
    /// `/api/v2/series`, protobuf.
    #[default]
    V2,
}

/// Makes payloads. It is kept, since it holds the memory that compressing takes.
pub struct Encoder {
    form: Form,
    /// Made when there is something to compress, as is that of log lines.
    stream: Option<Stream>,
    log_stream: Option<Stream>,
    with_logs: bool,
}

/// What deliveries became.
#[derive(Debug, Default)]
pub struct Encoded {
    /// Payloads for the intake of everything but log lines.
    pub payloads: Vec<Payload>,
    /// Payloads for the intake of log lines.
    pub logs: Vec<Payload>,
    /// What can be in none.
    pub refused: Refused,
}

impl Encoder {
    /// An encoder for a form.
    pub const fn new(form: Form) -> Self {
        Self { form, stream: None, log_stream: None, with_logs: true }
    }

    /// Encodes deliveries. What a payload cannot hold, or a number that is none, is refused and counted.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn encode(&mut self, deliveries: &[Arc<Delivery>]) -> io::Result<Encoded> {
        // A stream that an error has left in the middle is not used again.
        let fresh = Self::new(self.form).with_logs(self.with_logs);
        let mut work = std::mem::replace(self, fresh);
        let encoded = work.all(deliveries)?;
        *self = work;
        Ok(encoded)
    }

    /// Whether log lines are encoded, too; if not, they are refused.
    #[must_use]
    pub fn with_logs(mut self, logs: bool) -> Self {
        self.with_logs = logs;
        self
    }

    fn all(&mut self, deliveries: &[Arc<Delivery>]) -> io::Result<Encoded> {
        let mut to = Encoded::default();
        self.series(deliveries, &mut to)?;
        self.sketches(deliveries, &mut to)?;
        self.service_checks(deliveries, &mut to)?;
        self.events(deliveries, &mut to)?;
        self.logs(deliveries, &mut to)?;
        Ok(to)
    }

    fn series(&mut self, deliveries: &[Arc<Delivery>], to: &mut Encoded) -> io::Result<()> {
        let version = self.form.series;
        let (kind, mut shared) = match version {
            SeriesVersion::V1 => (&kind::SERIES_V1, series::shared_v1()),
            SeriesVersion::V2 => (&kind::SERIES_V2, series::shared_v2()),
        };
        let mut packer =
            Packer::new(made(&mut self.stream, self.form.compression)?, kind.limits, kind.frame);
        for (one, host) in series::all(deliveries) {
            if !one.value.is_finite() {
                to.refused.not_a_number(kind, &one.name);
                continue;
            }
            let shared = shared.get(&one.tags, host);
            let fits = match version {
                SeriesVersion::V1 => packer.add(|out| series::write_v1(out, one, shared)),
                SeriesVersion::V2 => packer.add(|out| series::write_v2(out, one, shared)),
            };
            if !fits? {
                to.refused.too_big(kind, &one.name);
            }
        }
        let packed = packer.finish()?;
        to.payloads.extend(payloads(kind, self.form.compression, packed));
        Ok(())
    }

    fn sketches(&mut self, deliveries: &[Arc<Delivery>], to: &mut Encoded) -> io::Result<()> {
        let kind = &kind::SKETCHES;
        let mut packer =
            Packer::new(made(&mut self.stream, self.form.compression)?, kind.limits, kind.frame);
        for (one, host) in sketches::all(deliveries) {
            if !sketches::is_finite(one) {
                to.refused.not_a_number(kind, &one.name);
            } else if !packer.add(|out| sketches::write(out, one, host))? {
                to.refused.too_big(kind, &one.name);
            }
        }
        let packed = packer.finish()?;
        to.payloads.extend(payloads(kind, self.form.compression, packed));
        Ok(())
    }

    fn service_checks(&mut self, deliveries: &[Arc<Delivery>], to: &mut Encoded) -> io::Result<()> {
        let kind = &kind::SERVICE_CHECKS;
        let mut packer =
            Packer::new(made(&mut self.stream, self.form.compression)?, kind.limits, kind.frame);
        for (one, host) in service_checks::all(deliveries) {
            if !packer.add(|out| service_checks::write(out, one, host))? {
                to.refused.too_big(kind, &one.name);
            }
        }
        let packed = packer.finish()?;
        to.payloads.extend(payloads(kind, self.form.compression, packed));
        Ok(())
    }

    fn events(&mut self, deliveries: &[Arc<Delivery>], to: &mut Encoded) -> io::Result<()> {
        let kind = &kind::EVENTS;
        let mut hosts = deliveries.iter().map(|delivery| delivery.host());
        let host = hosts.find(|host| !host.is_empty()).unwrap_or_default();
        for (source, events) in events::by_source(deliveries) {
            let (start, end) = events::frame(source, host);
            let frame = Frame { start: &start, between: ",", end: &end };
            let mut packer =
                Packer::new(made(&mut self.stream, self.form.compression)?, kind.limits, frame);
            for (event, delivery) in events {
                if !packer.add(|out| events::write(out, event, delivery))? {
                    to.refused.too_big(kind, &event.title);
                }
            }
            let packed = packer.finish()?;
            to.payloads.extend(payloads(kind, self.form.compression, packed));
        }
        Ok(())
    }

    fn logs(&mut self, deliveries: &[Arc<Delivery>], to: &mut Encoded) -> io::Result<()> {
        if deliveries.iter().all(|delivery| delivery.logs.is_empty()) {
            return Ok(());
        }
        if !self.with_logs {
            let lines = deliveries.iter().map(|delivery| delivery.logs.len() as u64).sum();
            to.refused.amount += Amount { logs: lines, ..Amount::default() };
            return Ok(());
        }
        let kind = &kind::LOGS;
        let compression = match self.form.compression {
            Compression::Zstd => Compression::Deflate,
            other => other,
        };
        let stream = made(&mut self.log_stream, compression)?;
        let mut packer = Packer::new(stream, kind.limits, kind.frame);
        for (log, delivery) in logs::all(deliveries) {
            if !packer.add(|out| logs::write(out, log, delivery))? {
                to.refused.too_big(kind, delivery.check);
            }
        }
        to.logs.extend(payloads(kind, compression, packer.finish()?));
        Ok(())
    }
}

fn made(stream: &mut Option<Stream>, compression: Compression) -> io::Result<&mut Stream> {
    match stream {
        Some(stream) => Ok(stream),
        none => Ok(none.insert(Stream::new(compression)?)),
    }
}

fn payloads(
    kind: &'static Kind,
    compression: Compression,
    packed: Vec<Packed>,
) -> impl Iterator<Item = Payload> {
    packed.into_iter().map(move |Packed { body, items }| Payload {
        route: kind.route.into(),
        content_type: kind.content_type.into(),
        content_encoding: compression.encoding().map(Into::into),
        body,
        amount: (kind.amount)(items),
        made: SystemTime::now(),
    })
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("form", &self.form).finish_non_exhaustive()
    }
}

impl Encoded {
    /// How much is in the payloads.
    pub fn amount(&self) -> Amount {
        let mut sum = Amount::default();
        self.payloads.iter().chain(&self.logs).for_each(|payload| sum += payload.amount);
        sum
    }
}
