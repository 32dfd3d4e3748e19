//! What is remembered of an instance's runs.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::report::{RunOutcome, RunReport};

/// How many durations the average is taken over, as in the Agent.
const REMEMBERED_DURATIONS: usize = 32;

/// Counters and last values over all runs of an instance.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// Runs so far.
    pub runs: u64,
    /// Runs that did not end well.
    pub errors: u64,
    /// Of these, runs that did not end in time.
    pub timeouts: u64,
    /// Of these, runs that panicked.
    pub panics: u64,
    /// Warnings so far.
    pub warnings: u64,
    /// Samples so far.
    pub samples: u64,
    /// Service checks so far.
    pub service_checks: u64,
    /// Events so far.
    pub events: u64,
    /// Log lines so far.
    pub logs: u64,
    /// The last run.
    pub last: Option<RunReport>,
    /// When a run last ended well.
    pub last_success: Option<SystemTime>,
    durations: VecDeque<Duration>,
}

impl Statistics {
    /// Adds a run.
    pub fn add(&mut self, report: &RunReport) {
        self.runs += 1;
        match report.outcome {
            RunOutcome::Ok => self.last_success = Some(report.started + report.elapsed),
            RunOutcome::Failed(_) => self.errors += 1,
            RunOutcome::TimedOut(_) => {
                (self.errors, self.timeouts) = (self.errors + 1, self.timeouts + 1);
            }
            RunOutcome::Panicked(_) => {
                (self.errors, self.panics) = (self.errors + 1, self.panics + 1);
            }
        }
        self.warnings += report.warnings.len() as u64;
        self.samples += report.samples as u64;
        self.service_checks += report.service_checks as u64;
        self.events += report.events as u64;
        self.logs += report.logs as u64;
        if self.durations.len() == REMEMBERED_DURATIONS {
            self.durations.pop_front();
        }
        self.durations.push_back(report.elapsed);
        self.last = Some(report.clone());
    }

    /// How long the last runs took, oldest first, 32 at most.
    pub fn durations(&self) -> impl ExactSizeIterator<Item = Duration> {
        self.durations.iter().copied()
    }

    /// The mean of [`durations`](Self::durations), zero before the first run.
    pub fn average_duration(&self) -> Duration {
        let runs = u32::try_from(self.durations.len()).unwrap_or(u32::MAX).max(1);
        self.durations.iter().sum::<Duration>() / runs
    }
}
