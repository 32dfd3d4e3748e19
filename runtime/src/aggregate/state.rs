//! What a context remembers between samples and commits, by the kind of its metric.

use std::sync::Arc;

use crate::metric::{Bucket, Kind, MetricName};

use super::baselines::Reading;
use super::bucket::Sketches;
use super::histogram::{AGGREGATES, Histogram};
use super::monotonic::Monotonic;
use super::owner::{NO_UNIT, Owner};
use super::rate::Rate;
use super::series::{Flush, Series, SeriesKind, SketchSeries};
use super::tag_set::TagSet;

/// The samples of a context that have not become a point yet. A large one is boxed to keep a context small.
#[derive(Debug)]
pub(super) enum State {
    Gauge(Option<f64>),
    Count(Option<f64>),
    Monotonic(Monotonic),
    Rate(Rate),
    Histogram(Box<Histogram>),
    Distribution(Box<Sketches>),
}

impl State {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Gauge => Self::Gauge(None),
            Kind::Count => Self::Count(None),
            Kind::MonotonicCount => Self::Monotonic(Monotonic::default()),
            Kind::Rate => Self::Rate(Rate::default()),
            Kind::Histogram => Self::Histogram(Box::default()),
            Kind::Distribution => Self::Distribution(Box::default()),
        }
    }

    /// The state of a series that goes on from a reading.
    pub(super) fn after(reading: Reading, is_rate: bool) -> Self {
        match is_rate {
            true => Self::Rate(Rate::after(reading)),
            false => Self::Monotonic(Monotonic::after(reading.total)),
        }
    }

    /// What the next sample is compared with, and whether it is a rate's, of a series that was last `seen` then.
    pub(super) fn baseline(&self, seen: f64) -> Option<(Reading, bool)> {
        match self {
            Self::Rate(rate) => Some((rate.baseline()?, true)),
            Self::Monotonic(monotonic) => {
                Some((Reading { total: monotonic.baseline()?, time: seen }, false))
            }
            _ => None,
        }
    }

    /// A point depends on samples of earlier runs.
    pub(super) fn is_stateful(&self) -> bool {
        match self {
            Self::Monotonic(_) | Self::Rate(_) => true,
            Self::Distribution(sketches) => sketches.is_stateful(),
            Self::Gauge(_) | Self::Count(_) | Self::Histogram(_) => false,
        }
    }

    #[inline]
    pub(super) fn add(&mut self, value: f64, time: f64, flush_first: bool) {
        match self {
            Self::Gauge(last) => *last = Some(value),
            Self::Count(sum) => *sum = Some(sum.unwrap_or(0.0) + value),
            Self::Monotonic(monotonic) => monotonic.add(value, flush_first),
            Self::Rate(rate) => rate.add(value, time),
            Self::Histogram(histogram) => histogram.add(value),
            Self::Distribution(sketches) => sketches.at(seconds(time)).insert(value),
        }
    }

    /// Adds a bucket of a histogram, which is part of a distribution.
    pub(super) fn add_bucket(&mut self, bucket: Bucket, time: f64, flush_first: bool) {
        if let Self::Distribution(sketches) = self {
            sketches.add_bucket(bucket, seconds(time), flush_first);
        }
    }

    /// Moves what has become points to `flush`.
    pub(super) fn flush(&mut self, context: Named<'_>, time: f64, flush: &mut Flush) {
        let (kind, value, time) = match self {
            Self::Gauge(last) => (SeriesKind::Gauge, last.take(), time),
            Self::Count(sum) => (SeriesKind::Count, sum.take(), time),
            Self::Monotonic(monotonic) => (SeriesKind::Count, monotonic.flush(), time),
            Self::Rate(rate) => {
                let (value, time) = rate.flush(&mut flush.rejected).unzip();
                (SeriesKind::Gauge, value, time.unwrap_or_default())
            }
            Self::Histogram(histogram) => return context.histogram(histogram, time, flush),
            Self::Distribution(sketches) => return context.sketches(sketches, flush),
        };
        if let Some(value) = value {
            let name = context.owner.name_of_series();
            flush.series.push(context.series(name, kind, value, time));
        }
    }
}

/// What a context's points are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'c> {
    pub(super) owner: &'c Owner,
    pub(super) tags: &'c Arc<TagSet>,
}

impl Named<'_> {
    fn series(self, name: MetricName, kind: SeriesKind, value: f64, time: f64) -> Series {
        let tags = Arc::clone(self.tags);
        Series { name, kind, unit: self.owner.unit, timestamp: seconds(time), value, tags }
    }

    fn histogram(self, histogram: &mut Histogram, time: f64, flush: &mut Flush) {
        flush.rejected.overfull_histograms += histogram.take_surplus();
        let Some(values) = histogram.flush() else { return };
        for ((suffix, kind), value) in AGGREGATES.into_iter().zip(values) {
            let name = format!("{}{suffix}", self.owner.name()).into();
            let mut series = self.series(name, kind, value, time);
            if kind == SeriesKind::Rate {
                series.unit = NO_UNIT;
            }
            flush.series.push(series);
        }
    }

    fn sketches(self, sketches: &mut Sketches, flush: &mut Flush) {
        for (timestamp, sketch) in sketches.take() {
            let (name, unit) = (self.owner.name_of_series(), self.owner.unit);
            let tags = Arc::clone(self.tags);
            flush.sketches.push(SketchSeries { name, unit, timestamp, sketch, tags });
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole seconds since the epoch are meant")]
const fn seconds(time: f64) -> i64 {
    time as i64
}
