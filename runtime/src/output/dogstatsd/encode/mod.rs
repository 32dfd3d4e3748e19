//! One line for each thing, as DogStatsD's protocol writes it (versions 1.0 to 1.6).

mod event;
mod metric;

use super::super::delivery::Delivery;
use super::origin::Origin;
use super::text::{first, push_tag};
use crate::metric::MAX_TAG;
use event::Parts;
use metric::Tail;

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
        self.tail.forget();
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
}
