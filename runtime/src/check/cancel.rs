//! Tells a check that it should come to an end.

use std::sync::Arc;

use tokio::sync::watch;

/// A flag that is set once, when the instance is stopped or its run timed out, and that can be awaited.
#[derive(Debug, Clone)]
pub struct Cancellation {
    sender: Arc<watch::Sender<bool>>,
}

impl Default for Cancellation {
    fn default() -> Self {
        Self { sender: Arc::new(watch::Sender::new(false)) }
    }
}

impl Cancellation {
    /// Sets the flag.
    pub fn cancel(&self) {
        self.sender.send_replace(true);
    }

    /// The flag is set. A blocking check asks now and then and returns if so.
    pub fn is_cancelled(&self) -> bool {
        *self.sender.borrow()
    }

    /// Waits until the flag is set.
    pub async fn cancelled(&self) {
        // The sender lives in `self`, so the channel cannot close meanwhile.
        let _ = self.sender.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
