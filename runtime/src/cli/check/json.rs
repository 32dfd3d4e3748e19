//! The JSON of a checked instance, in the shape of `agent check --json`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::aggregate::{Series, SketchSeries};
use crate::metric::{Event, Log};

use super::gather::{Gathered, ServiceCheckResult};

pub(super) fn instance(instance: &Gathered) -> Value {
    json!({
        "aggregator": aggregator(instance),
        "runner": runner(instance),
        "inventories": instance.metadata,
    })
}

/// What was submitted; a section without content is left out.
fn aggregator(instance: &Gathered) -> Map<String, Value> {
    let sections = [
        ("metrics", list(&instance.series, |series| serie(series, instance))),
        ("sketches", list(&instance.sketches, |series| sketch(series, instance))),
        ("service_checks", list(&instance.service_checks, |check| service_check(check, instance))),
        ("events", list(&instance.events, |one| event(one, instance))),
        ("logs", list(&instance.logs, |one| log(one, instance))),
    ];
    let full = sections.into_iter().filter(|(_, items)| !items.is_empty());
    full.map(|(name, items)| (name.to_owned(), Value::from(items))).collect()
}

fn list<T>(items: &[T], json: impl Fn(&T) -> Value) -> Vec<Value> {
    items.iter().map(json).collect()
}

fn serie(series: &Series, instance: &Gathered) -> Value {
    json!({
        "metric": series.name,
        "points": [[series.timestamp, series.value]],
        "tags": series.tags.iter().collect::<Vec<_>>(),
        "host": series.tags.host().unwrap_or(&instance.hostname),
        "type": series.kind.name(),
        "interval": Series::INTERVAL,
        "source_type_name": "System",
    })
}

fn sketch(series: &SketchSeries, instance: &Gathered) -> Value {
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
        "host": series.tags.host().unwrap_or(&instance.hostname),
        "interval": Series::INTERVAL,
        "points": [{ "ts": series.timestamp, "sketch": { "summary": summary } }],
    })
}

fn service_check(check: &ServiceCheckResult, instance: &Gathered) -> Value {
    json!({
        "check": check.name,
        "host_name": check.host.as_deref().unwrap_or(&instance.hostname),
        "timestamp": check.timestamp,
        "status": check.status.number(),
        "message": check.status.message(),
        "tags": check.tags,
    })
}

fn event(event: &Event, instance: &Gathered) -> Value {
    let mut out = json!({
        "msg_title": event.title,
        "msg_text": event.text,
        "timestamp": event.timestamp.unwrap_or_else(|| started(instance)),
        "priority": event.priority.name(),
        "host": event.host.as_deref().unwrap_or(&instance.hostname),
        "tags": with_instance_tags(instance, &event.tags),
        "alert_type": event.alert_type.name(),
        "source_type_name": instance.entry.meta.name,
    });
    let rare = [("aggregation_key", &event.aggregation_key), ("event_type", &event.event_type)];
    for (key, value) in rare {
        if let Some(value) = value {
            out[key] = Value::from(value.as_str());
        }
    }
    out
}

fn log(log: &Log, instance: &Gathered) -> Value {
    json!({
        "message": log.message,
        "status": log.status.as_deref().unwrap_or("info"),
        "timestamp": log.timestamp_ms.unwrap_or_else(|| started(instance) * 1000),
        "tags": with_instance_tags(instance, &log.tags),
    })
}

fn with_instance_tags<'i>(instance: &'i Gathered, own: &'i [String]) -> Vec<&'i str> {
    instance.tags.iter().chain(own).map(String::as_str).collect()
}

/// The Agent's statistics of an instance. Its `MetricSamples` and the like are those of the last run.
fn runner(instance: &Gathered) -> Value {
    let statistics = &instance.statistics;
    let last = statistics.last.as_ref();
    let meta = &instance.entry.meta;
    json!({
        "CheckName": meta.name,
        "CheckVersion": meta.package.version,
        "CheckConfigSource": instance.source,
        "CheckID": instance.id,
        "Interval": u64::try_from(instance.interval.as_nanos()).unwrap_or(u64::MAX),
        "LongRunning": false,
        "Cancelling": false,
        "TotalRuns": statistics.runs,
        "TotalErrors": statistics.errors,
        "TotalWarnings": statistics.warnings,
        "MetricSamples": last.map_or(0, |run| run.samples),
        "Events": last.map_or(0, |run| run.events),
        "ServiceChecks": last.map_or(0, |run| run.service_checks),
        "HistogramBuckets": 0,
        "TotalMetricSamples": statistics.samples,
        "TotalEvents": statistics.events,
        "TotalServiceChecks": statistics.service_checks,
        "TotalHistogramBuckets": 0,
        "EventPlatformEvents": {},
        "TotalEventPlatformEvents": {},
        "ExecutionTimes": execution_times(statistics.durations()),
        "AverageExecutionTime": milliseconds(statistics.average_duration()),
        "LastExecutionTime": milliseconds(last.map(|run| run.elapsed).unwrap_or_default()),
        "LastSuccessDate": statistics.last_success.map_or(0, epoch_seconds),
        "LastError": last.filter(|run| !run.outcome.is_ok()).map(|run| run.outcome.to_string()).unwrap_or_default(),
        "LastDelay": 0,
        "LastWarnings": last.map(|run| run.warnings.clone()).unwrap_or_default(),
        "UpdateTimestamp": last.map_or(0, |run| epoch_seconds(run.started + run.elapsed)),
    })
}

/// The Agent's ring of 32 durations, filled up with zeros.
fn execution_times(durations: impl Iterator<Item = Duration>) -> Vec<u64> {
    let mut times: Vec<_> = durations.map(milliseconds).collect();
    times.resize(32, 0);
    times
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn started(instance: &Gathered) -> u64 {
    instance.statistics.last.as_ref().map_or(0, |run| epoch_seconds(run.started))
}

fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
