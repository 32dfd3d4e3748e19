//! What is counted of the runs of a check, and what of it is left of instances that are gone.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::{Mutex, PoisonError};

use super::instance::Tally;
use super::notice::Skips;
use super::statistics::Statistics;

/// What is counted of runs, and never grows less.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) runs: u64,
    pub(super) failures: u64,
    pub(super) timeouts: u64,
    pub(super) panics: u64,
    pub(super) samples: u64,
    pub(super) dropped: u64,
    pub(super) skips: Skips,
}

impl Counts {
    pub(super) const fn of(tally: &Tally<'_>) -> Self {
        let Statistics { runs, errors, timeouts, panics, samples, .. } = *tally.statistics;
        let (dropped, skips) = (tally.record.dropped, tally.record.skips);
        Self { runs, failures: errors, timeouts, panics, samples, dropped, skips }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.failures += other.failures;
        self.timeouts += other.timeouts;
        self.panics += other.panics;
        self.samples += other.samples;
        self.dropped += other.dropped;
        self.skips += other.skips;
    }
}

/// The counts of instances that are gone, by check: without them a sum over all instances would grow less with a reload.
#[derive(Debug, Default)]
pub(super) struct Past(Mutex<BTreeMap<&'static str, Counts>>);

impl Past {
    pub(super) fn add(&self, check: &'static str, counts: Counts) {
        let mut past = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *past.entry(check).or_default() += counts;
    }

    pub(super) fn all(&self) -> BTreeMap<&'static str, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
