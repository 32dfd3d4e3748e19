//! The tasks that go on, so that their end can be waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts tasks.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    counter: Arc<Counter>,
}

#[derive(Debug, Default)]
struct Counter {
    running: AtomicUsize,
    none_left: Notify,
}

/// Counts down however the task ends.
struct Running(Arc<Counter>);

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.none_left.notify_waiters();
        }
    }
}

impl Tasks {
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.counter.running.fetch_add(1, Ordering::AcqRel);
        let running = Running(Arc::clone(&self.counter));
        tokio::spawn(async move {
            task.await;
            drop(running);
        });
    }

    pub(super) fn running(&self) -> usize {
        self.counter.running.load(Ordering::Acquire)
    }

    /// Waits until none is left.
    pub(super) async fn all_done(&self) {
        loop {
            let none_left = self.counter.none_left.notified();
            if self.running() == 0 {
                return;
            }
            none_left.await;
        }
    }
}
