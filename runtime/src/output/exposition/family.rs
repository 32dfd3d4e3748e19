//! A family: all contexts of one metric, and what is the same for all of them.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::UnitName;

use super::buckets::{Bounds, Buckets};
use super::labels::Labels;
use super::name::{FamilyName, Kind};
use super::slots::Slots;

/// How many times its own interval a context is kept without a point.
const INTERVALS_KEPT: u32 = 3;

/// What a metric is known by. Metrics of one name and different kinds or units are different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Metric<'n> {
    pub(super) name: &'n str,
    pub(super) kind: Kind,
    pub(super) unit: UnitName,
}

/// All contexts of one metric.
#[derive(Debug)]
pub(super) struct Family {
    /// The metric's name in Datadog.
    pub(super) metric: Box<str>,
    pub(super) unit: UnitName,
    pub(super) name: FamilyName,
    pub(super) kind: Kind,
    pub(super) help: Box<str>,
    /// Of the buckets, if it is a histogram.
    pub(super) bounds: Option<Arc<Bounds>>,
    pub(super) contexts: Slots<Context>,
    by_labels: HashTable<u32>,
}

/// One context: labels, and the value now.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) labels: Arc<Labels>,
    pub(super) value: Value,
    /// When its first point was, in seconds since the Unix epoch.
    pub(super) created: f64,
    /// The number of the change that made it.
    pub(super) born: u64,
    /// When its last point came, in seconds since the store's beginning.
    seen: u32,
    /// The seconds between its last two points.
    interval: u32,
}

/// What a context's value is now.
#[derive(Debug)]
pub(super) enum Value {
    /// The last one.
    Gauge(f64),
    /// The sum of all since the beginning.
    Counter(f64),
    /// All since the beginning.
    Histogram(Buckets),
}

/// When something happens: now, by the clocks of the store and of the point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Seconds since the store's beginning.
    pub(super) now: u32,
    /// Seconds since the Unix epoch.
    pub(super) time: f64,
    /// The number of the change.
    pub(super) change: u64,
}

impl Family {
    pub(super) fn new(
        Metric { name: metric, kind, unit }: Metric<'_>,
        help: Box<str>,
        bounds: Option<Arc<Bounds>>,
    ) -> Self {
        let (name, metric) = (FamilyName::new(metric, kind, unit), metric.into());
        let (contexts, by_labels) = (Slots::default(), HashTable::new());
        Self { metric, unit, name, kind, help, bounds, contexts, by_labels }
    }

    /// The names of its samples, as older scrapers see them.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.kind.suffixes().iter().map(|suffix| format!("{}{suffix}", self.name.plain))
    }

    /// The context with these labels, which has a point now; a new one of this value if there is none and it may be.
    pub(super) fn context(
        &mut self,
        labels: &Arc<Labels>,
        moment: Moment,
        may_be_new: bool,
    ) -> Option<(&mut Context, bool)> {
        let hash = address_hash(labels);
        let is_it = |place: &u32| {
            self.contexts.get(*place).is_some_and(|context| Arc::ptr_eq(&context.labels, labels))
        };
        if let Some(place) = self.by_labels.find(hash, is_it).copied() {
            let context = self.contexts.get_mut(place)?;
            context.see(moment.now);
            return Some((context, false));
        }
        if !may_be_new {
            return None;
        }
        let value = self.first_value();
        let (labels, Moment { now, time, change }) = (Arc::clone(labels), moment);
        let context =
            Context { labels, value, created: time, born: change, seen: now, interval: 0 };
        let place = self.contexts.insert(context);
        let contexts = &self.contexts;
        let hash_of =
            |place: &u32| contexts.get(*place).map_or(0, |context| address_hash(&context.labels));
        self.by_labels.insert_unique(hash, place, hash_of);
        Some((self.contexts.get_mut(place)?, true))
    }

    fn first_value(&self) -> Value {
        match (self.kind, &self.bounds) {
            (Kind::Histogram, Some(bounds)) => Value::Histogram(Buckets::new(bounds)),
            (Kind::Counter, _) => Value::Counter(0.0),
            _ => Value::Gauge(0.0),
        }
    }

    /// Removes the stale ones of the contexts in some places, and tells how many those were.
    pub(super) fn remove_stale(
        &mut self,
        places: std::ops::Range<u32>,
        now: u32,
        kept: u32,
    ) -> usize {
        let mut removed = 0;
        for place in places {
            let stale = self.contexts.get(place).filter(|context| context.is_stale(now, kept));
            let Some(hash) = stale.map(|context| address_hash(&context.labels)) else { continue };
            if let Ok(entry) = self.by_labels.find_entry(hash, |other| *other == place) {
                entry.remove();
            }
            self.contexts.remove(place);
            removed += 1;
        }
        removed
    }
}

impl Context {
    fn see(&mut self, now: u32) {
        if now > self.seen {
            self.interval = now - self.seen;
            self.seen = now;
        }
    }

    /// It has had no point for so many seconds, nor for three times its own interval.
    pub(super) fn is_stale(&self, now: u32, kept: u32) -> bool {
        let kept = kept.max(self.interval.saturating_mul(INTERVALS_KEPT));
        now.saturating_sub(self.seen) > kept
    }
}

fn address_hash(labels: &Arc<Labels>) -> u64 {
    FixedState::default().hash_one(Arc::as_ptr(labels) as usize)
}
