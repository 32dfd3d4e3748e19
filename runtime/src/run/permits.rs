//! How many runs go on at once: of all checks, of blocking ones, and of each check.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::check::Entry;

/// How many runs may go on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// Of all checks together.
    pub runs: usize,
    /// Of blocking checks; each has a thread meanwhile.
    pub blocking: usize,
    /// Of instances of one check.
    pub of_one_check: usize,
}

impl Default for Concurrency {
    /// 1024, of which 256 blocking, and 256 of one check.
    fn default() -> Self {
        Self { runs: 1024, blocking: 256, of_one_check: 256 }
    }
}

/// What is left of the limits.
#[derive(Debug)]
pub(super) struct Permits {
    runs: Arc<Semaphore>,
    blocking: Arc<Semaphore>,
    of_one_check: usize,
    checks: Mutex<HashMap<&'static str, Arc<Gate>>>,
}

/// The permits that a check's runs need.
#[derive(Debug)]
pub(super) struct Gate {
    check: Arc<Semaphore>,
    blocking: Option<Arc<Semaphore>>,
    runs: Arc<Semaphore>,
}

/// The permits of one run.
#[derive(Debug, Default)]
pub(super) struct Permit {
    _held: [Option<OwnedSemaphorePermit>; 3],
}

impl Permits {
    pub(super) fn new(limits: Concurrency) -> Self {
        let semaphore =
            |permits: usize| Arc::new(Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS)));
        Self {
            runs: semaphore(limits.runs),
            blocking: semaphore(limits.blocking),
            of_one_check: limits.of_one_check.max(1),
            checks: Mutex::default(),
        }
    }

    pub(super) fn gate(&self, entry: &Entry) -> Arc<Gate> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = checks.entry(entry.meta.name).or_insert_with(|| {
            Arc::new(Gate {
                check: Arc::new(Semaphore::new(self.of_one_check.min(Semaphore::MAX_PERMITS))),
                blocking: entry.meta.blocking.then(|| Arc::clone(&self.blocking)),
                runs: Arc::clone(&self.runs),
            })
        });
        Arc::clone(gate)
    }
}

impl Gate {
    /// Waits for its turn, first come, first served. The narrowest limit comes first, so that a check that is at its own
    /// limit takes nothing from the others.
    pub(super) async fn enter(&self) -> Permit {
        let check = acquire(&self.check).await;
        let blocking = match &self.blocking {
            Some(blocking) => acquire(blocking).await,
            None => None,
        };
        Permit { _held: [check, blocking, acquire(&self.runs).await] }
    }
}

/// What is free is taken at once, which is no step of the task's; it is not free while others wait for it. No semaphore is ever
/// closed; if one were, the run would only come sooner.
async fn acquire(semaphore: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    match Arc::clone(semaphore).try_acquire_owned() {
        Ok(permit) => Some(permit),
        Err(_) => Arc::clone(semaphore).acquire_owned().await.ok(),
    }
}
