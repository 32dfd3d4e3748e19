//! What became of a run.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::metric::Drops;

/// What became of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// When it began.
    pub started: SystemTime,
    /// How long it took.
    pub elapsed: Duration,
    /// How it ended.
    pub outcome: RunOutcome,
    /// What the check warned of.
    pub warnings: Vec<String>,
    /// How many samples it submitted.
    pub samples: usize,
    /// How many service checks it submitted.
    pub service_checks: usize,
    /// How many events it sent.
    pub events: usize,
    /// How many log lines it sent.
    pub logs: usize,
    /// Samples that were not kept.
    pub drops: Drops,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunOutcome {
    /// Well.
    Ok,
    /// With this error and its causes.
    Failed(String),
    /// Not within this time.
    TimedOut(Duration),
    /// With a panic of this text.
    Panicked(String),
}

impl RunOutcome {
    /// The run ended well.
    pub const fn is_ok(&self) -> bool {
        matches!(self, Self::Ok)
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Failed(error) => f.write_str(error),
            Self::TimedOut(limit) => write!(f, "the run did not end within {limit:?}"),
            Self::Panicked(text) => write!(f, "the check panicked: {text}"),
        }
    }
}
