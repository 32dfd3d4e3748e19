//! Values of a run that are summarised on this host.

use super::series::SeriesKind;

/// What a histogram is reported as, by the suffix of the name: the Agent's default aggregates and percentile.
pub const AGGREGATES: [(&str, SeriesKind); 5] = [
    (".max", SeriesKind::Gauge),
    (".median", SeriesKind::Gauge),
    (".avg", SeriesKind::Gauge),
    (".count", SeriesKind::Rate),
    (".95percentile", SeriesKind::Gauge),
];

/// How many values there may be between two commits.
const MAX_VALUES: usize = 1_000_000;

/// For how many values memory is kept from one commit to the next.
const KEPT_VALUES: usize = 1024;

/// The values since the last commit.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram {
    values: Vec<f64>,
    sum: f64,
    /// Values that found no place.
    surplus: u64,
}

impl Histogram {
    pub(super) fn add(&mut self, value: f64) {
        if self.values.len() == MAX_VALUES {
            self.surplus += 1;
            return;
        }
        self.values.push(value);
        self.sum += value;
    }

    /// Values since the last commit that found no place.
    pub(super) fn take_surplus(&mut self) -> u64 {
        std::mem::take(&mut self.surplus)
    }

    /// The values of [`AGGREGATES`], in their order.
    pub(super) fn flush(&mut self) -> Option<[f64; 5]> {
        self.values.sort_unstable_by(f64::total_cmp);
        let count = self.values.len();
        let max = *self.values.last()?;
        let median = self.values[(count - 1) / 2];
        let percentile = self.values[(95 * count - 1) / 100];
        let average = self.sum / count as f64;
        self.values.clear();
        self.values.shrink_to(KEPT_VALUES);
        self.sum = 0.0;
        Some([max, median, average, count as f64, percentile])
    }
}
