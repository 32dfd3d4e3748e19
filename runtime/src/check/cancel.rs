//! Tells a run that it should come to an end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::context::Core;

/// A flag that is set once, when the instance is stopped or its run timed out, and that can be awaited.
#[derive(Debug, Clone)]
pub struct Cancellation {
    core: Arc<Core>,
}

/// The flag itself.
#[derive(Debug, Default)]
pub(super) struct Flag {
    is_set: AtomicBool,
    set: Notify,
}

impl Flag {
    pub(super) fn set(&self) {
        self.is_set.store(true, Ordering::Release);
        self.set.notify_waiters();
    }
}

impl Cancellation {
    pub(crate) fn of(core: &Arc<Core>) -> Self {
        Self { core: Arc::clone(core) }
    }

    /// Sets the flag.
    pub(crate) fn cancel(&self) {
        self.core.cancel();
    }

    /// The flag is set. A blocking check asks now and then and returns if so.
    pub fn is_cancelled(&self) -> bool {
        self.core.cancelled.is_set.load(Ordering::Acquire)
    }

    /// Waits until the flag is set.
    pub async fn cancelled(&self) {
        // Made before the flag is looked at, it hears of a flag that is set in between.
        let set = self.core.cancelled.set.notified();
        if !self.is_cancelled() {
            set.await;
        }
    }
}
