//! What is remembered of an instance's runs.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::report::{RunOutcome, RunReport};

/// How many durations the average is taken over, as in the Agent.
const REMEMBERED_DURATIONS: u8 = 32;

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
    /// How a run last did not end well, whatever came after it.
    pub last_failure: Option<Arc<Told>>,
    /// The first warning of the last run that warned, whatever came after it.
    pub last_warning: Option<Arc<Told>>,
    durations: Durations,
}

/// What was said of a run, and when it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub time: SystemTime,
    /// What.
    pub text: String,
}

impl Statistics {
    /// Adds a run.
    pub fn add(&mut self, report: &RunReport) {
        self.runs += 1;
        let time = report.started + report.elapsed;
        let told = |text| Some(Arc::new(Told { time, text }));
        if !report.outcome.is_ok() {
            self.last_failure = told(report.outcome.to_string());
        }
        if let Some(warning) = report.warnings.first() {
            self.last_warning = told(warning.clone());
        }
        match report.outcome {
            RunOutcome::Ok => self.last_success = Some(time),
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
        self.durations.push(report.elapsed);
        self.last = Some(report.clone());
    }

    /// How long the last runs took, oldest first, 32 at most, to a thousandth.
    pub fn durations(&self) -> impl ExactSizeIterator<Item = Duration> {
        self.durations.iter()
    }

    /// The mean of [`durations`](Self::durations), zero before the first run.
    pub fn average_duration(&self) -> Duration {
        let runs = u32::try_from(self.durations().len()).unwrap_or(u32::MAX).max(1);
        self.durations().sum::<Duration>() / runs
    }
}

/// The last durations.
#[derive(Debug, Clone, Copy, Default)]
struct Durations {
    ring: [Rounded; REMEMBERED_DURATIONS as usize],
    len: u8,
    next: u8,
}

impl Durations {
    fn push(&mut self, duration: Duration) {
        self.ring[usize::from(self.next)] = Rounded::of(duration);
        self.next = (self.next + 1) % REMEMBERED_DURATIONS;
        self.len = (self.len + 1).min(REMEMBERED_DURATIONS);
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = Duration> {
        let oldest = REMEMBERED_DURATIONS + self.next - self.len;
        (0..usize::from(self.len))
            .map(move |place| self.ring[(usize::from(oldest) + place) % self.ring.len()].duration())
    }
}

/// A duration in two bytes: up to 8191 microseconds, times a power of ten up to the seventh, which reaches to 22 hours.
#[derive(Debug, Clone, Copy, Default)]
struct Rounded(u16);

impl Rounded {
    const DIGITS: u32 = 13;
    const MAX: u64 = (1 << Self::DIGITS) - 1;

    fn of(duration: Duration) -> Self {
        let (mut micros, mut tens) = (u64::try_from(duration.as_micros()).unwrap_or(u64::MAX), 0);
        while micros > Self::MAX && tens < 7 {
            (micros, tens) = (micros / 10, tens + 1);
        }
        Self(u16::try_from(tens << Self::DIGITS | micros.min(Self::MAX)).unwrap_or(u16::MAX))
    }

    fn duration(self) -> Duration {
        let (tens, digits) = (self.0 >> Self::DIGITS, u64::from(self.0) & Self::MAX);
        Duration::from_micros(digits * 10_u64.pow(tens.into()))
    }
}
