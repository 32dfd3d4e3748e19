//! Bytes as an exposition that fills records: never a panic, the same twice, whatever is submitted of them is finite and within the
//! bounds of a scrape.

#![no_main]

use allwell::metric::{Batch, Metrics as _};
use allwell::openmetrics::parse::Format;
use allwell::openmetrics::{Number, Payload, read};
use allwell::prelude::*;
use libfuzzer_sys::fuzz_target;

/// All that there is to be said of an endpoint.
type All = (Option<Server>, Vec<Task>, Vec<Lag>);

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "a")]
struct Server {
    /// A gauge of which a server may have none.
    #[metric(from = "a")]
    value: Option<Gauge<Byte>>,
    /// A service check.
    #[metric(from = "up", ok = 1, warning = [2, 0.5], critical = 0)]
    up: Option<ServiceCheck>,
    /// A name with a dot, and conditions.
    #[metric(from = "{'my.metric', x!='z'}", any_type, sum)]
    dotted: Option<MonotonicCount<Unitless>>,
    /// Queues of the server.
    #[metrics(flatten)]
    queues: Vec<Queue>,
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "a.queue")]
struct Queue {
    #[tag]
    queue: String,
    #[tag(name = "kind", from = "k")]
    kind: Option<Kind>,
    #[hostname(from = "node")]
    node: Option<String>,
    /// Jobs of a queue.
    #[metric(from = "jobs_total", sum)]
    jobs: MonotonicCount<Job>,
    /// Jobs per second.
    #[metric(name = "jobs.rate", from = "jobs_total", sum)]
    rate: Rate<Per<Job, Second>>,
}

#[derive(TagValue, Debug, PartialEq)]
enum Kind {
    A,
    B,
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "a.task")]
struct Task {
    #[tag]
    path: Option<String>,
    #[tag(from = "x")]
    number: u8,
    /// Jobs.
    #[metric(from = "jobs_total")]
    total: MonotonicCount<Job>,
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "a.lag")]
struct Lag {
    #[tag(from = "quantile")]
    quantile: Option<Number>,
    /// A histogram.
    #[metric(from = "lag_bucket")]
    buckets: Option<Buckets<Second>>,
    /// A histogram, added up.
    #[metric(name = "all", from = "lag_bucket", sum)]
    all: Option<Buckets<Second>>,
    /// A sum.
    #[metric(from = "lag_sum")]
    sum: Option<MonotonicCount<Second>>,
    /// A summary's quantiles.
    #[metric(from = "lag")]
    value: Option<Gauge<Second>>,
}

fn filled(format: Format, bytes: &[u8]) -> String {
    let records = match read::<All>(format, bytes) {
        Err(error) => return error.to_string(),
        Ok(Payload { records, warnings }) => {
            assert!(warnings.len() <= 2 && warnings.iter().all(|warning| !warning.is_empty()));
            records
        }
    };
    let mut batch = Batch::default();
    records.emit(&mut batch.emitter());
    assert!(batch.samples().all(|sample| sample.value.is_finite()));
    let bounds = batch.buckets().map(|sample| (sample.bucket.lower, sample.bucket.upper));
    assert!(bounds.into_iter().all(|(lower, upper)| lower <= upper));
    format!("{records:?}")
}

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Text, Format::OpenMetrics] {
        assert_eq!(filled(format, bytes), filled(format, bytes));
    }
});
