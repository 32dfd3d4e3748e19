//! Whether a route may be tried: after an error not before a time, and then with one payload.

use std::time::Duration;

use tokio::time::Instant;

use super::backoff::Backoff;
use super::endpoint::Remedy;

/// What is known of a route's health. Only one payload of a route is under way at a time, so the first one after a wait is the
/// only probe.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    errors: u32,
    wait: Option<Wait>,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    until: Instant,
    /// The endpoint asked for it, or would not listen anyway.
    meant: bool,
}

/// What the waits are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) backoff: Backoff,
    pub(super) hold: Duration,
    pub(super) longest_retry_after: Duration,
}

impl Breaker {
    /// When the route may be tried; none if it may be at any time.
    pub(super) fn until(&self) -> Option<Instant> {
        self.wait.map(|wait| wait.until)
    }

    /// What was last tried was not accepted.
    pub(super) const fn is_open(&self) -> bool {
        self.wait.is_some()
    }

    /// A payload was accepted, or refused as itself.
    pub(super) fn close(&mut self, backoff: &Backoff) {
        self.errors = self.errors.saturating_sub(backoff.recovery);
        self.wait = None;
    }

    /// A payload is to be sent again.
    pub(super) fn open(&mut self, remedy: Remedy, rules: &Rules, now: Instant, chance: f64) {
        self.errors = (self.errors + 1).min(rules.backoff.most_errors());
        let wait = rules.backoff.wait(self.errors, chance);
        let (wait, meant) = match remedy {
            Remedy::Hold => (wait.max(rules.hold.mul_f64(0.9 + chance * 0.2)), true),
            // All who were told the same would come back at once.
            Remedy::Retry { after: Some(after) } => {
                let asked = after.min(rules.longest_retry_after);
                (wait.max(asked.mul_f64(1.0 + chance * 0.1)), true)
            }
            _ => (wait, false),
        };
        self.wait = Some(Wait { until: now + wait, meant });
    }

    /// The process ends: what waits only for better times may be tried once more at once.
    pub(super) fn hurry(&mut self, now: Instant) {
        if let Some(wait) = &mut self.wait
            && !wait.meant
        {
            wait.until = now;
        }
    }
}
