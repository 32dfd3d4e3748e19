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

/// The values since the last commit.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram {
    values: Vec<f64>,
    sum: f64,
}

impl Histogram {
    pub(super) fn add(&mut self, value: f64) {
        self.values.push(value);
        self.sum += value;
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
        self.sum = 0.0;
        Some([max, median, average, count as f64, percentile])
    }
}
