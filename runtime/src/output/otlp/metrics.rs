//! Points as metrics of OpenTelemetry: gathered by host, check and metric, then written.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::aggregate::{Series, SeriesKind, TagSet};
use crate::metric::UnitName;
use crate::output::{Amount, Delivery, ServiceCheckPoint};

use super::encoder::{Encoded, Encoder, Rules, nanoseconds};
use super::histogram::Distribution;
use super::requests::{Opened, Path, Requests};
use super::resource::{Origins, add, write_scope};
use super::totals::{Identity, Sum, Totals};
use super::wire::Writer;
use super::{HistogramForm, attributes, units};

// `ExportMetricsServiceRequest`, `ResourceMetrics`, `ScopeMetrics`.
const RESOURCE_METRICS: u32 = 1;
const SCOPE_METRICS: u32 = 2;
const METRICS: u32 = 2;
// `Metric`.
const NAME: u32 = 1;
const DESCRIPTION: u32 = 2;
const UNIT: u32 = 3;
const GAUGE: u32 = 5;
const SUM: u32 = 7;
const HISTOGRAM: u32 = 9;
const EXPONENTIAL_HISTOGRAM: u32 = 10;
const METADATA: u32 = 12;
// `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram`.
const DATA_POINTS: u32 = 1;
const TEMPORALITY: u32 = 2;
const IS_MONOTONIC: u32 = 3;
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

/// What the metadata of a metric say of a service check.
const SERVICE_CHECK: (&str, &str) = ("allwell.kind", "service_check");

/// What points of a metric look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Gauge,
    Rate,
    Sum { monotonic: bool },
    Distribution,
    Status,
}

/// A metric of a check on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Metric<'d> {
    scope: u32,
    name: &'d str,
    form: Form,
    unit: UnitName,
}

/// A point, and the number of its metric.
struct Point<'d> {
    metric: u32,
    value: Value<'d>,
}

enum Value<'d> {
    Number(&'d Series),
    Sum(&'d Series, Sum),
    Distribution(Box<Values<'d>>),
    Status(&'d ServiceCheckPoint),
}

struct Values<'d> {
    start: i64,
    time: i64,
    values: Distribution,
    tags: &'d TagSet,
}

/// Puts all points of deliveries into requests.
pub(super) fn encode(encoder: &mut Encoder, deliveries: &[Arc<Delivery>], encoded: &mut Encoded) {
    let points = deliveries.iter().map(|delivery| delivery.amount());
    let points: u64 = points.map(|has| has.series + has.sketches + has.service_checks).sum();
    let mut gathered = Gathered::default();
    gathered.points.reserve(usize::try_from(points).unwrap_or_default());
    for delivery in deliveries {
        gathered.delivery(delivery, &mut encoder.totals, &mut encoded.too_many);
    }
    if let Some(now) = deliveries.last().map(|delivery| super::encoder::whole(delivery.time)) {
        encoder.totals.sweep(now);
    }
    gathered.write(&encoder.rules, encoded);
}

/// The points of a batch, and what they are of.
#[derive(Default)]
struct Gathered<'d> {
    origins: Origins<'d>,
    metrics: Vec<Metric<'d>>,
    by_key: HashMap<Metric<'d>, u32, FixedState>,
    points: Vec<Point<'d>>,
}

impl<'d> Gathered<'d> {
    fn delivery(&mut self, delivery: &'d Delivery, totals: &mut Totals, too_many: &mut Amount) {
        let since = totals.run_ended(delivery);
        let own = self.origins.scope(delivery.host(), delivery.check);
        for series in &delivery.series {
            let of = Identity { delivery, name: &series.name, tags: &series.tags };
            let (form, value) = match series.kind {
                SeriesKind::Gauge => (Form::Gauge, Value::Number(series)),
                SeriesKind::Rate => (Form::Rate, Value::Number(series)),
                SeriesKind::Count => {
                    let Some(sum) = totals.sum(of, since, series.timestamp, series.value) else {
                        too_many.series += 1;
                        continue;
                    };
                    (Form::Sum { monotonic: sum.monotonic }, Value::Sum(series, sum))
                }
            };
            let scope = self.scope(series.tags.host(), delivery, own);
            self.add(Metric { scope, name: &series.name, form, unit: series.unit }, value);
        }
        self.sketches(delivery, own, since, totals, too_many);
        for check in &delivery.service_checks {
            let scope = self.scope(check.host.as_deref(), delivery, own);
            let unit = UnitName { name: "", per: "" };
            let metric = Metric { scope, name: check.name, form: Form::Status, unit };
            self.add(metric, Value::Status(check));
        }
    }

    fn sketches(
        &mut self,
        delivery: &'d Delivery,
        own: u32,
        since: i64,
        totals: &mut Totals,
        too_many: &mut Amount,
    ) {
        for series in &delivery.sketches {
            let name = std::borrow::Cow::Borrowed(series.name);
            let of = Identity { delivery, name: &name, tags: &series.tags };
            let (time, values) = (series.timestamp, Distribution::from(&series.sketch));
            let Some((start, values)) = totals.distribution(of, since, time, values) else {
                too_many.sketches += 1;
                continue;
            };
            let scope = self.scope(series.tags.host(), delivery, own);
            let (name, form) = (series.name, Form::Distribution);
            let values = Values { start, time, values, tags: &series.tags };
            let metric = Metric { scope, name, form, unit: series.unit };
            self.add(metric, Value::Distribution(Box::new(values)));
        }
    }

    /// The scope of what may name a host of its own.
    fn scope(&mut self, host: Option<&'d str>, delivery: &'d Delivery, own: u32) -> u32 {
        host.map_or(own, |host| self.origins.scope(host, delivery.check))
    }

    fn add(&mut self, metric: Metric<'d>, value: Value<'d>) {
        let number = self.by_key.entry(metric).or_insert_with(|| add(&mut self.metrics, metric));
        self.points.push(Point { metric: *number, value });
    }

    /// The points, those of a metric together, of a check, of a host.
    fn in_order(&self) -> Vec<u32> {
        let mut metrics: Vec<u32> = (0..).take(self.metrics.len()).collect();
        let path = |metric: &u32| {
            let scope = self.metrics[*metric as usize].scope;
            (self.origins.host_of(scope), scope, *metric)
        };
        metrics.sort_unstable_by_key(path);
        let mut counts = vec![0; self.metrics.len()];
        self.points.iter().for_each(|point| counts[point.metric as usize] += 1);
        let mut next = counts.clone();
        let mut place = 0;
        for metric in metrics {
            next[metric as usize] = place;
            place += counts[metric as usize];
        }
        let mut order = vec![0; self.points.len()];
        for (number, point) in (0..).zip(&self.points) {
            let place: &mut usize = &mut next[point.metric as usize];
            order[*place] = number;
            *place += 1;
        }
        order
    }

    fn write(&self, rules: &Rules, encoded: &mut Encoded) {
        let begin =
            |out: &mut Writer, level: usize, path: Path| self.begin(rules, out, level, path);
        let mut requests = Requests::new(rules.limits, 3, &begin);
        let mut known = Attributes::default();
        for number in self.in_order() {
            let Point { metric, value } = &self.points[number as usize];
            let scope = self.metrics[*metric as usize].scope;
            let path = [self.origins.host_of(scope), scope, *metric];
            let attributes = match value {
                Value::Number(series) | Value::Sum(series, _) => known.of(&series.tags),
                _ => &[],
            };
            requests.add(path, value.amount(), |out| value.write(out, attributes, rules));
        }
        let (made, refused) = requests.into_requests();
        encoded.metrics = made;
        encoded.too_big += refused;
    }

    fn begin(&self, rules: &Rules, out: &mut Writer, level: usize, path: Path) -> Opened {
        let number = path[level] as usize;
        match level {
            0 => {
                let open = out.open(RESOURCE_METRICS);
                rules.resource.write(out, self.origins.hosts[number]);
                Opened(open, None)
            }
            1 => {
                let open = out.open(SCOPE_METRICS);
                let (_, check) = self.origins.scopes[number];
                let version = rules.versions.get(check).copied().unwrap_or_default();
                write_scope(out, check, version);
                Opened(open, None)
            }
            _ => begin_metric(rules, out, &self.metrics[number]),
        }
    }
}

fn begin_metric(rules: &Rules, out: &mut Writer, metric: &Metric<'_>) -> Opened {
    let open = out.open(METRICS);
    out.text(NAME, metric.name);
    if let Some(declared) = rules.catalogue.get(metric.name)
        && !declared.description.is_empty()
    {
        out.text(DESCRIPTION, declared.description);
    }
    let unit = match metric.form {
        Form::Rate => units::per_second(metric.unit),
        _ => units::ucum(metric.unit),
    };
    out.text(UNIT, &*unit);
    let temporality = rules.temporality.number();
    let data = match metric.form {
        Form::Gauge | Form::Rate => out.open(GAUGE),
        Form::Status => {
            let (key, value) = SERVICE_CHECK;
            attributes::text(out, METADATA, key, value);
            out.open(GAUGE)
        }
        Form::Sum { monotonic } => {
            let data = out.open(SUM);
            out.number(TEMPORALITY, temporality);
            if monotonic {
                out.number(IS_MONOTONIC, 1);
            }
            data
        }
        Form::Distribution => {
            let data = out.open(match rules.histograms {
                HistogramForm::Exponential { .. } => EXPONENTIAL_HISTOGRAM,
                HistogramForm::Explicit { .. } => HISTOGRAM,
            });
            out.number(TEMPORALITY, temporality);
            data
        }
    };
    Opened(open, Some(data))
}

impl Value<'_> {
    fn amount(&self) -> Amount {
        let none = Amount::default();
        match self {
            Self::Number(_) | Self::Sum(..) => Amount { series: 1, ..none },
            Self::Distribution(_) => Amount { sketches: 1, ..none },
            Self::Status(_) => Amount { service_checks: 1, ..none },
        }
    }

    fn write(&self, out: &mut Writer, attributes: &[u8], rules: &Rules) {
        out.message(DATA_POINTS, |out| match self {
            Self::Number(series) => {
                out.fixed(TIME, nanoseconds(series.timestamp));
                out.double(AS_DOUBLE, series.value);
                out.raw(attributes);
            }
            Self::Sum(series, sum) => {
                out.fixed(START_TIME, nanoseconds(sum.start));
                out.fixed(TIME, nanoseconds(series.timestamp));
                out.double(AS_DOUBLE, sum.value);
                out.raw(attributes);
            }
            Self::Distribution(values) => values.write(out, &rules.histograms),
            Self::Status(check) => write_status(out, check),
        });
    }
}

impl Values<'_> {
    fn write(&self, out: &mut Writer, form: &HistogramForm) {
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
fn write_status(out: &mut Writer, check: &ServiceCheckPoint) {
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
struct Attributes {
    out: Writer,
    known: HashMap<*const TagSet, Range<usize>, FixedState>,
}

impl Attributes {
    fn of(&mut self, tags: &Arc<TagSet>) -> &[u8] {
        let Self { out, known } = self;
        let range = known.entry(Arc::as_ptr(tags)).or_insert_with(|| {
            let start = out.len();
            attributes::tags(out, NUMBER_ATTRIBUTES, &tags.iter());
            start..out.len()
        });
        &self.out.bytes()[range.clone()]
    }
}
