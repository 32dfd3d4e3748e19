//! Deliveries as JSON, in the shapes of `agent check --json`.

use serde_json::{Value, json};

use crate::aggregate::{Series, SketchSeries};
use crate::metric::{Event, Log};

use super::delivery::{Delivery, ServiceCheckPoint};

/// Everything in a delivery, each thing with the name of the Agent's section that it belongs to.
pub(crate) fn things(delivery: &Delivery) -> impl Iterator<Item = (&'static str, Value)> {
    let series = delivery.series.iter().map(|one| ("metrics", series(one, delivery)));
    let sketches = delivery.sketches.iter().map(|one| ("sketches", sketch(one, delivery)));
    let service_checks =
        delivery.service_checks.iter().map(|one| ("service_checks", service_check(one, delivery)));
    let events = delivery.events.iter().map(|one| ("events", event(one, delivery)));
    let logs = delivery.logs.iter().map(|one| ("logs", log(one, delivery)));
    series.chain(sketches).chain(service_checks).chain(events).chain(logs)
}

fn series(series: &Series, delivery: &Delivery) -> Value {
    json!({
        "metric": series.name,
        "points": [[series.timestamp, series.value]],
        "tags": series.tags.iter().collect::<Vec<_>>(),
        "host": series.tags.host().unwrap_or(delivery.host()),
        "type": series.kind.name(),
        "interval": Series::INTERVAL,
        "source_type_name": "System",
    })
}

fn sketch(series: &SketchSeries, delivery: &Delivery) -> Value {
    let sketch = &series.sketch;
    let summary = json!({
        "Min": sketch.min(),
        "Max": sketch.max(),
        "Sum": sketch.sum(),
        "Avg": sketch.mean(),
        "Cnt": sketch.count(),
    });
    json!({
        "metric": series.name,
        "tags": series.tags.iter().collect::<Vec<_>>(),
        "host": series.tags.host().unwrap_or(delivery.host()),
        "interval": Series::INTERVAL,
        "points": [{ "ts": series.timestamp, "sketch": { "summary": summary } }],
    })
}

fn service_check(check: &ServiceCheckPoint, delivery: &Delivery) -> Value {
    json!({
        "check": check.name,
        "host_name": check.host.as_deref().unwrap_or(delivery.host()),
        "timestamp": check.timestamp,
        "status": check.status.number(),
        "message": check.status.message(),
        "tags": check.tags,
    })
}

fn event(event: &Event, delivery: &Delivery) -> Value {
    let mut out = json!({
        "msg_title": event.title,
        "msg_text": event.text,
        "timestamp": event.timestamp.unwrap_or_else(|| whole(delivery.time)),
        "priority": event.priority.name(),
        "host": event.host.as_deref().unwrap_or(delivery.host()),
        "tags": with_instance_tags(delivery, &event.tags),
        "alert_type": event.alert_type.name(),
        "source_type_name": delivery.check,
    });
    let rare = [("aggregation_key", &event.aggregation_key), ("event_type", &event.event_type)];
    for (key, value) in rare {
        if let Some(value) = value {
            out[key] = Value::from(value.as_str());
        }
    }
    out
}

fn log(log: &Log, delivery: &Delivery) -> Value {
    json!({
        "message": log.message,
        "status": log.status.as_deref().unwrap_or("info"),
        "timestamp": log.timestamp_ms.unwrap_or_else(|| whole(delivery.time * 1000.0)),
        "tags": with_instance_tags(delivery, &log.tags),
    })
}

fn with_instance_tags<'d>(delivery: &'d Delivery, own: &'d [String]) -> Vec<&'d str> {
    delivery.tags.iter().chain(own).map(String::as_str).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time since the epoch, without its fraction"
)]
pub(super) const fn whole(time: f64) -> u64 {
    time as u64
}
