//! One line for each thing, as DogStatsD's protocol writes it (versions 1.0 to 1.6).

use std::sync::Arc;

use crate::aggregate::{Series, SeriesKind, TagSet};
use crate::metric::{Event, MAX_TAG};

use super::super::delivery::{Delivery, ServiceCheckPoint};
use super::origin::Origin;
use super::text::{first, push_field, push_integer, push_name, push_number, push_tag, push_text};

/// The longest title of an event that Datadog keeps, in characters.
const MAX_TITLE: usize = 100;

/// What may be done to a line to make it fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Nothing.
    Whole,
    /// What Datadog would do itself, or does no harm: tags of 200 characters, titles of 100, texts as long as there is room.
    Shortened,
}

/// The room for a line, and what may be done to make use of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) bytes: usize,
    pub(super) effort: Effort,
}

/// How the values of a line are to be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values {
    Gauge,
    Count,
    /// Each stands for two to this power.
    Distribution(u8),
}

impl Values {
    /// What a series is sent as. A rate has been computed already: it is a value like any other.
    pub(super) const fn of(kind: SeriesKind) -> Self {
        match kind {
            SeriesKind::Gauge | SeriesKind::Rate => Self::Gauge,
            SeriesKind::Count => Self::Count,
        }
    }
}

/// Writes lines.
pub(super) struct Encoder {
    timestamps: bool,
    name_host: bool,
    /// The fields by which the Agent finds out whose metrics these are, at the end of every line.
    origin: Vec<u8>,
    entity: Option<String>,
    tail: Tail,
    parts: Parts,
}

/// The end of a line of a metric, behind its values. Metrics of a record share it, so it is kept.
#[derive(Default)]
struct Tail {
    of: Option<TailOf>,
    bytes: Vec<u8>,
}

struct TailOf {
    tags: Arc<TagSet>,
    host: Option<Arc<str>>,
    timestamp: Option<i64>,
    effort: Effort,
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

/// Parts of an event, whose lengths stand before them.
#[derive(Default)]
struct Parts {
    title: Vec<u8>,
    text: Vec<u8>,
    fields: Vec<u8>,
}

impl Encoder {
    pub(super) fn new(timestamps: bool, name_host: bool, origin: &Origin) -> Self {
        Self {
            timestamps,
            name_host,
            origin: origin.fields(),
            entity: origin.entity.clone(),
            tail: Tail::default(),
            parts: Parts::default(),
        }
    }

    /// Points are sent with their times.
    pub(super) const fn sends_timestamps(&self) -> bool {
        self.timestamps
    }

    /// Forgets what it keeps of deliveries.
    pub(super) fn forget(&mut self) {
        self.tail.of = None;
    }

    /// Appends as many of these points as there is room for, in one line: they differ in their values only.
    pub(super) fn series(
        &mut self,
        out: &mut Vec<u8>,
        room: Room,
        (delivery, series): (&Delivery, &Series),
        values: impl Iterator<Item = f64>,
    ) -> usize {
        let timestamp = (self.timestamps && series.timestamp > 0).then_some(series.timestamp);
        self.end_with(delivery, &series.tags, timestamp, room.effort);
        self.values(out, room, &series.name, Values::of(series.kind), values)
    }

    /// Appends as many of these values of a distribution as there is room for.
    pub(super) fn distribution(
        &mut self,
        out: &mut Vec<u8>,
        room: Room,
        (delivery, name, tags): (&Delivery, &str, &Arc<TagSet>),
        (power, values): (u8, impl Iterator<Item = f64>),
    ) -> usize {
        self.end_with(delivery, tags, None, room.effort);
        self.values(out, room, name, Values::Distribution(power), values)
    }

    fn values(
        &self,
        out: &mut Vec<u8>,
        room: Room,
        name: &str,
        kind: Values,
        values: impl Iterator<Item = f64>,
    ) -> usize {
        let start = out.len();
        if !push_name(out, name) {
            return 0;
        }
        let head = out.len();
        push_kind(out, kind);
        let end = out.len() - head + self.tail.bytes.len();
        out.truncate(head);
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
        push_kind(out, kind);
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

    /// The host that is named where no other one is: none, which leaves it to the Agent, or an empty one, which is nobody's.
    fn default_host<'d>(&self, delivery: &'d Delivery) -> Option<&'d str> {
        match &delivery.host {
            Some(host) => Some(&**host).filter(|_| self.name_host),
            None => Some(""),
        }
    }

    /// Appends the field of tags. The Agent takes the last tag `host:` out and for the name of the host.
    fn push_tags<'t>(
        &self,
        out: &mut Vec<u8>,
        tags: impl Iterator<Item = &'t str>,
        host: Option<&str>,
        effort: Effort,
    ) {
        let start = out.len();
        for tag in tags.filter(|tag| !tag.is_empty()) {
            out.extend_from_slice(if out.len() == start { b"|#" } else { b"," });
            push_tag(out, if effort == Effort::Whole { tag } else { first(tag, MAX_TAG) });
        }
        let own = [("dd.internal.entity_id:", self.entity.as_deref()), ("host:", host)];
        for (key, value) in own {
            let Some(value) = value else { continue };
            out.extend_from_slice(if out.len() == start { b"|#" } else { b"," });
            out.extend_from_slice(key.as_bytes());
            push_tag(out, value);
        }
    }

    /// Appends a service check, if there is room for it.
    pub(super) fn service_check(
        &self,
        out: &mut Vec<u8>,
        room: Room,
        delivery: &Delivery,
        check: &ServiceCheckPoint,
    ) -> bool {
        let start = out.len();
        out.extend_from_slice(b"_sc|");
        push_field(out, check.name);
        out.push(b'|');
        push_integer(out, i64::from(check.status.number()));
        push_time(out, check.timestamp);
        let tags = check.tags.iter().map(String::as_str);
        self.push_host_and_tags(out, check.host.as_deref(), delivery, tags, room.effort);
        out.extend_from_slice(&self.origin);
        let message = check.status.message();
        if !message.is_empty() {
            // By the grammar it is the last field.
            out.extend_from_slice(b"|m:");
            let left = room.bytes.saturating_sub(out.len() - start);
            push_text(out, message, text_room(left, room.effort), "¦");
        }
        fits(out, start, room)
    }

    /// Appends an event, if there is room for it.
    pub(super) fn event(
        &mut self,
        out: &mut Vec<u8>,
        room: Room,
        delivery: &Delivery,
        event: &Event,
    ) -> bool {
        let start = out.len();
        let mut parts = std::mem::take(&mut self.parts);
        self.split(&mut parts, delivery, event, room.effort);
        // What stands around the text, with lengths of five digits.
        let around = "_e{12345,12345}:|".len() + parts.title.len() + parts.fields.len();
        let left = room.bytes.saturating_sub(around);
        parts.text.clear();
        push_text(&mut parts.text, &event.text, text_room(left, room.effort), "|");
        out.extend_from_slice(b"_e{");
        push_length(out, &parts.title);
        out.push(b',');
        push_length(out, &parts.text);
        out.extend_from_slice(b"}:");
        out.extend_from_slice(&parts.title);
        out.push(b'|');
        out.extend_from_slice(&parts.text);
        out.extend_from_slice(&parts.fields);
        self.parts = parts;
        fits(out, start, room)
    }

    fn split(&self, parts: &mut Parts, delivery: &Delivery, event: &Event, effort: Effort) {
        let Parts { title, fields, .. } = parts;
        title.clear();
        fields.clear();
        // The Agent refuses an event without a title.
        let named = if event.title.is_empty() { delivery.check } else { &event.title };
        let named = if effort == Effort::Whole { named } else { first(named, MAX_TITLE) };
        push_text(title, named, usize::MAX, "|");
        #[expect(clippy::cast_possible_truncation, reason = "seconds since the epoch")]
        let run = delivery.time as i64;
        push_time(fields, event.timestamp.and_then(|time| time.try_into().ok()).unwrap_or(run));
        if let Some(key) = &event.aggregation_key {
            fields.extend_from_slice(b"|k:");
            push_field(fields, key);
        }
        let words = [
            ("|p:", event.priority.name()),
            ("|s:", delivery.check),
            ("|t:", event.alert_type.name()),
        ];
        for (field, word) in words {
            fields.extend_from_slice(field.as_bytes());
            push_field(fields, word);
        }
        let tags = delivery.tags.iter().chain(&event.tags).map(String::as_str);
        self.push_host_and_tags(fields, event.host.as_deref(), delivery, tags, effort);
        fields.extend_from_slice(&self.origin);
    }

    /// Events and service checks name a host in a field; that there is none only a tag can say.
    fn push_host_and_tags<'t>(
        &self,
        out: &mut Vec<u8>,
        own: Option<&str>,
        delivery: &Delivery,
        tags: impl Iterator<Item = &'t str>,
        effort: Effort,
    ) {
        let host = own.or_else(|| self.default_host(delivery));
        if let Some(host) = host.filter(|host| !host.is_empty()) {
            out.extend_from_slice(b"|h:");
            push_field(out, host);
        }
        self.push_tags(out, tags, host.filter(|host| host.is_empty()), effort);
    }
}

/// A text is as long as it is, if it may not be shortened.
const fn text_room(left: usize, effort: Effort) -> usize {
    match effort {
        Effort::Whole => usize::MAX,
        Effort::Shortened => left,
    }
}

/// Takes the line back if there is no room for it.
fn fits(out: &mut Vec<u8>, start: usize, room: Room) -> bool {
    let fits = out.len() - start <= room.bytes;
    if !fits {
        out.truncate(start);
    }
    fits
}

fn push_kind(out: &mut Vec<u8>, kind: Values) {
    match kind {
        Values::Gauge => out.extend_from_slice(b"|g"),
        Values::Count => out.extend_from_slice(b"|c"),
        Values::Distribution(0) => out.extend_from_slice(b"|d"),
        Values::Distribution(power) => {
            out.extend_from_slice(b"|d|@");
            push_number(out, f64::from(power).exp2().recip());
        }
    }
}

fn push_time(out: &mut Vec<u8>, time: i64) {
    if time > 0 {
        out.extend_from_slice(b"|d:");
        push_integer(out, time);
    }
}

fn push_length(out: &mut Vec<u8>, part: &[u8]) {
    push_integer(out, i64::try_from(part.len()).unwrap_or(i64::MAX));
}
