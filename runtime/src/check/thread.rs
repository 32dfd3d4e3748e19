//! Tells whether a thread of the blocking pool still works for a run.

use std::sync::Arc;

tokio::task_local! {
    static OWN: Thread;
}

/// Held by a run and by the thread that works for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Thread(Arc<()>);

impl Thread {
    /// The thread has not come back.
    pub(crate) fn is_busy(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// A run whose thread holds this.
    pub(crate) async fn watch<F: Future>(&self, run: F) -> F::Output {
        OWN.scope(self.clone(), run).await
    }

    /// What the thread of the current run is to hold.
    pub(crate) fn of_this_run() -> Option<Self> {
        OWN.try_with(Clone::clone).ok()
    }
}
