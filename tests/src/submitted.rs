//! What a run submits, as lines that can be compared whatever the host.

use allwell::metric::{Declared, Kind, Status};
use allwell::testing::Run;

/// A line for each thing that was submitted, without its value: kind, name, tags, host, and for a service check all of it.
pub fn lines(run: &Run) -> Vec<String> {
    let metrics = run.metrics.iter().map(|metric| {
        let Declared::Metric { kind, .. } = metric.declared else { unreachable!("a metric") };
        let kind = match kind {
            Kind::Gauge => "0",
            Kind::Rate => "1",
            Kind::Count => "2",
            Kind::MonotonicCount => "3",
            Kind::Histogram => "5",
            Kind::Distribution => "bucket",
        };
        let host = metric.host.as_deref().unwrap_or_default();
        format!("{kind} {} {:?} {host:?} {}", metric.name, metric.tags, metric.flush_first_value)
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
    sorted(metrics.chain(checks).chain(events).collect())
}

/// Lines in an order of their own.
#[must_use]
pub fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}
