//! What the next samples of a sampler's series are compared with, to be kept over a restart.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::metric::Kind;

use super::context::hash_of;
use super::seen::STATEFUL_SECONDS_KEPT;
use super::state::State;

/// A total at a time, in seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reading {
    /// The total.
    pub total: f64,
    /// When it was read; of a monotonic count, when the series was last seen.
    pub time: f64,
}

impl Reading {
    /// It is not too old to be compared with what is read at a time.
    fn counts_at(self, time: f64) -> bool {
        self.time + f64::from(STATEFUL_SECONDS_KEPT) >= time
    }
}

/// What the next sample of one series is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// A hash of the metric's name, its tags and its host: see [`Baselines::hashing`].
    pub series: u64,
    /// It is a rate, and not a monotonic count.
    pub is_rate: bool,
    /// The last total.
    pub reading: Reading,
}

/// What the next samples of a sampler's series are compared with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Baselines {
    /// One for each series that needs it.
    pub all: Vec<Baseline>,
}

impl Baselines {
    /// Tells ways of hashing apart: baselines that were kept under another one cannot be found again.
    pub fn hashing() -> u64 {
        hash_of("allwell", crate::metric::hash_of_tag("hashed:so"))
    }
}

/// Baselines of series that have not been seen since the restart.
#[derive(Debug)]
pub(super) struct Pending {
    by_series: HashMap<(u64, bool), Reading, FixedState>,
}

impl Pending {
    pub(super) fn new(baselines: &Baselines) -> Self {
        let by_series = baselines.all.iter().map(|one| ((one.series, one.is_rate), one.reading));
        Self { by_series: by_series.collect() }
    }

    /// The state that a new context begins with, unless what is known is too old.
    pub(super) fn state(&mut self, series: u64, kind: Kind, time: f64) -> Option<State> {
        let is_rate = kind == Kind::Rate;
        if !is_rate && kind != Kind::MonotonicCount {
            return None;
        }
        let reading = self.by_series.remove(&(series, is_rate))?;
        reading.counts_at(time).then(|| State::after(reading, is_rate))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Baseline> {
        self.by_series.iter().map(|((series, is_rate), reading)| Baseline {
            series: *series,
            is_rate: *is_rate,
            reading: *reading,
        })
    }

    /// Forgets what is too old to be compared with, and tells whether nothing is left.
    pub(super) fn forget_old(&mut self, time: f64) -> bool {
        self.by_series.retain(|_, reading| reading.counts_at(time));
        self.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_series.is_empty()
    }
}
