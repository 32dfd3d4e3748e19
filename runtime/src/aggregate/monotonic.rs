//! A total that only grows: its growth is reported.

/// What is known about a total between two commits.
///
/// The rules are those of the Agent's `monotonic_count`: the first value ever seen is only a base, and after a reset the
/// new total is only a base, unless the metric flushes its first value; then both count from zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Monotonic {
    /// The last total; zero before the first.
    last: f64,
    growth: f64,
    has_previous: bool,
    sampled: bool,
    flush_first: bool,
}

impl Monotonic {
    /// A count that goes on from a total.
    pub(super) fn after(total: f64) -> Self {
        Self { last: total, has_previous: true, ..Self::default() }
    }

    /// What the next total is compared with.
    pub(super) fn baseline(&self) -> Option<f64> {
        (self.sampled || self.has_previous).then_some(self.last)
    }

    #[inline]
    pub(super) fn add(&mut self, total: f64, flush_first: bool) {
        self.has_previous |= self.sampled;
        self.sampled = true;
        self.flush_first = flush_first;
        let growth = total - self.last;
        self.last = total;
        if growth >= 0.0 && (self.has_previous || flush_first) {
            self.growth += growth;
        } else if flush_first {
            // The Agent forgets what had grown before the reset within the same run; so do we.
            self.growth = total;
        }
    }

    pub(super) fn flush(&mut self) -> Option<f64> {
        if !self.sampled || !(self.has_previous || self.flush_first) {
            return None;
        }
        let growth = self.growth;
        *self = Self::after(self.last);
        Some(growth)
    }
}
