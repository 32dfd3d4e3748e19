//! The sketch of a distribution, with the bins of the Agent's `DDSketch`, so that sketches of many hosts can be merged.

/// The most bins that a sketch keeps; beyond them, the lowest are merged.
const MAX_BINS: usize = 4096;

/// The relative width of a bin: a quantile is off by 1/128 of its value at most.
const TWICE_ACCURACY: f64 = 1.0 / 64.0;

/// The key of the value 1, so that the least value of interest (1e-9) has the key 1.
const BIAS: f64 = 1338.0;

/// A key beyond all finite ones.
const INFINITE: f64 = i16::MAX as f64;

/// Counts of values in bins of growing width, and their exact count, sum, least and greatest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sketch {
    bins: Vec<(i16, u32)>,
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    mean: f64,
}

impl Sketch {
    /// A sketch without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finite value.
    pub fn insert(&mut self, value: f64) {
        self.count_in(key(value));
        let first = self.count == 0;
        self.min = if first { value } else { self.min.min(value) };
        self.max = if first { value } else { self.max.max(value) };
        self.count += 1;
        self.sum += value;
        self.mean += (value - self.mean) / self.count as f64;
    }

    fn count_in(&mut self, key: i16) {
        match self.bins.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(found) => self.bins[found].1 = self.bins[found].1.saturating_add(1),
            Err(place) => {
                self.bins.insert(place, (key, 1));
                self.merge_lowest();
            }
        }
    }

    fn merge_lowest(&mut self) {
        let Some(surplus) = self.bins.len().checked_sub(MAX_BINS).filter(|surplus| *surplus > 0)
        else {
            return;
        };
        let merged = self.bins.drain(..surplus).fold(0, |sum: u32, (_, n)| sum.saturating_add(n));
        self.bins[0].1 = self.bins[0].1.saturating_add(merged);
    }

    /// Keys and counts of the bins, in ascending order of the keys.
    pub fn bins(&self) -> &[(i16, u32)] {
        &self.bins
    }

    /// The least and the greatest value that may be in the bin of a key.
    ///
    /// The last bin at either end takes all values beyond it, and the first one what was merged into it, too.
    pub fn range(key: i16) -> (f64, f64) {
        let (inner, outer) = edges(key.unsigned_abs());
        match key.signum() {
            0 => (-inner, inner),
            1 => (inner, outer),
            _ => (-outer, -inner),
        }
    }

    /// How many values there are.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The sum of the values.
    pub const fn sum(&self) -> f64 {
        self.sum
    }

    /// The least value; 0 if there is none.
    pub const fn min(&self) -> f64 {
        self.min
    }

    /// The greatest value; 0 if there is none.
    pub const fn max(&self) -> f64 {
        self.max
    }

    /// The mean of the values; 0 if there is none.
    pub const fn mean(&self) -> f64 {
        self.mean
    }
}

/// The least absolute value that is not counted as zero.
fn least() -> f64 {
    ((1.0 - BIAS) * TWICE_ACCURACY.ln_1p()).exp()
}

/// Between which absolute values a bin lies; around zero, the same one twice.
fn edges(key: u16) -> (f64, f64) {
    let edge = |position: f64| ((position - BIAS) * TWICE_ACCURACY.ln_1p()).exp();
    match f64::from(key) {
        0.0 => (least(), least()),
        1.0 => (least(), edge(1.5)),
        key if key >= INFINITE => (edge(INFINITE - 0.5), f64::MAX),
        key => (edge(key - 0.5), edge(key + 0.5)),
    }
}

/// The key of the bin that a value belongs to: logarithmic, 0 around zero, negative for negative values.
fn key(value: f64) -> i16 {
    let log_gamma = TWICE_ACCURACY.ln_1p();
    if value.abs() < least() {
        return 0;
    }
    let position = (value.abs().ln() / log_gamma).round_ties_even() + BIAS;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range of the type")]
    let key = position.clamp(1.0, INFINITE) as i16;
    if value < 0.0 { -key } else { key }
}
