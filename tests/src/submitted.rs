//! What a run submits, as lines that can be compared whatever the host.

use allwell::metric::{Kind, Status};
use allwell::testing::Run;

/// A line for each thing that was submitted, without its value: kind, name, tags, host, and for a service check all of it.
pub fn lines(run: &Run) -> Vec<String> {
    let metrics = run.metrics.iter().map(|metric| {
        let kind = match metric.descriptor.kind() {
            Some(Kind::Gauge) => "0",
            Some(Kind::Rate) => "1",
            Some(Kind::Count) => "2",
            Some(Kind::MonotonicCount) => "3",
            Some(Kind::Histogram) => "5",
            Some(Kind::Distribution) | None => "bucket",
        };
        let host = metric.host.as_deref().unwrap_or_default();
        format!(
            "{kind} {} {:?} {host:?} {}",
            metric.descriptor.name, metric.tags, metric.descriptor.flush_first_value
        )
    });
    let checks = run.service_checks.iter().map(|check| {
        format!(
            "{} {:?} {} {:?}",
            check.descriptor.name,
            check.tags,
            check.status.number(),
            Status::message(&check.status)
        )
    });
    let events = run.events.iter().map(|event| format!("event {} {}", event.title, event.text));
    sorted(metrics.chain(checks).chain(events).collect())
}

/// Lines in an order of their own.
#[must_use]
pub fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}
