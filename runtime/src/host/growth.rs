//! What buckets have grown by that tags do not tell apart. The Agent's functions for buckets remember a total for each set of tags, so
//! such buckets would be taken for one; it is given what was added since the last run, which is right in every Agent.

use std::time::{Duration, Instant};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::metric::{Bucket, BucketSample};

/// How long a total is kept that is not seen, as in the Agent.
const KEPT: Duration = Duration::from_hours(25);

/// How often totals are looked for that have not been seen for so long.
const SWEEP: Duration = Duration::from_hours(1);

/// How many totals one instance may have; further buckets have no growth that is known.
const MOST: usize = 1_000_000;

/// The last totals of an instance's buckets.
#[derive(Debug, Default)]
pub(super) struct Growths {
    totals: HashMap<u64, Total, FixedState>,
    swept: Option<Instant>,
}

#[derive(Debug)]
struct Total {
    count: i64,
    seen: Instant,
}

impl Growths {
    /// A bucket as the host is to be given it, if there is anything to say of it.
    pub(super) fn submitted(&mut self, sample: &BucketSample<'_>, now: Instant) -> Option<Bucket> {
        let bucket = sample.bucket;
        if !(bucket.monotonic && bucket.told_by_bounds) {
            return Some(bucket);
        }
        // An empty bucket says nothing.
        let total = Some(bucket.count).filter(|count| *count > 0)?;
        let last = self.replace(key(sample), total, now);
        let count = bucket.growth(last, sample.flush_first_value).filter(|count| *count > 0)?;
        Some(Bucket { count, monotonic: false, told_by_bounds: false, ..bucket })
    }

    fn replace(&mut self, key: u64, count: i64, seen: Instant) -> Option<i64> {
        if *self.swept.get_or_insert(seen) + SWEEP <= seen {
            self.swept = Some(seen);
            self.totals.retain(|_, total| total.seen + KEPT >= seen);
        }
        if self.totals.len() >= MOST && !self.totals.contains_key(&key) {
            return Some(count);
        }
        self.totals.insert(key, Total { count, seen }).map(|last| last.count)
    }
}

/// What tells one bucket from all others.
fn key(sample: &BucketSample<'_>) -> u64 {
    use std::hash::BuildHasher;

    let bounds = (sample.bucket.lower.to_bits(), sample.bucket.upper.to_bits());
    FixedState::with_seed(sample.tags.hash()).hash_one((sample.metric.name(), bounds))
}

#[cfg(test)]
mod tests {
    use crate::metric::{Batch, Descriptor, Limits};

    use super::*;

    static TOOK: Descriptor = Descriptor::service_check("took", "How long it took.");

    fn counts(growths: &mut Growths, totals: [i64; 2], now: Instant) -> Vec<i64> {
        let mut batch = Batch::new(["env:test"], Limits::default());
        let bucket = |(count, lower): (i64, f64)| Bucket {
            count,
            lower,
            upper: lower + 1.0,
            monotonic: true,
            told_by_bounds: true,
        };
        batch.emitter().buckets(&TOOK, totals.into_iter().zip([0.0, 1.0]).map(bucket));
        let samples = batch.buckets();
        samples
            .filter_map(|sample| growths.submitted(&sample, now))
            .map(|bucket| {
                assert!(!bucket.monotonic && !bucket.told_by_bounds);
                bucket.count
            })
            .collect()
    }

    #[test]
    fn a_total_that_is_not_seen_for_25_hours_is_forgotten() {
        let (mut growths, begin) = (Growths::default(), Instant::now());
        assert!(counts(&mut growths, [5, 9], begin).is_empty());
        assert_eq!(counts(&mut growths, [6, 9], begin + KEPT), [1]);
        assert_eq!(counts(&mut growths, [8, 0], begin + KEPT + SWEEP), [2]);
        // The second one was last seen 25 hours and more ago.
        assert_eq!(counts(&mut growths, [9, 20], begin + 2 * KEPT + SWEEP), [1]);
        assert_eq!(growths.totals.len(), 2);
        assert_eq!(counts(&mut growths, [9, 22], begin + 2 * KEPT + SWEEP), [2]);
    }
}
