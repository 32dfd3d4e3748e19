//! The JSON of a checked instance, in the shape of `agent check --json`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::output::json;

use super::gather::Gathered;

/// The sections of what was submitted, in the Agent's order.
const SECTIONS: [&str; 5] = ["metrics", "sketches", "service_checks", "events", "logs"];

pub(super) fn instance(instance: &Gathered) -> Value {
    json!({
        "aggregator": aggregator(instance),
        "runner": runner(instance),
        "inventories": instance.metadata,
    })
}

/// What was submitted; a section without content is left out.
fn aggregator(instance: &Gathered) -> Map<String, Value> {
    let mut sections = Map::new();
    for name in SECTIONS {
        let of_this = |(section, thing)| (section == name).then_some(thing);
        let things: Vec<Value> =
            instance.deliveries.iter().flat_map(json::things).filter_map(of_this).collect();
        if !things.is_empty() {
            sections.insert(name.to_owned(), Value::from(things));
        }
    }
    sections
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

fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
