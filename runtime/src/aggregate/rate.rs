//! A total whose growth per second is reported.

use super::baselines::Reading;
use super::series::Rejected;

/// The last reading of a total, and what it has grown by since the one before, across commits.
#[derive(Debug, Clone, Default)]
pub(super) struct Rate {
    last: Reading,
    per_second: f64,
    stage: Stage,
}

/// What is known of a total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// Nothing.
    #[default]
    New,
    /// The first reading, which only the next one can be compared with.
    First,
    /// A reading that was reported, or belongs to an earlier process.
    Settled,
    /// A reading that was compared with the one before.
    Compared,
    /// A reading that was no later than the one before.
    Timeless,
}

impl Rate {
    /// A rate that goes on from a reading.
    pub(super) fn after(reading: Reading) -> Self {
        Self { last: reading, stage: Stage::Settled, ..Self::default() }
    }

    #[inline]
    pub(super) fn add(&mut self, total: f64, time: f64) {
        let before = std::mem::replace(&mut self.last, Reading { total, time });
        self.stage = if self.stage == Stage::New {
            Stage::First
        } else if time <= before.time {
            Stage::Timeless
        } else {
            self.per_second = (total - before.total) / (time - before.time);
            Stage::Compared
        };
    }

    /// What the next reading is compared with.
    pub(super) fn baseline(&self) -> Option<Reading> {
        (self.stage != Stage::New).then_some(self.last)
    }

    /// The growth per second and the time of the last reading.
    pub(super) fn flush(&mut self, rejected: &mut Rejected) -> Option<(f64, f64)> {
        match self.stage {
            Stage::New | Stage::First | Stage::Settled => return None,
            Stage::Timeless => {
                rejected.timeless_rates += 1;
                return None;
            }
            Stage::Compared => self.stage = Stage::Settled,
        }
        if self.per_second < 0.0 {
            rejected.negative_rates += 1;
            return None;
        }
        Some((self.per_second, self.last.time))
    }
}
