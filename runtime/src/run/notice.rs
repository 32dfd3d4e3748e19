//! What the engine tells while it goes on.

use std::fmt;
use std::ops::AddAssign;
use std::time::Duration;

use super::report::RunReport;

/// Something about an instance that whoever runs it wants to know.
#[derive(Debug, Clone)]
pub enum Notice<'a> {
    /// A run ended. Whether well, the report says.
    Ran(&'a RunReport),
    /// A run took more than four fifths of its time limit.
    Slow {
        /// What it took.
        elapsed: Duration,
        /// What it may take.
        limit: Duration,
    },
    /// A run was due and left out.
    Skipped(Skip),
    /// A run ended well after others had not.
    Recovered {
        /// How many had failed in a row.
        failures: u32,
    },
    /// The instance did not end within the time it has for that.
    DidNotStop,
}

/// Why a run that was due was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skip {
    /// The last run had not ended.
    StillRunning,
    /// A thread is still busy with a run that was given up.
    Stuck,
    /// It has failed several times in a row and pauses.
    BackedOff,
    /// The time had passed: too much else ran, or the machine slept.
    Late,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StillRunning => "the last run has not ended",
            Self::Stuck => "a thread is still busy with a run that was given up",
            Self::BackedOff => "it has failed several times in a row and pauses",
            Self::Late => "its time had passed: too much else was running, or the machine slept",
        })
    }
}

/// Runs that were due and left out, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skips {
    /// The last run had not ended.
    pub still_running: u64,
    /// A thread was still busy with a run that was given up.
    pub stuck: u64,
    /// It had failed several times in a row.
    pub backed_off: u64,
    /// The time had passed.
    pub late: u64,
}

impl AddAssign for Skips {
    fn add_assign(&mut self, other: Self) {
        self.still_running += other.still_running;
        self.stuck += other.stuck;
        self.backed_off += other.backed_off;
        self.late += other.late;
    }
}

impl Skips {
    pub(super) fn count(&mut self, skip: Skip, runs: u64) {
        let counter = match skip {
            Skip::StillRunning => &mut self.still_running,
            Skip::Stuck => &mut self.stuck,
            Skip::BackedOff => &mut self.backed_off,
            Skip::Late => &mut self.late,
        };
        *counter += runs;
    }

    /// All of them.
    pub const fn total(&self) -> u64 {
        self.still_running + self.stuck + self.backed_off + self.late
    }
}

/// Who is told of everything.
pub trait Observer: Send + Sync + 'static {
    /// Is told of something about an instance. Called where the instance runs: it must not block.
    fn notice(&self, instance: &str, notice: Notice<'_>);
}

/// Nobody is told.
impl Observer for () {
    fn notice(&self, _instance: &str, _notice: Notice<'_>) {}
}
