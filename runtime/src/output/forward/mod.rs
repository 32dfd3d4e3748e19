//! Between an encoder and an endpoint: payloads are sent oldest first, and outlive outages and restarts.

mod backoff;
mod breaker;
mod counts;
mod endpoint;
mod http;
mod notice;
mod options;
mod payload;
mod queue;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::Held;

pub use backoff::Backoff;
pub use counts::ForwardStatistics;
pub use endpoint::{Endpoint, Refusal, Remedy, Sending};
pub use http::{HttpEndpoint, ReadAnswer, remedy};
pub use notice::{Loss, Notice};
pub use options::{ForwardOptions, Observer, SpoolOptions};
pub use payload::Payload;

/// Takes payloads and sends them to an endpoint: at once if nothing waits, and oldest first.
pub struct Forwarder {
    shared: Arc<worker::Shared>,
    worker: JoinHandle<()>,
}

impl Forwarder {
    /// A forwarder to an endpoint. To be called within a runtime.
    pub fn new(endpoint: Arc<dyn Endpoint>, options: ForwardOptions) -> Self {
        let shared = Arc::new(worker::Shared::new(endpoint, options));
        let worker = tokio::spawn(worker::run(Arc::clone(&shared)));
        Self { shared, worker }
    }

    /// Takes a payload. Never waits, and never fails: what becomes of it is counted.
    pub fn push(&self, payload: Payload) {
        self.shared.push(payload);
    }

    /// What became of everything.
    pub fn statistics(&self) -> ForwardStatistics {
        let state = self.shared.state();
        let mut counts = state.counts.clone();
        counts.queued = state.queue.amount();
        counts.memory_bytes = state.queue.bytes;
        counts.retrying = state.queue.routes.values().any(|route| route.breaker.is_open());
        counts
    }

    /// The same as an output tells it.
    pub fn held(&self) -> Held {
        let counts = self.statistics();
        Held {
            restored: counts.restored,
            queued: counts.queued,
            stored: counts.stored,
            dropped: counts.dropped(),
            refused: counts.refused,
            errors: counts.errors,
            last_error: counts.last_error,
            retrying: counts.retrying,
        }
    }

    /// Sends what waits, or puts it where it survives, within a time. What is pushed afterwards is dropped, and counted.
    pub async fn finish(&self, within: Duration) {
        let _ = tokio::time::timeout(within, self.shared.empty.notified()).await;
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

impl fmt::Debug for Forwarder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forwarder")
            .field("endpoint", &self.shared.endpoint.name())
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}
