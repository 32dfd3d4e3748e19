//! A total that only grows: its growth is reported.

/// What is known about a total between two commits.
///
/// The rules are those of the Agent's `monotonic_count`: the first value ever seen is only a base, and after a reset the
/// new total is only a base, unless the metric flushes its first value; then both count from zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Monotonic {
    current: f64,
    previous: f64,
    growth: f64,
    has_previous: bool,
    sampled: bool,
    flush_first: bool,
}

impl Monotonic {
    /// A count that goes on from a total.
    pub(super) fn after(total: f64) -> Self {
        Self { previous: total, has_previous: true, ..Self::default() }
    }

    /// What the next total is compared with.
    pub(super) fn baseline(&self) -> Option<f64> {
        match (self.sampled, self.has_previous) {
            (true, _) => Some(self.current),
            (false, true) => Some(self.previous),
            (false, false) => None,
        }
    }

    #[inline]
    pub(super) fn add(&mut self, total: f64, flush_first: bool) {
        if self.sampled {
            self.previous = self.current;
            self.has_previous = true;
        }
        self.current = total;
        self.sampled = true;
        self.flush_first = flush_first;
        let growth = self.current - self.previous;
        if growth >= 0.0 && (self.has_previous || flush_first) {
            self.growth += growth;
        } else if flush_first {
            // The Agent forgets what had grown before the reset within the same run; so do we.
            self.growth = self.current;
        }
    }

    pub(super) fn flush(&mut self) -> Option<f64> {
        if !self.sampled || !(self.has_previous || self.flush_first) {
            return None;
        }
        let growth = self.growth;
        *self = Self::after(self.current);
        Some(growth)
    }
}
