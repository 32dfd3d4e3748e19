//! How the instances of an engine are, for whoever asks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::check::Entry;

use super::engine::Engine;
use super::instance::{Activity, Instance};
use super::notice::Skips;
use super::statistics::Statistics;

/// How an instance is, and what is remembered of its runs.
#[derive(Debug, Clone)]
pub struct InstanceStatus {
    /// The check.
    pub entry: &'static Entry,
    /// The instance's id.
    pub id: Arc<str>,
    /// Where it was configured, as `file:/etc/…/conf.yaml`.
    pub source: Arc<str>,
    /// How often it runs; zero means once.
    pub interval: Duration,
    /// What it does at the moment.
    pub activity: Activity,
    /// What is remembered of its runs. During a run, of those before.
    pub statistics: Statistics,
    /// Runs that were due and left out.
    pub skips: Skips,
    /// How many runs in a row have failed.
    pub failures_in_a_row: u32,
    /// How late the last run began.
    pub last_lag: Duration,
    /// How late a run began at most.
    pub longest_lag: Duration,
    /// How many series it has.
    pub contexts: usize,
    /// Samples that were not kept, and points that could not be computed.
    pub dropped: u64,
    /// When the next run is due.
    pub next_run: Option<SystemTime>,
    /// What the check has said of what it watches.
    pub metadata: BTreeMap<String, String>,
}

impl Engine {
    /// How all instances are, sorted by check and id.
    pub fn status(&self) -> Vec<InstanceStatus> {
        let now = (Instant::now(), self.now());
        let mut all: Vec<_> =
            self.instances().iter().filter_map(|instance| status_of(instance, now)).collect();
        all.sort_by(|a, b| (a.entry.meta.name, &a.id).cmp(&(b.entry.meta.name, &b.id)));
        all
    }
}

fn status_of(instance: &Instance, (now, time): (Instant, SystemTime)) -> Option<InstanceStatus> {
    let (shown, record, activity) = instance.look(now)?;
    let waits = matches!(activity, Activity::Waiting | Activity::Stuck(_));
    let next_run = waits.then(|| time + shown.due.saturating_duration_since(now));
    Some(InstanceStatus {
        entry: instance.entry,
        id: Arc::clone(&instance.id),
        source: shown.source,
        interval: shown.interval,
        activity,
        statistics: shown.statistics,
        skips: record.skips,
        failures_in_a_row: shown.failures_in_a_row,
        last_lag: record.last_lag.duration(),
        longest_lag: record.longest_lag.duration(),
        contexts: shown.contexts,
        dropped: record.dropped,
        next_run,
        metadata: shown.metadata,
    })
}
