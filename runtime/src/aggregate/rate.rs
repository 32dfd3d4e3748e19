//! A total whose growth per second is reported.

use super::series::Rejected;

#[derive(Debug, Clone, Copy)]
struct Reading {
    total: f64,
    time: f64,
}

/// The last two readings of a total, across commits.
#[derive(Debug, Clone, Default)]
pub(super) struct Rate {
    previous: Option<Reading>,
    current: Option<Reading>,
}

impl Rate {
    #[inline]
    pub(super) fn add(&mut self, total: f64, time: f64) {
        self.previous = self.current.or(self.previous);
        self.current = Some(Reading { total, time });
    }

    /// The growth per second and the time of the last reading.
    pub(super) fn flush(&mut self, rejected: &mut Rejected) -> Option<(f64, f64)> {
        let (previous, current) = (self.previous?, self.current?);
        if current.time <= previous.time {
            rejected.timeless_rates += 1;
            return None;
        }
        *self = Self { previous: Some(current), current: None };
        let rate = (current.total - previous.total) / (current.time - previous.time);
        if rate < 0.0 {
            rejected.negative_rates += 1;
            return None;
        }
        Some((rate, current.time))
    }
}
