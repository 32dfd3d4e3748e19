//! One look at a process.

use std::collections::HashMap;
use std::time::Duration;

use procfs::process::{Io, Process, Stat, StatM, Status};

/// Processor times of processes, by what tells a process from a later one with its number.
pub(super) type Times = HashMap<Id, Duration>;

/// The number of a process, and when it began.
pub(super) type Id = (i32, u64);

/// What can be seen of a process.
pub(super) struct Look {
    pub(super) stat: Stat,
    pub(super) status: Status,
    pub(super) pages: StatM,
    /// Only of processes of the same user, as what follows.
    pub(super) io: Option<Io>,
    pub(super) open_files: Option<usize>,
}

impl Look {
    /// Nothing if the process has ended.
    pub(super) fn at(process: &Process) -> Option<Self> {
        Some(Self {
            stat: process.stat().ok()?,
            status: process.status().ok()?,
            pages: process.statm().ok()?,
            io: process.io().ok(),
            open_files: process.fd_count().ok(),
        })
    }

    pub(super) fn id(&self) -> Id {
        (self.stat.pid, self.stat.starttime)
    }

    /// The time that processors have spent on it.
    pub(super) fn time(&self) -> Duration {
        ticks(self.stat.utime + self.stat.stime)
    }

    /// When it began, from the start of the host.
    pub(super) fn began(&self) -> Duration {
        ticks(self.stat.starttime)
    }
}

fn ticks(ticks: u64) -> Duration {
    Duration::from_secs_f64(ticks as f64 / procfs::ticks_per_second() as f64)
}
