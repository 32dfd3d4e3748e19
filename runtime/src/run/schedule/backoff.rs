//! How long an instance pauses that fails again and again.

use std::time::Duration;

/// How many failures in a row are no reason to pause.
const PATIENCE: u32 = 3;

/// The longest pause, unless the interval is longer.
const LONGEST: Duration = Duration::from_mins(1);

/// The failures of an instance in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::run) struct BackOff {
    failures: u32,
    /// How many runs are left out before the next one.
    left_out: u32,
}

impl BackOff {
    pub(in crate::run) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// From the third failure on, 1, 3, 7, … runs are left out, as long as the pause stays within a minute.
    pub(in crate::run) fn failed(&mut self, interval: Duration) {
        self.failures = self.failures.saturating_add(1);
        let Some(doublings) = self.failures.checked_sub(PATIENCE).map(|n| (n + 1).min(16)) else {
            return;
        };
        let intervals = LONGEST.as_nanos().checked_div(interval.as_nanos()).unwrap_or(1).max(1);
        let most = u32::try_from(intervals - 1).unwrap_or(u32::MAX);
        self.left_out = ((1 << doublings) - 1).min(most);
    }

    /// Whether the run that is due is left out.
    pub(in crate::run) fn leaves_out(&mut self) -> bool {
        let left_out = self.left_out > 0;
        self.left_out = self.left_out.saturating_sub(1);
        left_out
    }

    /// Failures in a row.
    pub(in crate::run) const fn failures(self) -> u32 {
        self.failures
    }
}
