//! What was added to a native histogram since it was seen before.

use std::cmp::Ordering;

use crate::openmetrics::parse::NativeHistogram;

/// Counts by the numbers of buckets, in ascending order.
type Counts = [(i32, f64)];

/// What was added to a bucket: its number, or nothing for the zero bucket, on the side of positive values or the other one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Added {
    pub(super) bucket: Place,
    pub(super) count: i64,
}

/// Which bucket of a native histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Zero,
    Positive(i32),
    Negative(i32),
}

/// How much nearer to each other two numbers must be than any two bounds, to be one bound that was computed in two ways.
const NEAR: f64 = 1e-9;

/// What was added since `before`, which becomes as coarse as `now` is; nothing if a count has fallen, so that the histogram began anew.
/// Of a fraction, whole parts count as soon as they are full.
pub(super) fn added(before: &mut NativeHistogram, now: &NativeHistogram) -> Option<Vec<Added>> {
    if now.schema > before.schema || now.zero_threshold < before.zero_threshold {
        return None;
    }
    // The zero bucket has grown by whole buckets of the schema that there was, and that is finer.
    widen_zero(before, now.zero_threshold)?;
    let coarser = before.schema.abs_diff(now.schema);
    merge(&mut before.positive, coarser);
    merge(&mut before.negative, coarser);
    before.schema = now.schema;
    let mut all = Vec::new();
    add(Place::Zero, before.zero_count, now.zero_count, &mut all)?;
    compare(&before.positive, &now.positive, Place::Positive, &mut all)?;
    compare(&before.negative, &now.negative, Place::Negative, &mut all)?;
    Some(all)
}

/// All that a histogram holds.
pub(super) fn all(now: &NativeHistogram) -> Vec<Added> {
    let nothing = &mut NativeHistogram {
        schema: now.schema,
        zero_threshold: now.zero_threshold,
        ..NativeHistogram::default()
    };
    added(nothing, now).unwrap_or_default()
}

/// Puts the buckets within a threshold into the zero bucket; nothing if the threshold is within a bucket.
fn widen_zero(histogram: &mut NativeHistogram, threshold: f64) -> Option<()> {
    let grown = threshold > histogram.zero_threshold;
    histogram.zero_threshold = threshold;
    if !grown {
        return Some(());
    }
    for is_negative in [false, true] {
        let counts = if is_negative { &histogram.negative } else { &histogram.positive };
        let is_within = |(index, _): &(i32, f64)| {
            let (_, upper) = histogram.bounds(*index);
            upper <= threshold * (1.0 + NEAR)
        };
        let count = counts.partition_point(is_within);
        let first = counts.get(count).map(|(index, _)| histogram.bounds(*index).0);
        if first.is_some_and(|lower| lower < threshold * (1.0 - NEAR)) {
            return None;
        }
        let counts = if is_negative { &mut histogram.negative } else { &mut histogram.positive };
        histogram.zero_count += counts.drain(..count).map(|(_, count)| count).sum::<f64>();
    }
    Some(())
}

/// Merges buckets to those of a schema that is coarser by so much: each step makes one of two.
fn merge(counts: &mut Vec<(i32, f64)>, coarser: u32) {
    if coarser == 0 {
        return;
    }
    for (index, _) in counts.iter_mut() {
        *index = ((*index - 1) >> coarser) + 1;
    }
    counts.dedup_by(|later, kept| {
        let is_one = later.0 == kept.0;
        if is_one {
            kept.1 += later.1;
        }
        is_one
    });
}

/// What was added to each bucket; nothing if one has less, or is gone.
fn compare(
    before: &Counts,
    now: &Counts,
    place: fn(i32) -> Place,
    all: &mut Vec<Added>,
) -> Option<()> {
    let mut before = before.iter().peekable();
    for (index, count) in now {
        let known = match before.peek().map(|(known, _)| known.cmp(index)) {
            Some(Ordering::Less) => return None,
            Some(Ordering::Equal) => before.next().map_or(0.0, |(_, count)| *count),
            _ => 0.0,
        };
        add(place(*index), known, *count, all)?;
    }
    if before.next().is_some() { None } else { Some(()) }
}

fn add(bucket: Place, before: f64, now: f64, all: &mut Vec<Added>) -> Option<()> {
    if now < before {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the fraction is meant to go")]
    let count = (now.floor() - before.floor()) as i64;
    if count > 0 {
        all.push(Added { bucket, count });
    }
    Some(())
}
