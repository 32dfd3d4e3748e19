//! What a daemon tells of itself: its status as JSON.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::output::{Amount, Hub, Lasting, OutputStatistics};
use crate::run::{Activity, Change, Engine, InstanceStatus, Keeper, Spread, Told};

use super::super::runner_stats::{Instance, epoch_seconds, milliseconds, runner_stats};

/// Everything that the status is made of.
pub(super) struct Board {
    pub(super) hostname: Arc<str>,
    pub(super) started: SystemTime,
    pub(super) engine: Arc<Engine>,
    pub(super) hub: Arc<Hub>,
    pub(super) keeper: Option<Arc<Keeper>>,
    pub(super) reloads: Mutex<Reloads>,
}

/// What is remembered of the configuration.
#[derive(Debug, Default)]
pub(super) struct Reloads {
    pub(super) count: u64,
    pub(super) last: Option<SystemTime>,
    pub(super) change: Change,
    /// What is wrong with the files, in the words of `config validate`.
    pub(super) problems: String,
}

impl Board {
    /// Takes note of a configuration that was read.
    pub(super) fn read(&self, change: Change, problems: String) {
        let mut reloads = self.reloads.lock().unwrap_or_else(PoisonError::into_inner);
        reloads.count += 1;
        reloads.last = Some(SystemTime::now());
        (reloads.change, reloads.problems) = (change, problems);
    }

    /// What was wrong with the files when they were last read.
    pub(super) fn problems(&self) -> String {
        self.reloads.lock().unwrap_or_else(PoisonError::into_inner).problems.clone()
    }

    /// How everything is.
    pub(super) fn status(&self) -> Value {
        let mut checks = Map::new();
        for status in self.engine.status() {
            let of_check = checks.entry(status.entry.meta.name).or_insert_with(|| json!({}));
            of_check[&*status.id] = instance(&status);
        }
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "pid": std::process::id(),
            "hostname": *self.hostname,
            "started": epoch_seconds(self.started),
            "now": epoch_seconds(SystemTime::now()),
            "instances": self.engine.len(),
            "lag": lag(self.engine.lag()),
            "configuration": self.configuration(),
            "state": self.state(),
            "outputs": self.hub.statistics().iter().map(output).collect::<Vec<_>>(),
            "runnerStats": { "Checks": checks },
        })
    }

    fn configuration(&self) -> Value {
        let reloads = self.reloads.lock().unwrap_or_else(PoisonError::into_inner);
        let Change { started, restarted, stopped, kept, repeated } = reloads.change;
        json!({
            "read": reloads.count,
            "last_read": reloads.last.map(epoch_seconds),
            "last_change": {
                "started": started,
                "restarted": restarted,
                "stopped": stopped,
                "kept": kept,
                "repeated": repeated,
            },
            "problems": reloads.problems,
        })
    }

    fn state(&self) -> Value {
        let Some(keeper) = &self.keeper else { return json!({ "kept": false }) };
        let trouble = keeper.trouble();
        json!({ "kept": true, "errors": trouble.errors, "last_error": trouble.last })
    }
}

fn lag(lag: &Spread) -> Value {
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    json!({
        "runs": lag.count(),
        "p50_us": micros(lag.quantile(0.5)),
        "p99_us": micros(lag.quantile(0.99)),
        "max_us": micros(lag.longest()),
    })
}

/// The Agent's statistics of an instance, and under `Allwell` what it does not have.
fn instance(status: &InstanceStatus) -> Value {
    let InstanceStatus { entry, id, source, interval, last_lag, statistics, .. } = status;
    let of = Instance { entry, id, source, interval: *interval, lag: *last_lag };
    let mut stats = runner_stats(&of, statistics);
    let (activity, seconds) = activity(status.activity);
    let skips = status.skips;
    stats["Allwell"] = json!({
        "Activity": activity,
        "ActivitySeconds": seconds,
        "Timeouts": statistics.timeouts,
        "Panics": statistics.panics,
        "FailuresInARow": status.failures_in_a_row,
        "LastFailure": statistics.last_failure.as_deref().map(told),
        "LastWarning": statistics.last_warning.as_deref().map(told),
        "Skips": {
            "StillRunning": skips.still_running,
            "Stuck": skips.stuck,
            "BackedOff": skips.backed_off,
            "Late": skips.late,
        },
        "LastLagMilliseconds": milliseconds(*last_lag),
        "LongestLagMilliseconds": milliseconds(status.longest_lag),
        "Contexts": status.contexts,
        "Dropped": status.dropped,
        "NextRun": status.next_run.map(epoch_seconds),
        "Metadata": status.metadata,
    });
    stats
}

fn told(Told { time, text }: &Told) -> Value {
    json!({ "Date": epoch_seconds(*time), "Text": text })
}

fn activity(activity: Activity) -> (&'static str, Option<u64>) {
    match activity {
        Activity::Waiting => ("waiting", None),
        Activity::Queued => ("queued", None),
        Activity::Running(time) => ("running", Some(time.as_secs())),
        Activity::Stuck(time) => ("stuck", Some(time.as_secs())),
        Activity::Done => ("done", None),
        Activity::Ended => ("ended", None),
    }
}

fn output(output: &OutputStatistics) -> Value {
    let last_error = output.last_error.as_ref();
    json!({
        "name": output.name,
        "state": output.state.name(),
        "delivered": amount(output.delivered),
        "queued": amount(output.queued),
        "stored": amount(output.stored),
        "restored": amount(output.restored),
        "dropped": amount(output.dropped),
        "killed": amount(output.killed),
        "again": amount(output.again),
        "lasting": output.lasting.map(lasting),
        "refused": amount(output.refused),
        "errors": output.errors,
        "last_error": last_error.map(|(_, message)| message),
        "last_error_time": last_error.map(|(time, _)| epoch_seconds(*time)),
    })
}

fn lasting(lasting: Lasting) -> Value {
    let Lasting { taken, delivered, refused, dropped, killed, again } = lasting;
    json!({
        "taken": amount(taken),
        "delivered": amount(delivered),
        "refused": amount(refused),
        "dropped": amount(dropped),
        "killed": amount(killed),
        "again": amount(again),
    })
}

fn amount(amount: Amount) -> Value {
    let Amount { series, sketches, service_checks, events, logs } = amount;
    json!({
        "series": series,
        "sketches": sketches,
        "service_checks": service_checks,
        "events": events,
        "logs": logs,
    })
}
