//! A total whose growth per second is reported.

use super::baselines::Reading;
use super::series::Rejected;

/// The last two readings of a total, across commits.
#[derive(Debug, Clone, Default)]
pub(super) struct Rate {
    previous: Reading,
    current: Reading,
    has_previous: bool,
    has_current: bool,
}

impl Rate {
    /// A rate that goes on from a reading.
    pub(super) fn after(reading: Reading) -> Self {
        Self { previous: reading, has_previous: true, ..Self::default() }
    }

    #[inline]
    pub(super) fn add(&mut self, total: f64, time: f64) {
        if self.has_current {
            (self.previous, self.has_previous) = (self.current, true);
        }
        (self.current, self.has_current) = (Reading { total, time }, true);
    }

    /// What the next reading is compared with.
    pub(super) fn baseline(&self) -> Option<Reading> {
        let previous = self.has_previous.then_some(self.previous);
        if self.has_current { Some(self.current) } else { previous }
    }

    /// The growth per second and the time of the last reading.
    pub(super) fn flush(&mut self, rejected: &mut Rejected) -> Option<(f64, f64)> {
        if !self.has_previous || !self.has_current {
            return None;
        }
        let (previous, current) = (self.previous, self.current);
        if current.time <= previous.time {
            rejected.timeless_rates += 1;
            return None;
        }
        *self = Self::after(current);
        let rate = (current.total - previous.total) / (current.time - previous.time);
        if rate < 0.0 {
            rejected.negative_rates += 1;
            return None;
        }
        Some((rate, current.time))
    }
}
