//! An output that keeps all it is given, for tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::delivery::Delivery;
use super::{Delivering, Output};

/// Keeps all deliveries until they are taken out.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    kept: Arc<Mutex<Vec<Arc<Delivery>>>>,
}

impl Memory {
    /// An output that has been given nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes out what it has been given so far.
    pub fn take(&self) -> Vec<Arc<Delivery>> {
        std::mem::take(&mut self.kept())
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Arc<Delivery>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Output for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        self.kept().extend_from_slice(deliveries);
        Box::pin(std::future::ready(Ok(())))
    }
}
