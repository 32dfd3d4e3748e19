//! Sketches as histograms of OpenTelemetry.
//!
//! A sketch has bins whose bounds grow by the factor 65/64; an exponential histogram has buckets whose bounds grow by a root of
//! two. No choice of the root makes them the same, so each bin is counted in the bucket that holds its middle. Count, sum, least
//! and greatest value stay exact. A bucket's bounds are then off by half a bin at most, as a quantile of the sketch itself is.

use crate::aggregate::Sketch;

use crate::output::wire::Wire;

/// The finest buckets: 256 for each doubling. Finer ones tell nothing that the sketch knows, and Prometheus has none.
const FINEST: i32 = 8;

/// The most bins that a distribution keeps; beyond them, the lowest are merged.
const MOST_BINS: usize = 4096;

/// The coarsest ones that OpenTelemetry knows.
const COARSEST: i32 = -10;

// `ExponentialHistogramDataPoint` and its `Buckets`.
const SCALE: u32 = 6;
const ZERO_COUNT: u32 = 7;
const POSITIVE: u32 = 8;
const NEGATIVE: u32 = 9;
const ZERO_THRESHOLD: u32 = 14;
const OFFSET: u32 = 1;
const BUCKET_COUNTS: u32 = 2;

/// Values of a distribution: of a run, or of all runs since a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Distribution {
    /// Keys of the sketch and counts, in ascending order.
    pub(super) bins: Vec<(i16, u64)>,
    pub(super) count: u64,
    pub(super) sum: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl From<&Sketch> for Distribution {
    fn from(sketch: &Sketch) -> Self {
        Self {
            bins: sketch.bins().iter().map(|(key, count)| (*key, u64::from(*count))).collect(),
            count: sketch.count(),
            sum: sketch.sum(),
            min: sketch.min(),
            max: sketch.max(),
        }
    }
}

impl Distribution {
    /// Adds the values of another one.
    pub(super) fn add(&mut self, other: &Self) {
        if self.count == 0 {
            self.clone_from(other);
            return;
        }
        for (key, count) in &other.bins {
            match self.bins.binary_search_by_key(key, |(key, _)| *key) {
                Ok(found) => self.bins[found].1 += count,
                Err(place) => self.bins.insert(place, (*key, *count)),
            }
        }
        self.merge_lowest();
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Keeps no more bins than a sketch does.
    fn merge_lowest(&mut self) {
        let surplus = self.bins.len().saturating_sub(MOST_BINS);
        let merged: u64 = self.bins.drain(..surplus).map(|(_, count)| count).sum();
        if let Some((_, lowest)) = self.bins.first_mut() {
            *lowest += merged;
        }
    }

    /// Writes what an exponential histogram has beside count, sum, least and greatest value: at most so many buckets for either sign.
    pub(super) fn write_exponential(&self, out: &mut Vec<u8>, most_buckets: usize) {
        let negative = self.bins.partition_point(|(key, _)| *key < 0);
        let positive = self.bins.partition_point(|(key, _)| *key <= 0);
        let logs = |(key, count): &(i16, u64)| (Sketch::log2_of_bin(*key), *count);
        let within = |least: f64, most: f64| {
            move |(log, count): (f64, u64)| (log.max(least.log2()).min(most.log2()), count)
        };
        let above = self.bins[positive..].iter().map(logs).map(within(self.min.max(0.0), self.max));
        let below = self.bins[..negative].iter().rev().map(logs);
        let below = below.map(within((-self.max).max(0.0), -self.min));
        let scale = scale(above.clone(), most_buckets).min(scale(below.clone(), most_buckets));
        out.signed(SCALE, scale);
        out.fixed(ZERO_COUNT, self.bins[negative..positive].iter().map(|(_, count)| count).sum());
        out.double(ZERO_THRESHOLD, Sketch::log2_of_bin(1).exp2());
        buckets(out, POSITIVE, above, scale);
        buckets(out, NEGATIVE, below, scale);
    }

    /// How many values there are in each of the buckets up to and including these bounds, and beyond the last.
    pub(super) fn counts_up_to(&self, bounds: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; bounds.len() + 1];
        for (key, count) in &self.bins {
            let magnitude = if *key == 0 { 0.0 } else { Sketch::log2_of_bin(*key).exp2() };
            let value = magnitude.copysign(f64::from(*key)).max(self.min).min(self.max);
            counts[bounds.partition_point(|bound| *bound < value)] += count;
        }
        counts
    }
}

/// The finest scale with which values take no more than so many buckets.
fn scale(mut logs: impl DoubleEndedIterator<Item = (f64, u64)>, most: usize) -> i32 {
    let Some((first, _)) = logs.next() else { return FINEST };
    let last = logs.next_back().map_or(first, |(last, _)| last);
    let fits = |scale: &i32| {
        let span = i64::from(index(last, *scale)) - i64::from(index(first, *scale));
        usize::try_from(span).is_ok_and(|span| span < most)
    };
    (COARSEST..=FINEST).rev().find(fits).unwrap_or(COARSEST)
}

/// The bucket of a value with this logarithm: bucket `i` reaches from `2^(i/2^scale)`, which it does not hold, to `2^((i+1)/2^scale)`.
#[expect(clippy::cast_possible_truncation, reason = "a logarithm of an `f64` is below 1100")]
fn index(log: f64, scale: i32) -> i32 {
    (log * f64::from(scale).exp2()).ceil() as i32 - 1
}

fn buckets(out: &mut Vec<u8>, field: u32, logs: impl Iterator<Item = (f64, u64)>, scale: i32) {
    let mut counted = logs.map(|(log, count)| (index(log, scale), count)).peekable();
    let Some((offset, _)) = counted.peek().copied() else { return };
    out.message(field, |out| {
        out.signed(OFFSET, offset);
        out.message(BUCKET_COUNTS, |out| {
            let mut next = offset;
            while let Some((bucket, mut count)) = counted.next() {
                while let Some((_, more)) = counted.next_if(|(other, _)| *other == bucket) {
                    count += more;
                }
                (next..bucket).for_each(|_| out.packed(0));
                out.packed(count);
                next = bucket + 1;
            }
        });
    });
}
