//! What a run submits, as lines that can be compared whatever the host.

use allwell::metric::{Bucket, Declared, Kind, Status};
use allwell::testing::Run;

/// A line for each thing that was submitted, without its value: kind, name, tags, host, and for a service check all of it.
pub fn lines(run: &Run) -> Vec<String> {
    let metrics = run.metrics.iter().map(|metric| {
        let Declared::Metric { kind, .. } = metric.declared else { unreachable!("a metric") };
        let (tags, host) = (&metric.tags, metric.host.as_deref().unwrap_or_default());
        let kind = match kind {
            Kind::Gauge => "0",
            Kind::Rate => "1",
            Kind::Count => "2",
            Kind::MonotonicCount => "3",
            Kind::Histogram => "5",
            // It is a bucket of no width with one value in it.
            Kind::Distribution => return bucket_line(&metric.name, 1, false, tags, host, false),
        };
        format!("{kind} {} {tags:?} {host:?} {}", metric.name, metric.flush_first_value)
    });
    let buckets = run.buckets.iter().map(|seen| {
        let Bucket { count, monotonic, .. } = seen.bucket;
        let host = seen.host.as_deref().unwrap_or_default();
        bucket_line(&seen.name, count, monotonic, &seen.tags, host, seen.flush_first_value)
    });
    let checks = run.service_checks.iter().map(|check| {
        format!(
            "{} {:?} {} {:?}",
            check.name,
            check.tags,
            check.status.number(),
            Status::message(&check.status)
        )
    });
    let events = run.events.iter().map(|event| format!("event {} {}", event.title, event.text));
    sorted(metrics.chain(buckets).chain(checks).chain(events).collect())
}

/// The line of a bucket, without its bounds.
#[must_use]
pub fn bucket_line(
    name: &str,
    count: i64,
    monotonic: bool,
    tags: &[String],
    host: &str,
    flush_first: bool,
) -> String {
    format!("bucket {name} {count} {monotonic} {tags:?} {host:?} {flush_first}")
}

/// Lines in an order of their own.
#[must_use]
pub fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}
