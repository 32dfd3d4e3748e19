//! Whether a connection gets on with what it is sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long an answer may make no progress.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// When a connection last asked for more of an answer, while one is under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress(Arc<Mutex<Option<Instant>>>);

/// An answer under way; it is over when this is dropped.
#[derive(Debug)]
pub(super) struct Sending(Progress);

impl Progress {
    pub(super) fn begin(&self) -> Sending {
        *self.last() = Some(Instant::now());
        Sending(self.clone())
    }

    /// Waits until an answer has made no progress for too long.
    pub(super) async fn stalls(&self) {
        loop {
            let due = self.last().unwrap_or_else(Instant::now) + PATIENCE;
            if due <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(due).await;
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sending {
    pub(super) fn goes_on(&self) {
        *self.0.last() = Some(Instant::now());
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        *self.0.last() = None;
    }
}
