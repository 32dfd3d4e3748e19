//! How a forwarder waits, how much it keeps, and whom it tells.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::backoff::Backoff;
use super::notice::Notice;

/// Is called with what happens. It must not block.
pub type Observer = Arc<dyn Fn(&Notice) + Send + Sync>;

/// How a forwarder works.
#[derive(Clone)]
pub struct ForwardOptions {
    /// So much may wait in memory, in bytes; what does not fit goes to the disk, or the oldest is dropped.
    pub most_bytes: usize,
    /// Where what cannot be sent is kept on the disk; without it a restart loses what waits.
    pub spool: Option<SpoolOptions>,
    /// How many requests may be under way at once, each of another route.
    pub concurrency: usize,
    /// The waits after errors.
    pub backoff: Backoff,
    /// The wait after an answer that will not be another one until somebody does something: the key is not valid.
    pub hold: Duration,
    /// An endpoint that asks for more time than this is asked again all the same.
    pub longest_retry_after: Duration,
    /// What is older is dropped.
    pub outdated: Duration,
    /// Makes the chance in the waits repeatable.
    pub seed: Option<u64>,
    /// Is told what happens.
    pub observer: Option<Observer>,
}

/// Where and how much is kept on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct SpoolOptions {
    /// A directory of this endpoint's own, which one process may use at a time. It is made if need be.
    pub directory: PathBuf,
    /// So much may be on the disk, in bytes; beyond it the oldest is dropped.
    pub most_bytes: u64,
    /// The share of the disk's free space that may be used, counting what is used already.
    pub most_of_free: f64,
    /// What waits longer than this goes to the disk, even if there is room in memory: so much is lost if the process is killed.
    pub after: Duration,
}

impl Default for ForwardOptions {
    /// 15 MiB in memory, no spool, one request at a time, the Agent's waits, ten days.
    fn default() -> Self {
        Self {
            most_bytes: 15 << 20,
            spool: None,
            concurrency: 1,
            backoff: Backoff::default(),
            hold: Duration::from_mins(5),
            longest_retry_after: Duration::from_mins(15),
            outdated: Duration::from_hours(240),
            seed: None,
            observer: None,
        }
    }
}

impl SpoolOptions {
    /// A spool in a directory: 2 GiB, but not more than half of what is free, of what waits longer than 2 seconds.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            most_bytes: 2 << 30,
            most_of_free: 0.5,
            after: Duration::from_secs(2),
        }
    }
}

impl fmt::Debug for ForwardOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForwardOptions")
            .field("most_bytes", &self.most_bytes)
            .field("spool", &self.spool)
            .field("concurrency", &self.concurrency)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}
