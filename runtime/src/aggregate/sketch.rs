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
    /// The width of a bin, as a binary logarithm: that of 65/64.
    pub const LOG2_WIDTH: f64 = 0.022_367_813_028_454_51;

    /// A sketch without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finite value.
    pub fn insert(&mut self, value: f64) {
        self.count_in(key(value), 1);
        self.summarise(value, 1);
    }

    /// Adds `count` values that lie evenly between two finite bounds, as the Agent does: each bin gets its share of whole values, as
    /// its lower bound; what is left over goes on to the next one.
    pub fn insert_between(&mut self, lower: f64, upper: f64, count: u64) {
        let (first, last) = (key(lower), key(upper));
        let share = count as f64 / (upper - lower);
        let (mut left, mut carried, mut from) = (count, 0.0, first);
        for next in (first..=last).skip(1) {
            if left == 0 {
                return;
            }
            let exact = (low(next) - low(from)) * share;
            if exact > 1.0 {
                carried += exact.fract();
            }
            let mut whole = whole(exact);
            if carried > 1.0 {
                whole += 1;
                carried -= 1.0;
            }
            if whole > 0 {
                let here = whole.min(left);
                self.insert_many(from, here);
                left -= here;
                from = next;
            }
        }
        if left > 0 {
            self.insert_many(from, left);
        }
    }

    /// Adds a value `count` times.
    pub fn insert_times(&mut self, value: f64, count: u64) {
        if count > 0 {
            self.count_in(key(value), count);
            self.summarise(value, count);
        }
    }

    fn insert_many(&mut self, key: i16, count: u64) {
        self.count_in(key, count);
        self.summarise(low(key), count);
    }

    fn summarise(&mut self, value: f64, count: u64) {
        let first = self.count == 0;
        self.min = if first { value } else { self.min.min(value) };
        self.max = if first { value } else { self.max.max(value) };
        self.count += count;
        self.sum += value * count as f64;
        self.mean += (value - self.mean) * count as f64 / self.count as f64;
    }

    fn count_in(&mut self, key: i16, count: u64) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        match self.bins.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(found) => self.bins[found].1 = self.bins[found].1.saturating_add(count),
            Err(place) => {
                self.bins.insert(place, (key, count));
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

    /// The binary logarithm of the value in the middle of a bin, of its magnitude if the key is negative. The bin reaches as far as half
    /// a bin's width to both sides of it: [`Self::LOG2_WIDTH`]. The bin of key 0 has none; it holds what is nearer to zero than all others.
    pub fn log2_of_bin(key: i16) -> f64 {
        (f64::from(key).abs() - BIAS) * Self::LOG2_WIDTH
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

/// The least value of the bin of a key.
fn low(key: i16) -> f64 {
    let log_gamma = TWICE_ACCURACY.ln_1p();
    match key {
        0 => 0.0,
        1.. => ((f64::from(key) - BIAS) * log_gamma).exp(),
        _ => -((f64::from(-key) - BIAS) * log_gamma).exp(),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
const fn whole(share: f64) -> u64 {
    share as u64
}

/// The key of the bin that a value belongs to: logarithmic, 0 around zero, negative for negative values.
fn key(value: f64) -> i16 {
    let log_gamma = TWICE_ACCURACY.ln_1p();
    let least = ((1.0 - BIAS) * log_gamma).exp();
    if value.abs() < least {
        return 0;
    }
    let position = (value.abs().ln() / log_gamma).round_ties_even() + BIAS;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range of the type")]
    let key = position.clamp(1.0, INFINITE) as i16;
    if value < 0.0 { -key } else { key }
}
