//! What survives a restart: what the next samples are compared with, and the texts that checks keep.
//!
//! One file, to which every batch of changes is appended with a checksum before its points are delivered. So a process that is
//! killed loses no interval of a count and reports none twice. Nothing is forced to the disk before the end: what a power
//! failure loses is what the system had not written yet. When the file holds more than is needed, the rest is written anew and
//! takes its place. A process that is killed while it writes leaves a torn last record, which is cut off.

mod journal;
mod record;
mod store;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::aggregate::Baselines;

pub use store::{Opened, Store};

/// What was kept of an instance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Saved {
    /// When that was, in seconds since the Unix epoch.
    pub time: f64,
    /// What the next samples of its series are compared with.
    pub baselines: Baselines,
    /// The texts that the check keeps.
    pub cache: BTreeMap<String, String>,
}

impl Saved {
    /// What is kept once a change is.
    pub(crate) fn update(&mut self, change: &Change) {
        (self.time, self.baselines) = (change.time, change.baselines.clone());
        if let Some(cache) = &change.cache {
            self.cache.clone_from(cache);
        }
    }
}

/// What is to be kept of an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The instance's id.
    pub instance: Arc<str>,
    /// When, in seconds since the Unix epoch.
    pub time: f64,
    /// What the next samples of its series are compared with.
    pub baselines: Baselines,
    /// The texts that the check keeps, if they have changed.
    pub cache: Option<BTreeMap<String, String>>,
}

/// Why the state cannot be kept.
#[derive(Debug)]
pub enum StateError {
    /// Another process keeps its state there.
    InUse(PathBuf),
    /// The system says no.
    Io(PathBuf, io::Error),
}

impl StateError {
    /// What can be done about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::InUse(_) => "stop the other process, or give this one another `run_path`",
            Self::Io(..) => "the directory must be writable, and its disk not full",
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(path) => write!(f, "`{}` is in use by another process", path.display()),
            Self::Io(path, error) => {
                write!(f, "cannot keep state in `{}`: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for StateError {}
