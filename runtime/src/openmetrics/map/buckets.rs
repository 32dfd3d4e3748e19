//! From cumulative buckets to what lies between their bounds. It takes all samples of a family, since the neighbour of a bucket may
//! stand anywhere in it.

use std::cmp::Ordering;

use super::labels::Tagged;

/// A sample of a histogram that waits for the end of its family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) tagged: Tagged,
    pub(super) value: f64,
    /// A bucket with its upper bound; nothing for a sum or a count, whose place it is then.
    pub(super) bound: Option<f64>,
    pub(super) place: usize,
}

/// A bucket by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Separate {
    pub(super) lower: f64,
    pub(super) upper: f64,
    pub(super) count: f64,
}

/// The samples of a family so far.
#[derive(Debug, Default)]
pub(super) struct Family {
    samples: Vec<Waiting>,
}

impl Family {
    pub(super) fn add(&mut self, sample: Waiting) {
        self.samples.push(sample);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Takes all samples in their order, buckets by themselves.
    pub(super) fn take(&mut self) -> Vec<(Waiting, Option<Separate>)> {
        let samples = std::mem::take(&mut self.samples);
        let sorted = sorted(&samples);
        let separate = |sample: &Waiting| {
            let (group, bound) = (sample.tagged.group, sample.bound?);
            let at = sorted.binary_search_by(|known| known.order(group, bound)).ok()?;
            let below = at.checked_sub(1).map(|before| sorted[before]);
            Some(between(sorted[at], below.filter(|below| below.group == group)))
        };
        samples.iter().map(|sample| (*sample, separate(sample))).collect()
    }
}

/// A bucket with all that lies below its upper bound.
#[derive(Debug, Clone, Copy)]
struct Cumulative {
    group: u64,
    bound: f64,
    value: f64,
}

impl Cumulative {
    fn order(&self, group: u64, bound: f64) -> Ordering {
        self.group.cmp(&group).then(self.bound.total_cmp(&bound))
    }
}

/// The buckets by group and bound. Of two with one bound, the later counts.
fn sorted(samples: &[Waiting]) -> Vec<Cumulative> {
    let buckets = samples.iter().filter_map(|sample| {
        Some(Cumulative { group: sample.tagged.group, bound: sample.bound?, value: sample.value })
    });
    let mut all: Vec<_> = buckets.collect();
    all.sort_by(|one, other| one.order(other.group, other.bound));
    all.dedup_by(|later, kept| {
        let same = later.order(kept.group, kept.bound).is_eq();
        if same {
            kept.value = later.value;
        }
        same
    });
    all
}

/// A bucket without those below it. The first one begins at zero, unless it ends below.
fn between(bucket: Cumulative, below: Option<Cumulative>) -> Separate {
    let Cumulative { bound: upper, value, .. } = bucket;
    match below {
        Some(below) => Separate { lower: below.bound, upper, count: value - below.value },
        None if upper >= 0.0 => Separate { lower: 0.0, upper, count: value },
        None => Separate { lower: f64::NEG_INFINITY, upper, count: value },
    }
}
