//! What a daemon logs, on standard error: events with fields, as text or as JSON; of each instance at most one a minute of a sort.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};
use tracing_subscriber::filter::LevelFilter;

use crate::run::{Notice, Observer, RunOutcome};

use super::super::settings::{LogFormat, LogLevel};

/// How long an instance's next event of the same sort is only counted.
const QUIET: Duration = Duration::from_mins(1);

/// Has everything logged from now on. Only the first call in a process counts.
pub(super) fn begin(level: LogLevel, format: LogFormat, coloured: bool) {
    let level = match level {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error | LogLevel::Critical => LevelFilter::ERROR,
        LogLevel::Off => LevelFilter::OFF,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr);
    // If there is another one already, it is the program's own, and logs in its way.
    let _ = match format {
        LogFormat::Text => log.with_target(false).with_ansi(coloured).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Logs what the engine tells of its instances.
#[derive(Debug, Default)]
pub(super) struct Logged {
    heard: Mutex<Heard>,
}

/// What has been logged of late.
#[derive(Debug, Default)]
struct Heard {
    of: HashMap<(Arc<str>, Sort), Quiet>,
    /// When those were last forgotten that have been quiet.
    swept: Option<Instant>,
}

/// Sorts of events, each with a quiet time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sort {
    Failed,
    Warned,
    Slow,
    Skipped,
    Recovered,
}

/// What has been left out since an event was last logged.
#[derive(Debug, Clone, Copy)]
struct Quiet {
    since: Instant,
    left_out: u64,
}

impl Observer for Logged {
    fn notice(&self, instance: &str, notice: Notice<'_>) {
        match notice {
            Notice::Ran(report) if report.outcome.is_ok() => {
                if let Some(first) = report.warnings.first()
                    && let Some(more) = self.turn(instance, Sort::Warned)
                {
                    warn!(
                        instance,
                        more,
                        warnings = report.warnings.len(),
                        "the check warns: {first}"
                    );
                }
            }
            Notice::Ran(report) => {
                if let Some(more) = self.turn(instance, Sort::Failed) {
                    let milliseconds = report.elapsed.as_millis();
                    let how = sort(&report.outcome);
                    warn!(instance, how, more, milliseconds, "a run failed: {}", report.outcome);
                }
            }
            Notice::Slow { elapsed, limit } => {
                if let Some(more) = self.turn(instance, Sort::Slow) {
                    warn!(
                        instance,
                        more, "a run took {elapsed:.1?} of the {limit:?} that it may take"
                    );
                }
            }
            Notice::Skipped(reason) => {
                if let Some(more) = self.turn(instance, Sort::Skipped) {
                    warn!(instance, more, "a run was left out: {reason}");
                }
            }
            Notice::Recovered { failures } => {
                if let Some(more) = self.turn(instance, Sort::Recovered) {
                    info!(instance, failures, more, "runs end well again");
                }
            }
            Notice::DidNotStop => warn!(instance, "the instance did not end in time"),
        }
    }
}

impl Logged {
    /// Whether an event is logged now, and if so, how many like it have not been since the last one.
    fn turn(&self, instance: &str, sort: Sort) -> Option<u64> {
        let now = Instant::now();
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.sweep(now);
        let fresh = Quiet { since: now, left_out: 0 };
        match heard.of.entry((Arc::from(instance), sort)) {
            Entry::Vacant(place) => {
                place.insert(fresh);
                Some(0)
            }
            Entry::Occupied(mut known) if now - known.get().since < QUIET => {
                known.get_mut().left_out += 1;
                None
            }
            Entry::Occupied(mut known) => Some(known.insert(fresh).left_out),
        }
    }
}

impl Heard {
    /// Forgets, once in a while, the instances that are gone, or well again.
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_none_or(|swept| now - swept > QUIET) {
            self.swept = Some(now);
            self.of.retain(|_, quiet| now - quiet.since < 2 * QUIET);
        }
    }
}

const fn sort(outcome: &RunOutcome) -> &'static str {
    match outcome {
        RunOutcome::Ok => "ok",
        RunOutcome::Failed(_) => "failed",
        RunOutcome::TimedOut(_) => "timed out",
        RunOutcome::Panicked(_) => "panicked",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Logged, Sort};

    #[tokio::test(start_paused = true)]
    async fn an_instance_is_heard_of_once_a_minute_and_what_was_left_out_is_counted() {
        let log = Logged::default();
        assert_eq!(log.turn("a", Sort::Failed), Some(0));
        assert_eq!(log.turn("a", Sort::Failed), None);
        assert_eq!(log.turn("b", Sort::Failed), Some(0), "another instance");
        assert_eq!(log.turn("a", Sort::Slow), Some(0), "another sort");
        tokio::time::advance(Duration::from_secs(59)).await;
        assert_eq!(log.turn("a", Sort::Failed), None);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(log.turn("a", Sort::Failed), Some(2));
        assert_eq!(log.turn("a", Sort::Recovered), Some(0));
        assert_eq!(log.turn("a", Sort::Failed), None, "that it was well in between is no reason");
        tokio::time::advance(Duration::from_secs(500)).await;
        log.turn("c", Sort::Failed);
        assert_eq!(log.heard.lock().unwrap().of.len(), 1, "the others are no longer remembered");
    }
}
