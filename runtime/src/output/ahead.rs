//! A thread of its own for what is done with every batch before the outputs are served.
//!
//! The runtime's threads for what blocks may all be taken by checks that hang; what survives a restart, and so all deliveries, must not
//! wait for those.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::sync::oneshot;

use super::delivery::Delivery;
use super::hub::Before;

type Batch = Vec<Arc<Delivery>>;

/// Does something with batches, one after the other.
pub(super) struct Ahead {
    before: Before,
    batches: Option<Sender<(Batch, oneshot::Sender<()>)>>,
}

impl Ahead {
    pub(super) fn new(before: Before) -> Self {
        let (batches, received) = channel();
        let serve = {
            let before = Arc::clone(&before);
            move || serve(&before, &received)
        };
        let thread = thread::Builder::new().name(String::from("state")).spawn(serve);
        Self { before, batches: thread.is_ok().then_some(batches) }
    }

    /// Returns when it has been done with a batch.
    pub(super) async fn done_with(&self, batch: &[Arc<Delivery>]) {
        let (done, is_done) = oneshot::channel();
        let sent = self.batches.as_ref().map(|batches| batches.send((batch.to_vec(), done)));
        match sent {
            Some(Ok(())) => drop(is_done.await),
            // No thread was to be had: better late than never.
            None | Some(Err(_)) => (self.before)(batch),
        }
    }
}

fn serve(before: &Before, batches: &Receiver<(Batch, oneshot::Sender<()>)>) {
    while let Ok((batch, done)) = batches.recv() {
        // A panic in there has been told by then, and the batch is still good.
        let _ = catch_unwind(AssertUnwindSafe(|| before(&batch)));
        // If nobody waits any more, the hub is gone.
        let _ = done.send(());
    }
}
