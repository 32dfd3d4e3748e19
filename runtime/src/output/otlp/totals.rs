//! What must be remembered of series between two requests: since when they are counted, and how much there was since.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Place;

use crate::aggregate::TagSet;
use crate::metric::MetricName;
use crate::output::Delivery;

use super::Temporality;
use super::encoder::whole;
use super::histogram::Distribution;

/// How many series are remembered.
const MOST: usize = 1_000_000;

/// After how many seconds a series that is not seen any more is forgotten: 25 hours, as the Agent remembers counters.
const FORGOTTEN: i64 = 25 * 3600;

/// How often, in seconds, it is looked for such series.
const SWEEP: i64 = 600;

/// Counters and distributions that were seen.
pub(super) struct Totals {
    temporality: Temporality,
    /// When this began, in seconds since the Unix epoch: what is seen for the first time was counted since then at most.
    began: i64,
    entries: HashTable<Entry>,
    /// When the last run of each instance ended.
    runs: HashMap<Arc<str>, i64, FixedState>,
    swept: i64,
}

/// Which series a point is of.
#[derive(Clone, Copy)]
pub(super) struct Identity<'p> {
    pub(super) delivery: &'p Delivery,
    pub(super) name: &'p MetricName,
    pub(super) tags: &'p Arc<TagSet>,
}

struct Entry {
    hash: u64,
    check: &'static str,
    host: Option<Arc<str>>,
    name: MetricName,
    tags: Arc<TagSet>,
    start: i64,
    last: i64,
    total: Total,
}

/// How much there was since the start.
enum Total {
    Sum { value: f64, fell: bool },
    Distribution(Box<Distribution>),
}

/// A number since a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sum {
    /// Seconds since the Unix epoch.
    pub(super) start: i64,
    pub(super) value: f64,
    /// It has never become less.
    pub(super) monotonic: bool,
}

impl Totals {
    pub(super) fn new(temporality: Temporality, began: i64) -> Self {
        let (entries, runs) = (HashTable::new(), HashMap::default());
        Self { temporality, began, entries, runs, swept: began }
    }

    /// When the run before a delivery's ended, as far as is known: since then its counts are counted.
    pub(super) fn run_ended(&mut self, delivery: &Delivery) -> i64 {
        let ended = whole(delivery.time);
        let known = self.runs.get_mut(&delivery.instance);
        let before = known.map(|last| std::mem::replace(last, ended));
        before.unwrap_or_else(|| {
            self.runs.insert(Arc::clone(&delivery.instance), ended);
            self.began
        })
    }

    /// What is reported of a count whose last run ended at `since`; nothing if no more series can be remembered.
    pub(super) fn sum(
        &mut self,
        of: Identity<'_>,
        since: i64,
        time: i64,
        growth: f64,
    ) -> Option<Sum> {
        let delta = self.temporality == Temporality::Delta;
        let entry = self.entry(of, since.min(time), || Total::Sum { value: 0.0, fell: false })?;
        let Total::Sum { value, fell } = &mut entry.total else { return None };
        *value = if delta { growth } else { *value + growth };
        *fell = (*fell && !delta) || growth < 0.0;
        let (value, monotonic) = (*value, !*fell);
        Some(Sum { start: entry.begin(time, delta), value, monotonic })
    }

    /// What is reported of a distribution, and since when; nothing if no more series can be remembered.
    pub(super) fn distribution(
        &mut self,
        of: Identity<'_>,
        since: i64,
        time: i64,
        values: Distribution,
    ) -> Option<(i64, Distribution)> {
        let delta = self.temporality == Temporality::Delta;
        let entry = self.entry(of, since.min(time), || Total::Distribution(Box::default()))?;
        let start = entry.begin(time, delta);
        let Total::Distribution(total) = &mut entry.total else { return None };
        if delta {
            return Some((start, values));
        }
        total.add(&values);
        Some((start, Distribution::clone(total)))
    }

    fn entry(
        &mut self,
        of: Identity<'_>,
        start: i64,
        total: impl FnOnce() -> Total,
    ) -> Option<&mut Entry> {
        // The hash of tags knows no host, and a check may tell of thousands of hosts with the same tags.
        let host = of.tags.host().unwrap_or(of.delivery.host());
        let hash = FixedState::with_seed(of.tags.hash()).hash_one((&**of.name, host));
        let full = self.entries.len() >= MOST;
        match self.entries.entry(hash, |entry| entry.is(of), |entry| entry.hash) {
            Place::Occupied(known) => Some(known.into_mut()),
            Place::Vacant(_) if full => None,
            Place::Vacant(place) => {
                Some(place.insert(Entry::new(hash, of, start, total())).into_mut())
            }
        }
    }

    /// Forgets what is not seen any more.
    pub(super) fn sweep(&mut self, now: i64) {
        if now - self.swept < SWEEP {
            return;
        }
        self.swept = now;
        self.entries.retain(|entry| now - entry.last < FORGOTTEN);
        self.runs.retain(|_, last| now - *last < FORGOTTEN);
    }
}

impl Entry {
    fn new(hash: u64, of: Identity<'_>, start: i64, total: Total) -> Self {
        Self {
            hash,
            check: of.delivery.check,
            host: of.delivery.host.clone(),
            name: of.name.clone(),
            tags: Arc::clone(of.tags),
            start,
            last: start,
            total,
        }
    }

    fn is(&self, of: Identity<'_>) -> bool {
        (Arc::ptr_eq(&self.tags, of.tags) || self.tags == *of.tags)
            && self.name == *of.name
            && self.check == of.delivery.check
            && self.host == of.delivery.host
    }

    /// Since when the point at `time` counts. A clock that was set back makes no time negative.
    fn begin(&mut self, time: i64, delta: bool) -> i64 {
        let start = if delta { self.last } else { self.start };
        self.last = time;
        start.min(time)
    }
}
