//! Native histograms become distributions: what was added to each bucket since the last run is submitted with the bounds of the bucket.
//!
//! The sampler knows a bucket by its tags, and compares its count with the one before. Buckets of a native histogram merge as it grows, so
//! the comparison is made here, with the histogram as a whole, and there are no tags for the bounds.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::metric::{Bucket, TagSetPlace};
use crate::openmetrics::parse::{FamilyType, Labels, Mistake, NativeHistogram, Part};

use super::growth::{self, Added, Place};
use super::labels::Tagged;
use super::plan::Decision;
use super::run::{Run, Submitting};
use super::sink::Row;
use super::submit::MAX_SAMPLES;
use super::transform::{Action, Buckets, FIRST};

/// How many buckets an instance remembers; a series counts as some more.
const MAX_BUCKETS: usize = 1024 * 1024;
const SERIES: usize = 8;

/// How many are remembered of series that the last run has not seen.
const MAX_UNSEEN: usize = 64 * 1024;

/// The native histograms that an instance has seen.
#[derive(Debug, Default)]
pub(super) struct Natives {
    known: HashMap<u64, Known, RandomState>,
    hasher: RandomState,
    /// How much they are, of [`MAX_BUCKETS`].
    size: usize,
    run: u64,
}

/// A histogram as it was when it was seen last.
#[derive(Debug)]
struct Known {
    histogram: NativeHistogram,
    run: u64,
}

/// What has become of a histogram.
enum Grown {
    /// So much was added.
    By(Vec<Added>),
    /// It was not there before, or began anew.
    First,
}

fn size(histogram: &NativeHistogram) -> usize {
    histogram.positive.len() + histogram.negative.len() + SERIES
}

/// For how many runs a series may be away: an answer that is cut short, or in another format, is no reason to forget it.
const AWAY: u64 = 16;

impl Natives {
    /// Begins a run: forgets series that have not been seen for some runs, if they are many. One that is away for less would otherwise count
    /// anew as a whole when it comes back.
    pub(super) fn begin(&mut self) {
        let last = self.run;
        let is_unseen = |known: &&Known| known.run + AWAY <= last;
        let unseen: usize =
            self.known.values().filter(is_unseen).map(|known| size(&known.histogram)).sum();
        if unseen > MAX_UNSEEN {
            self.known.retain(|_, known| known.run + AWAY > last);
            self.size -= unseen;
        }
        self.run += 1;
    }

    /// Compares a histogram with what is known of its series, and remembers it instead.
    fn see(&mut self, series: u64, now: &NativeHistogram) -> Result<Grown, Mistake> {
        let others = match self.known.get(&series) {
            Some(known) => self.size - size(&known.histogram),
            None => self.size,
        };
        if others + size(now) > MAX_BUCKETS {
            return Err(Mistake::of_line(
                "native histograms have more buckets than are remembered, and this one is left out",
            ));
        }
        self.size = others + size(now);
        let run = self.run;
        match self.known.entry(series) {
            Entry::Vacant(place) => {
                place.insert(Known { histogram: now.clone(), run });
                Ok(Grown::First)
            }
            Entry::Occupied(mut place) => {
                let known = place.get_mut();
                let added = growth::added(&mut known.histogram, now);
                known.histogram.clone_from(now);
                known.run = run;
                Ok(added.map_or(Grown::First, Grown::By))
            }
        }
    }
}

impl Submitting<'_, '_, '_> {
    /// Submits what was added to a native histogram, if that is asked for.
    pub(super) fn distribute(
        &mut self,
        labels: Labels<'_>,
        histogram: &NativeHistogram,
    ) -> Result<bool, Mistake> {
        let Some(Decision::Submit(transform)) = self.run.family.decision.clone() else {
            return Ok(false);
        };
        let is_distributed =
            matches!(transform.action, Action::Histogram(Buckets::Distributed { .. }));
        if !is_distributed || self.run.family.kind != Some(FamilyType::Histogram) {
            return Ok(false);
        }
        self.run.findings.input += 1;
        let tagged = self.tagged_alone(labels, &transform.action)?;
        let Some(tags) = tagged.tags else { return Ok(true) };
        let Run { mapper, family, .. } = &mut *self.run;
        let natives = &mut mapper.natives;
        let series = natives.hasher.hash_one((family.name.as_str(), tagged.group));
        let grown = natives.see(series, histogram)?;
        self.run.findings.processed += 1;
        self.list_now(&transform);
        match grown {
            Grown::By(added) => self.submit_added(&added, tags, histogram, Row::Bucket),
            Grown::First if self.run.sink.may_flush_first() => {
                let all = growth::all(histogram);
                self.submit_added(&all, tags, histogram, Row::FirstBucket);
            }
            Grown::First => {}
        }
        Ok(true)
    }

    /// What becomes of labels that are no sample's: those of its sum.
    fn tagged_alone(&mut self, labels: Labels<'_>, action: &Action) -> Result<Tagged, Mistake> {
        let numeric = self.run.family.numeric(Part::Sum, action);
        let Run { mapper, sets, tagger, .. } = &mut *self.run;
        if let Some(tagged) = sets.get(labels.block(), numeric) {
            return Ok(tagged);
        }
        let tagged = tagger.tagged(&mapper.shared, labels, numeric, self.out)?;
        sets.insert(labels.block(), numeric, tagged);
        Ok(tagged)
    }

    fn submit_added(
        &mut self,
        added: &[Added],
        tags: TagSetPlace,
        histogram: &NativeHistogram,
        row: fn(crate::metric::Listed, TagSetPlace, Bucket) -> Row,
    ) {
        let Some(metric) = self.run.family.target(FIRST) else { return };
        for Added { bucket, count } in added {
            let Some((lower, upper)) = bounds(*bucket, histogram) else { continue };
            self.run.findings.kept += 1;
            if self.run.findings.kept > MAX_SAMPLES {
                self.out.drop_over_limit();
                continue;
            }
            let bucket =
                Bucket { count: *count, lower, upper, monotonic: false, told_by_bounds: false };
            self.run.sink.put(row(metric, tags, bucket), self.out);
        }
    }
}

/// The bounds of a bucket; nothing of that which holds infinity alone, which is no value of a distribution.
fn bounds(bucket: Place, histogram: &NativeHistogram) -> Option<(f64, f64)> {
    let threshold = histogram.zero_threshold;
    let beyond_zero = |index: i32| {
        let (lower, upper) = histogram.bounds(index);
        // What is within the threshold is in the zero bucket, even if the threshold is within another one.
        let lower = if threshold < upper { lower.max(threshold) } else { lower };
        upper.is_finite().then_some((lower, upper))
    };
    match bucket {
        Place::Positive(index) => beyond_zero(index),
        Place::Negative(index) => beyond_zero(index).map(|(lower, upper)| (-upper, -lower)),
        Place::Zero => Some(match (histogram.negative.is_empty(), histogram.positive.is_empty()) {
            // Where nothing else is negative, it is not likely that what is near to zero is.
            (true, false) => (0.0, threshold),
            (false, true) => (-threshold, 0.0),
            _ => (-threshold, threshold),
        }),
    }
}
