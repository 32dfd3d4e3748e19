//! How long to wait after an error, by the Agent's rule: windows that double, and a time within one by chance.
//!
//! The n-th error in a row has a window up to `base * 2^n` seconds and from that divided by `factor`; at `longest` it
//! ends, and the wait is exactly that. A success takes `recovery` errors back, not all: an endpoint that answers every second request
//! is not well. (`pkg/util/backoff` of the Agent, with its values.)

use std::time::Duration;

/// The windows of the waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// Half of the first window's end.
    pub base: Duration,
    /// What a window's end is divided by to have its beginning.
    pub factor: f64,
    /// The longest wait.
    pub longest: Duration,
    /// How many errors a success takes back.
    pub recovery: u32,
}

impl Default for Backoff {
    /// 2 to 4 seconds, 4 to 8, 8 to 16, 16 to 32, 32 to 64, and 64 from then on; a success takes two errors back.
    fn default() -> Self {
        Self {
            base: Duration::from_secs(2),
            factor: 2.0,
            longest: Duration::from_secs(64),
            recovery: 2,
        }
    }
}

impl Backoff {
    /// How long to wait after this many errors, one at least, with a number by chance from 0 to 1.
    pub fn wait(&self, errors: u32, chance: f64) -> Duration {
        let longest = self.longest.as_secs_f64();
        let doublings = i32::try_from(errors).unwrap_or(i32::MAX);
        let end = self.base.as_secs_f64() * 2_f64.powi(doublings);
        if end > longest {
            return self.longest;
        }
        let start = end / self.factor.max(1.0);
        Duration::from_secs_f64(start + (end - start) * chance.clamp(0.0, 1.0))
    }

    /// From how many errors on the wait is the longest: more need not be counted.
    pub(super) fn most_errors(&self) -> u32 {
        (1..64).find(|errors| self.wait(*errors, 0.0) >= self.longest).unwrap_or(64)
    }
}
