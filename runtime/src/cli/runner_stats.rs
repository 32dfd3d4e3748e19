//! The statistics of an instance as JSON, under the names that the Agent has for them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::check::Entry;
use crate::run::Statistics;

/// Whose statistics they are.
pub(super) struct Instance<'i> {
    pub(super) entry: &'static Entry,
    pub(super) id: &'i str,
    pub(super) source: &'i str,
    pub(super) interval: Duration,
    /// How late the last run began.
    pub(super) lag: Duration,
}

/// The Agent's statistics of an instance. Its `MetricSamples` and the like are those of the last run.
pub(super) fn runner_stats(instance: &Instance<'_>, statistics: &Statistics) -> Value {
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
        "LastDelay": instance.lag.as_secs(),
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

/// Whole milliseconds.
pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Whole seconds since the Unix epoch.
pub(super) fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
