//! Batches that wait for the next run, of whatever instance: memory in use grows with what runs at once, not with what is
//! configured.

use std::sync::{Mutex, PoisonError};

use crate::metric::Batch;

/// How many batches are kept.
const KEPT: usize = 64;

/// A batch that has grown beyond this is given back to the system.
const LARGEST_KEPT: usize = 256 * 1024;

/// Batches for runs.
#[derive(Debug, Default)]
pub(super) struct Batches {
    #[expect(
        clippy::vec_box,
        reason = "a batch travels as a pointer, between here and the instances"
    )]
    idle: Mutex<Vec<Box<Batch>>>,
}

impl Batches {
    pub(super) fn take(&self) -> Box<Batch> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub(super) fn give_back(&self, mut batch: Box<Batch>) {
        if batch.capacity() > LARGEST_KEPT {
            return;
        }
        batch.clear();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(batch);
        }
    }
}
