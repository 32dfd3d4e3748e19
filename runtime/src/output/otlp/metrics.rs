//! Points as metrics of OpenTelemetry.

use std::sync::Arc;

use crate::output::Delivery;

use super::encoder::{Encoded, Encoder, Rules, whole};
use super::gather::{Form, Gathered, Metric};
use super::points::{Attributes, Value};
use super::requests::{Opened, Path, Requests};
use super::resource::write_scope;
use super::{HistogramForm, attributes, units};
use crate::output::wire::{Open, Wire};

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
// `Sum`, `Histogram`, `ExponentialHistogram`.
const TEMPORALITY: u32 = 2;
const IS_MONOTONIC: u32 = 3;

/// What the metadata of a metric say of a service check.
const SERVICE_CHECK: (&str, &str) = ("allwell.kind", "service_check");

/// Puts all points of deliveries into requests.
pub(super) fn encode(encoder: &mut Encoder, deliveries: &[Arc<Delivery>], encoded: &mut Encoded) {
    let Encoder { rules, totals } = encoder;
    let gathered = Gathered::of(deliveries, totals);
    if let Some(last) = deliveries.last() {
        totals.sweep(whole(last.time));
    }
    let begin =
        |out: &mut Vec<u8>, level: usize, path: Path| begin(&gathered, rules, out, level, path);
    let mut requests = Requests::new(rules.limits, 3, &begin);
    let mut known = Attributes::default();
    gathered.in_order(|path, value| {
        let attributes = match value {
            Value::Number(series) | Value::Sum(series, _) => known.of(&series.tags),
            _ => &[],
        };
        requests.add(path, value.amount(), |out| value.write(out, attributes, rules));
    });
    let (made, refused) = requests.into_requests();
    encoded.metrics = made;
    encoded.too_big += refused;
    encoded.too_many += gathered.too_many;
}

/// Begins the messages of a host, a check or a metric.
fn begin(of: &Gathered<'_>, rules: &Rules, out: &mut Vec<u8>, level: usize, path: Path) -> Opened {
    let number = path[level] as usize;
    match level {
        0 => {
            let open = out.open(RESOURCE_METRICS);
            rules.resource.write(out, of.origins.hosts[number]);
            Opened(open, None)
        }
        1 => {
            let open = out.open(SCOPE_METRICS);
            let (_, check) = of.origins.scopes[number];
            write_scope(out, check, rules.version(check));
            Opened(open, None)
        }
        _ => begin_metric(rules, out, &of.metrics[number]),
    }
}

fn begin_metric(rules: &Rules, out: &mut Vec<u8>, metric: &Metric<'_>) -> Opened {
    let open = out.open(METRICS);
    out.text(NAME, metric.name);
    let declared = rules.catalogue.get(metric.name);
    if let Some(declared) = declared.filter(|declared| !declared.description.is_empty()) {
        out.text(DESCRIPTION, declared.description);
    }
    let unit = match metric.form {
        Form::Rate => units::per_second(metric.unit),
        _ => units::ucum(metric.unit),
    };
    out.text(UNIT, &*unit);
    if metric.form == Form::Status {
        let (key, value) = SERVICE_CHECK;
        attributes::text(out, METADATA, key, value);
    }
    Opened(open, Some(begin_data(rules, out, metric.form)))
}

fn begin_data(rules: &Rules, out: &mut Vec<u8>, form: Form) -> Open {
    let field = match (form, &rules.histograms) {
        (Form::Gauge | Form::Rate | Form::Status, _) => return out.open(GAUGE),
        (Form::Sum { .. }, _) => SUM,
        (Form::Distribution, HistogramForm::Exponential { .. }) => EXPONENTIAL_HISTOGRAM,
        (Form::Distribution, HistogramForm::Explicit { .. }) => HISTOGRAM,
    };
    let data = out.open(field);
    out.number(TEMPORALITY, rules.temporality.number());
    if form == (Form::Sum { monotonic: true }) {
        out.number(IS_MONOTONIC, 1);
    }
    data
}
