//! Lines of events and service checks.

use crate::metric::Event;

use super::super::super::delivery::{Delivery, ServiceCheckPoint};
use super::super::text::{first, push_field, push_integer, push_text};
use super::{Effort, Encoder, Room};

/// The longest title of an event that Datadog keeps, in characters.
const MAX_TITLE: usize = 100;

/// Parts of an event, whose lengths stand before them.
#[derive(Default)]
pub(super) struct Parts {
    title: Vec<u8>,
    text: Vec<u8>,
    fields: Vec<u8>,
}

impl Encoder {
    /// Appends a service check, if there is room for it.
    pub(in super::super) fn service_check(
        &self,
        out: &mut Vec<u8>,
        room: Room,
        delivery: &Delivery,
        check: &ServiceCheckPoint,
    ) -> bool {
        let start = out.len();
        out.extend_from_slice(b"_sc|");
        push_field(out, &check.name);
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
    pub(in super::super) fn event(
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

fn push_time(out: &mut Vec<u8>, time: i64) {
    if time > 0 {
        out.extend_from_slice(b"|d:");
        push_integer(out, time);
    }
}

fn push_length(out: &mut Vec<u8>, part: &[u8]) {
    push_integer(out, i64::try_from(part.len()).unwrap_or(i64::MAX));
}
