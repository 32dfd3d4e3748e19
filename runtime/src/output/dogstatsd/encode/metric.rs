//! Lines of metrics: values of one context, and what they end with.

use std::sync::Arc;

use crate::aggregate::{Series, SeriesKind, TagSet};

use super::super::super::delivery::Delivery;
use super::super::text::{push_integer, push_name, push_number};
use super::{Effort, Encoder, Room};

/// The end of a line of a metric, behind its values. Metrics of a record share it, so it is kept.
#[derive(Default)]
pub(super) struct Tail {
    of: Option<TailOf>,
    bytes: Vec<u8>,
}

struct TailOf {
    tags: Arc<TagSet>,
    host: Option<Arc<str>>,
    timestamp: Option<i64>,
    effort: Effort,
}

impl Tail {
    pub(super) fn forget(&mut self) {
        self.of = None;
    }
}

impl TailOf {
    /// The same, as far as addresses tell.
    fn is(
        &self,
        tags: &Arc<TagSet>,
        host: Option<&Arc<str>>,
        timestamp: Option<i64>,
        effort: Effort,
    ) -> bool {
        let same_host = match (&self.host, host) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let same_time = self.timestamp == timestamp && self.effort == effort;
        Arc::ptr_eq(&self.tags, tags) && same_host && same_time
    }
}

impl Encoder {
    /// Appends as many of these points as there is room for, in one line: they differ in their values only.
    pub(in super::super) fn series(
        &mut self,
        out: &mut Vec<u8>,
        room: Room,
        (delivery, series): (&Delivery, &Series),
        values: impl Iterator<Item = f64>,
    ) -> usize {
        let timestamp = (self.timestamps && series.timestamp > 0).then_some(series.timestamp);
        self.end_with(delivery, &series.tags, timestamp, room.effort);
        // A rate has been computed already: it is a value like any other.
        let kind = match series.kind {
            SeriesKind::Gauge | SeriesKind::Rate => b'g',
            SeriesKind::Count => b'c',
        };
        self.values(out, room, (&series.name, kind, b""), values)
    }

    /// Appends as many of these values of a distribution as there is room for. Each stands for two to a power.
    pub(in super::super) fn distribution(
        &mut self,
        out: &mut Vec<u8>,
        room: Room,
        (delivery, name, tags): (&Delivery, &str, &Arc<TagSet>),
        (power, values): (u8, impl Iterator<Item = f64>),
    ) -> usize {
        self.end_with(delivery, tags, None, room.effort);
        let mut rate = Vec::new();
        if power > 0 {
            rate.extend_from_slice(b"|@");
            push_number(&mut rate, f64::from(power).exp2().recip());
        }
        self.values(out, room, (name, b'd', &rate), values)
    }

    fn values(
        &self,
        out: &mut Vec<u8>,
        room: Room,
        (name, kind, rate): (&str, u8, &[u8]),
        values: impl Iterator<Item = f64>,
    ) -> usize {
        let start = out.len();
        if !push_name(out, name) {
            return 0;
        }
        let end = "|g".len() + rate.len() + self.tail.bytes.len();
        let mut written = 0;
        for value in values {
            let before = out.len();
            out.push(b':');
            push_number(out, value);
            if out.len() - start + end > room.bytes {
                out.truncate(before);
                break;
            }
            written += 1;
        }
        if written == 0 {
            out.truncate(start);
            return 0;
        }
        out.push(b'|');
        out.push(kind);
        if !rate.is_empty() {
            out.extend_from_slice(rate);
        }
        out.extend_from_slice(&self.tail.bytes);
        written
    }

    /// Makes the end of the lines of these tags.
    fn end_with(
        &mut self,
        delivery: &Delivery,
        tags: &Arc<TagSet>,
        timestamp: Option<i64>,
        effort: Effort,
    ) {
        let host = delivery.host.as_ref();
        if self.tail.of.as_ref().is_some_and(|of| of.is(tags, host, timestamp, effort)) {
            return;
        }
        let of = TailOf { tags: Arc::clone(tags), host: host.cloned(), timestamp, effort };
        let mut bytes = std::mem::take(&mut self.tail.bytes);
        bytes.clear();
        let host = tags.host().or_else(|| self.default_host(delivery));
        self.push_tags(&mut bytes, tags.iter(), host, effort);
        if let Some(timestamp) = timestamp {
            bytes.extend_from_slice(b"|T");
            push_integer(&mut bytes, timestamp);
        }
        bytes.extend_from_slice(&self.origin);
        self.tail = Tail { of: Some(of), bytes };
    }
}
