//! Sketches of a distribution, made of single values and of the buckets of histograms.

use std::collections::BTreeMap;

use crate::metric::Bucket;

use super::sketch::Sketch;

/// What tells the buckets of one series apart: the bits of their bounds, where tags do not.
type Bounds = (u64, u64);

/// The sketches of a distribution since the last commit, and the last totals of the buckets that it is made of.
#[derive(Debug, Default)]
pub(super) struct Sketches {
    /// One for each second.
    by_second: BTreeMap<i64, Sketch>,
    totals: BTreeMap<Bounds, i64>,
}

impl Sketches {
    pub(super) fn at(&mut self, second: i64) -> &mut Sketch {
        self.by_second.entry(second).or_default()
    }

    pub(super) fn take(&mut self) -> BTreeMap<i64, Sketch> {
        std::mem::take(&mut self.by_second)
    }

    pub(super) fn is_stateful(&self) -> bool {
        !self.totals.is_empty()
    }

    /// Adds what a bucket has grown by, spread over its width. A bucket without an upper bound counts at its lower one, and one
    /// without a lower bound at its upper one.
    ///
    /// The rules are those of the Agent: an empty bucket says nothing, a first total and one that has become less are only what
    /// the next is compared with, unless the first value is to be reported, too.
    pub(super) fn add_bucket(&mut self, bucket: Bucket, second: i64, flush_first: bool) {
        let Bucket { count, lower, upper, .. } = bucket;
        let comparable = lower <= upper && (lower.is_finite() || upper.is_finite());
        if count <= 0 || !comparable {
            return;
        }
        let Some(grown) = self.growth(&bucket, flush_first) else { return };
        let Some(grown) = u64::try_from(grown).ok().filter(|grown| *grown > 0) else { return };
        let sketch = self.at(second);
        match (lower.is_finite(), upper.is_finite()) {
            (true, true) => sketch.insert_between(lower, upper, grown),
            (true, false) => sketch.insert_times(lower, grown),
            (false, _) => sketch.insert_times(upper, grown),
        }
    }

    fn growth(&mut self, bucket: &Bucket, flush_first: bool) -> Option<i64> {
        if !bucket.monotonic {
            return Some(bucket.count);
        }
        let bounds = match bucket.told_by_bounds {
            true => (bucket.lower.to_bits(), bucket.upper.to_bits()),
            false => (0, 0),
        };
        bucket.growth(self.totals.insert(bounds, bucket.count), flush_first)
    }
}
