//! What becomes of samples of which the value alone is new: decided once for each part of a family.

use crate::metric::Listed;
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::Part;

use super::labels::{Numeric, Tagged};
use super::run::{Current, Submitting};
use super::sink::Row;
use super::submit::MAX_SAMPLES;
use super::transform::{Action, Buckets, COUNT, FIRST, SUM};

/// The way of the samples of one part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    metric: Listed,
    numeric: Numeric,
    is_total: bool,
    is_bucket: bool,
}

/// By the number of the part; nothing where samples need more than their value looked at.
pub(super) type Lanes = [Option<Lane>; PARTS.len()];

const PARTS: [Part; 6] =
    [Part::Sum, Part::Count, Part::Bucket, Part::Created, Part::Whole, Part::Other];

impl Current {
    /// The lanes of a family of which this is made.
    pub(super) fn lanes(&self, action: &Action, options: &Options) -> Lanes {
        if self.is_target_info || self.is_process_start || !options.raw_line_filters.is_empty() {
            return Lanes::default();
        }
        PARTS.map(|part| self.lane(part, action, options.strict_compat))
    }

    fn lane(&self, part: Part, action: &Action, is_strict: bool) -> Option<Lane> {
        let has_sums = matches!(
            action,
            Action::Summary | Action::Histogram(Buckets::Cumulative | Buckets::Ignored)
        );
        let (place, is_total) = match (action, part) {
            (_, Part::Created) => return None,
            (_, Part::Sum) if has_sums => (SUM, true),
            (_, Part::Count) if has_sums => (COUNT, true),
            (Action::Counter, _) => (COUNT, true),
            (Action::Gauge | Action::Rate, _) => (FIRST, false),
            (Action::Summary, Part::Whole) if !(is_strict && self.is_prefixed) => (FIRST, false),
            (Action::Histogram(Buckets::Cumulative), Part::Bucket) => (FIRST, true),
            _ => return None,
        };
        let is_bucket = matches!(action, Action::Histogram(_)) && part == Part::Bucket;
        let metric = self.target(place)?;
        Some(Lane { metric, numeric: self.numeric(part, action), is_total, is_bucket })
    }

    #[inline]
    fn lane_of(&self, part: Part) -> Option<Lane> {
        self.lanes.get(part as usize).copied().flatten()
    }
}

impl Submitting<'_, '_, '_> {
    /// The place of the brace behind labels that are known, where a value is all that is missing to submit a sample.
    #[inline]
    pub(super) fn awaits(&mut self, text: &[u8], part: Part) -> Option<usize> {
        let lane = self.run.family.lane_of(part)?;
        if self.run.findings.kept >= MAX_SAMPLES || self.out.is_full() {
            return None;
        }
        let (length, known) = self.run.sets.expected(text, lane.numeric)?;
        (!lane.is_bucket || known.tagged.bound.is_some()).then_some(length)
    }

    /// Submits a sample with the labels that were found last.
    #[inline]
    pub(super) fn value(&mut self, part: Part, value: f64) {
        let (Some(lane), Some(tagged)) = (self.run.family.lane_of(part), self.run.sets.last())
        else {
            return;
        };
        let Tagged { tags, bound, .. } = *tagged;
        self.run.findings.input += 1;
        self.run.findings.kept += 1;
        let Some(tags) = tags else { return };
        self.run.findings.processed += 1;
        // What lies below infinity is the count.
        if lane.is_bucket && bound.is_some_and(f64::is_infinite) {
            return;
        }
        let row = match lane.is_total {
            true => Row::Total(lane.metric, tags, value),
            false => Row::Value(lane.metric, tags, value),
        };
        self.run.sink.put(row, self.out);
    }
}
