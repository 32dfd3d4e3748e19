//! The messages of `io/prometheus/client/metrics.proto`, encoded by `prost`, which knows nothing of the reader.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct LabelPair {
    #[prost(string, optional, tag = "1")]
    pub(crate) name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) value: Option<String>,
}

/// A gauge, a counter, or untyped.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Number {
    #[prost(double, optional, tag = "1")]
    pub(crate) value: Option<f64>,
    #[prost(message, optional, tag = "2")]
    pub(crate) exemplar: Option<Exemplar>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Exemplar {
    #[prost(message, repeated, tag = "1")]
    pub(crate) label: Vec<LabelPair>,
    #[prost(double, optional, tag = "2")]
    pub(crate) value: Option<f64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Quantile {
    #[prost(double, optional, tag = "1")]
    pub(crate) quantile: Option<f64>,
    #[prost(double, optional, tag = "2")]
    pub(crate) value: Option<f64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Summary {
    #[prost(uint64, optional, tag = "1")]
    pub(crate) sample_count: Option<u64>,
    #[prost(double, optional, tag = "2")]
    pub(crate) sample_sum: Option<f64>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) quantile: Vec<Quantile>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Bucket {
    #[prost(uint64, optional, tag = "1")]
    pub(crate) cumulative_count: Option<u64>,
    #[prost(double, optional, tag = "2")]
    pub(crate) upper_bound: Option<f64>,
    #[prost(message, optional, tag = "3")]
    pub(crate) exemplar: Option<Exemplar>,
    #[prost(double, optional, tag = "4")]
    pub(crate) cumulative_count_float: Option<f64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct BucketSpan {
    #[prost(sint32, optional, tag = "1")]
    pub(crate) offset: Option<i32>,
    #[prost(uint32, optional, tag = "2")]
    pub(crate) length: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Histogram {
    #[prost(uint64, optional, tag = "1")]
    pub(crate) sample_count: Option<u64>,
    #[prost(double, optional, tag = "2")]
    pub(crate) sample_sum: Option<f64>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) bucket: Vec<Bucket>,
    #[prost(double, optional, tag = "4")]
    pub(crate) sample_count_float: Option<f64>,
    #[prost(sint32, optional, tag = "5")]
    pub(crate) schema: Option<i32>,
    #[prost(double, optional, tag = "6")]
    pub(crate) zero_threshold: Option<f64>,
    #[prost(uint64, optional, tag = "7")]
    pub(crate) zero_count: Option<u64>,
    #[prost(double, optional, tag = "8")]
    pub(crate) zero_count_float: Option<f64>,
    #[prost(message, repeated, tag = "9")]
    pub(crate) negative_span: Vec<BucketSpan>,
    #[prost(sint64, repeated, packed = "false", tag = "10")]
    pub(crate) negative_delta: Vec<i64>,
    #[prost(double, repeated, packed = "false", tag = "11")]
    pub(crate) negative_count: Vec<f64>,
    #[prost(message, repeated, tag = "12")]
    pub(crate) positive_span: Vec<BucketSpan>,
    #[prost(sint64, repeated, packed = "true", tag = "13")]
    pub(crate) positive_delta: Vec<i64>,
    #[prost(double, repeated, packed = "true", tag = "14")]
    pub(crate) positive_count: Vec<f64>,
    #[prost(message, repeated, tag = "16")]
    pub(crate) exemplars: Vec<Exemplar>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Metric {
    #[prost(message, repeated, tag = "1")]
    pub(crate) label: Vec<LabelPair>,
    #[prost(message, optional, tag = "2")]
    pub(crate) gauge: Option<Number>,
    #[prost(message, optional, tag = "3")]
    pub(crate) counter: Option<Number>,
    #[prost(message, optional, tag = "4")]
    pub(crate) summary: Option<Summary>,
    #[prost(message, optional, tag = "5")]
    pub(crate) untyped: Option<Number>,
    #[prost(int64, optional, tag = "6")]
    pub(crate) timestamp_ms: Option<i64>,
    #[prost(message, optional, tag = "7")]
    pub(crate) histogram: Option<Histogram>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct MetricFamily {
    #[prost(string, optional, tag = "1")]
    pub(crate) name: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) help: Option<String>,
    #[prost(uint32, optional, tag = "3")]
    pub(crate) kind: Option<u32>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) metric: Vec<Metric>,
    #[prost(string, optional, tag = "5")]
    pub(crate) unit: Option<String>,
}

pub(crate) const COUNTER: u32 = 0;
pub(crate) const GAUGE: u32 = 1;
pub(crate) const SUMMARY: u32 = 2;
pub(crate) const UNTYPED: u32 = 3;
pub(crate) const HISTOGRAM: u32 = 4;
pub(crate) const GAUGE_HISTOGRAM: u32 = 5;

/// A family with its metrics.
pub(crate) fn family(name: &str, kind: u32, metric: Vec<Metric>) -> MetricFamily {
    let help = format!("What {name} is.");
    MetricFamily { name: Some(name.into()), help: Some(help), kind: Some(kind), metric, unit: None }
}

pub(crate) fn labelled(labels: &[(&str, &str)]) -> Metric {
    let label = labels.iter().map(|(name, value)| LabelPair {
        name: Some((*name).into()),
        value: Some((*value).into()),
    });
    Metric { label: label.collect(), ..Metric::default() }
}

pub(crate) fn number(value: f64) -> Number {
    Number { value: Some(value), exemplar: None }
}

pub(crate) fn gauge(labels: &[(&str, &str)], value: f64) -> Metric {
    Metric { gauge: Some(number(value)), ..labelled(labels) }
}

pub(crate) fn counter(labels: &[(&str, &str)], value: f64) -> Metric {
    Metric { counter: Some(number(value)), ..labelled(labels) }
}

pub(crate) fn histogram(labels: &[(&str, &str)], histogram: Histogram) -> Metric {
    Metric { histogram: Some(histogram), ..labelled(labels) }
}

/// Classic buckets by their bounds.
pub(crate) fn classic(buckets: &[(f64, u64)]) -> Vec<Bucket> {
    let bucket = |(bound, count): &(f64, u64)| Bucket {
        cumulative_count: Some(*count),
        upper_bound: Some(*bound),
        ..Bucket::default()
    };
    buckets.iter().map(bucket).collect()
}

/// Spans as offset and length.
pub(crate) fn spans(spans: &[(i32, u32)]) -> Vec<BucketSpan> {
    let span =
        |(offset, length): &(i32, u32)| BucketSpan { offset: Some(*offset), length: Some(*length) };
    spans.iter().map(span).collect()
}

/// A native histogram with whole counts by the numbers of their buckets, in ascending order.
pub(crate) fn native(schema: i32, positive: &[(i32, i64)], negative: &[(i32, i64)]) -> Histogram {
    let count: i64 = positive.iter().chain(negative).map(|(_, count)| count).sum();
    let (positive_span, positive_delta) = side(positive);
    let (negative_span, negative_delta) = side(negative);
    Histogram {
        sample_count: Some(count.unsigned_abs()),
        sample_sum: Some(1.5),
        schema: Some(schema),
        zero_threshold: Some(0.001),
        zero_count: Some(0),
        positive_span,
        positive_delta,
        negative_span,
        negative_delta,
        ..Histogram::default()
    }
}

fn side(buckets: &[(i32, i64)]) -> (Vec<BucketSpan>, Vec<i64>) {
    let (mut next, mut last) = (0, 0);
    let (mut found, mut deltas) = (Vec::new(), Vec::new());
    for (index, count) in buckets {
        found.push((index - next, 1));
        deltas.push(count - last);
        (next, last) = (index + 1, *count);
    }
    (spans(&found), deltas)
}

/// Messages with their lengths before them.
pub(crate) fn encoded(families: &[MetricFamily]) -> Vec<u8> {
    families.iter().flat_map(Message::encode_length_delimited_to_vec).collect()
}
