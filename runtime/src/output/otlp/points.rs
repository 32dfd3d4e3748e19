//! Points as they are written: numbers, histograms and statuses.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::aggregate::{Series, TagSet};
use crate::output::{Amount, ServiceCheckPoint};

use super::encoder::{Rules, nanoseconds};
use super::histogram::Distribution;
use super::totals::Sum;
use super::{HistogramForm, attributes};
use crate::output::wire::Wire;

// `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram`.
const DATA_POINTS: u32 = 1;
// All data points.
const START_TIME: u32 = 2;
const TIME: u32 = 3;
// `NumberDataPoint`.
const AS_DOUBLE: u32 = 4;
const EXEMPLARS: u32 = 5;
const AS_INT: u32 = 6;
const NUMBER_ATTRIBUTES: u32 = 7;
// `Exemplar`.
const EXEMPLAR_TIME: u32 = 2;
const FILTERED_ATTRIBUTES: u32 = 7;
// `HistogramDataPoint` and `ExponentialHistogramDataPoint`.
const COUNT: u32 = 4;
const VALUES_SUM: u32 = 5;
// `HistogramDataPoint`.
const BUCKET_COUNTS: u32 = 6;
const EXPLICIT_BOUNDS: u32 = 7;
const HISTOGRAM_ATTRIBUTES: u32 = 9;
const HISTOGRAM_MIN: u32 = 11;
const HISTOGRAM_MAX: u32 = 12;
// `ExponentialHistogramDataPoint`.
const EXPONENTIAL_ATTRIBUTES: u32 = 1;
const EXPONENTIAL_MIN: u32 = 12;
const EXPONENTIAL_MAX: u32 = 13;

/// The message of a service check, beside its point.
const MESSAGE: &str = "message";

/// A point, as it will be told.
pub(super) enum Value<'d> {
    Number(&'d Series),
    Sum(&'d Series, Sum),
    Distribution(Box<Values<'d>>),
    Status(&'d ServiceCheckPoint),
}

/// The values of a distribution since a time.
pub(super) struct Values<'d> {
    pub(super) start: i64,
    pub(super) time: i64,
    pub(super) values: Distribution,
    pub(super) tags: &'d TagSet,
}

impl Value<'_> {
    pub(super) fn amount(&self) -> Amount {
        let none = Amount::default();
        match self {
            Self::Number(_) | Self::Sum(..) => Amount { series: 1, ..none },
            Self::Distribution(_) => Amount { sketches: 1, ..none },
            Self::Status(_) => Amount { service_checks: 1, ..none },
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, attributes: &[u8], rules: &Rules) {
        out.message(DATA_POINTS, |out| match self {
            Self::Number(series) => {
                out.fixed(TIME, nanoseconds(series.timestamp));
                out.double(AS_DOUBLE, series.value);
                out.extend_from_slice(attributes);
            }
            Self::Sum(series, sum) => {
                out.fixed(START_TIME, nanoseconds(sum.start));
                out.fixed(TIME, nanoseconds(series.timestamp));
                out.double(AS_DOUBLE, sum.value);
                out.extend_from_slice(attributes);
            }
            Self::Distribution(values) => values.write(out, &rules.histograms),
            Self::Status(check) => write_status(out, check),
        });
    }
}

impl Values<'_> {
    fn write(&self, out: &mut Vec<u8>, form: &HistogramForm) {
        let Self { start, time, values, tags } = self;
        out.fixed(START_TIME, nanoseconds(*start));
        out.fixed(TIME, nanoseconds(*time));
        out.fixed(COUNT, values.count);
        // OpenTelemetry wants no sum of values of which some are negative, as it would not only grow.
        if values.min >= 0.0 {
            out.double(VALUES_SUM, values.sum);
        }
        match form {
            HistogramForm::Exponential { most_buckets } => {
                out.double(EXPONENTIAL_MIN, values.min);
                out.double(EXPONENTIAL_MAX, values.max);
                values.write_exponential(out, *most_buckets);
                attributes::tags(out, EXPONENTIAL_ATTRIBUTES, &tags.iter());
            }
            HistogramForm::Explicit { bounds } => {
                out.double(HISTOGRAM_MIN, values.min);
                out.double(HISTOGRAM_MAX, values.max);
                let counts = values.counts_up_to(bounds);
                let counts = counts.iter().flat_map(|count| count.to_le_bytes());
                out.text(BUCKET_COUNTS, counts.collect::<Vec<_>>());
                let bounds = bounds.iter().flat_map(|bound| bound.to_le_bytes());
                out.text(EXPLICIT_BOUNDS, bounds.collect::<Vec<_>>());
                attributes::tags(out, HISTOGRAM_ATTRIBUTES, &tags.iter());
            }
        }
    }
}

/// A status as its number. The message goes along as what is known of this one measurement; as an attribute it would make another
/// series of it.
fn write_status(out: &mut Vec<u8>, check: &ServiceCheckPoint) {
    let (time, number) = (nanoseconds(check.timestamp), u64::from(check.status.number()));
    out.fixed(TIME, time);
    out.fixed(AS_INT, number);
    attributes::tags(out, NUMBER_ATTRIBUTES, &check.tags.iter().map(String::as_str));
    let message = check.status.message();
    if !message.is_empty() {
        out.message(EXEMPLARS, |out| {
            out.fixed(EXEMPLAR_TIME, time);
            out.fixed(AS_INT, number);
            attributes::text(out, FILTERED_ATTRIBUTES, MESSAGE, message);
        });
    }
}

/// The attributes of tag sets, each written once: the metrics of a record share one.
#[derive(Default)]
pub(super) struct Attributes {
    out: Vec<u8>,
    known: HashMap<*const TagSet, Range<usize>, FixedState>,
}

impl Attributes {
    pub(super) fn of(&mut self, tags: &Arc<TagSet>) -> &[u8] {
        let Self { out, known } = self;
        let range = known.entry(Arc::as_ptr(tags)).or_insert_with(|| {
            let start = out.len();
            attributes::tags(out, NUMBER_ATTRIBUTES, &tags.iter());
            start..out.len()
        });
        &self.out[range.clone()]
    }
}
