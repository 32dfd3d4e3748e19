//! A histogram that was kept elsewhere, in buckets, as a metric of a record.

use std::fmt;
use std::marker::PhantomData;

use super::descriptor::{Declared, Descriptor};
use super::dynamic::Bucket;
use super::emitter::Emitter;
use super::field::Field;
use super::kind::Kind;
use super::unit::{Unit, UnitName};

/// The buckets of a histogram whose counts only grow, as those of an exposition: a distribution of all values that there were
/// since the last run.
pub struct Buckets<U> {
    buckets: Vec<Bucket>,
    unit: PhantomData<fn() -> U>,
}

impl<U: Unit> Buckets<U> {
    /// The histogram with these pairs of an upper bound and the number of all values up to it. Of two with one bound, the later
    /// counts; the first bucket begins at zero, unless it ends below.
    pub fn cumulative(pairs: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        pairs.dedup_by(|(later, count), (kept, total)| {
            let same = later.total_cmp(kept).is_eq();
            if same {
                *total = *count;
            }
            same
        });
        let mut below = None;
        let separate = |(upper, total)| {
            let first = if upper >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
            let (lower, before) = below.replace((upper, total)).unwrap_or((first, 0.0));
            Bucket {
                count: whole(total - before),
                lower,
                upper,
                monotonic: true,
                told_by_bounds: true,
            }
        };
        Self { buckets: pairs.into_iter().map(separate).collect(), unit: PhantomData }
    }

    /// The buckets by themselves, the lowest one first.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }
}

/// The number without its fraction.
#[expect(clippy::cast_possible_truncation, reason = "the fraction is meant to go")]
const fn whole(value: f64) -> i64 {
    value as i64
}

impl<U: Unit> Field for Buckets<U> {
    const DECLARED: Declared =
        Declared::Metric { kind: Kind::Distribution, unit: UnitName::of::<U>() };

    fn emit(&self, descriptor: &'static Descriptor, out: &mut Emitter<'_>) {
        out.buckets(descriptor, self.buckets.iter().copied());
    }
}

impl<U> Clone for Buckets<U> {
    fn clone(&self) -> Self {
        Self { buckets: self.buckets.clone(), unit: PhantomData }
    }
}

impl<U> PartialEq for Buckets<U> {
    fn eq(&self, other: &Self) -> bool {
        self.buckets == other.buckets
    }
}

impl<U> fmt::Debug for Buckets<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.buckets).finish()
    }
}
