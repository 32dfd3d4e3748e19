//! The instances of the library, by the ids that the host gives them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::run::Worker;

use super::instance::{Instance, Shared};

/// All instances that have run and are not forgotten.
#[derive(Default)]
pub(super) struct Instances {
    by_id: Mutex<Option<HashMap<Box<[u8]>, Shared>>>,
}

impl Instances {
    pub(super) const fn new() -> Self {
        Self { by_id: Mutex::new(None) }
    }

    /// The instance of an id, if it was configured with these texts.
    pub(super) fn get(&self, id: &[u8], texts: [&str; 2]) -> Option<Shared> {
        self.lock().as_ref()?.get(id).filter(|known| known.is_of(texts)).cloned()
    }

    /// Adds an instance, unless another thread was first. The one that it takes the place of is given back to be ended.
    pub(super) fn add(
        &self,
        id: &[u8],
        texts: [&str; 2],
        worker: Worker,
    ) -> (Shared, Option<Former>) {
        let mut guard = self.lock();
        let by_id = guard.get_or_insert_default();
        if let Some(known) = by_id.get(id).filter(|known| known.is_of(texts)) {
            return (Arc::clone(known), Some(Former::Worker(Box::new(worker))));
        }
        let new = Arc::new(Instance::new(worker, texts, Instant::now()));
        let former = by_id.insert(id.into(), Arc::clone(&new));
        (new, former.map(Former::Instance))
    }

    /// Takes an instance out.
    pub(super) fn remove(&self, id: &[u8], instance: &Shared) {
        let mut guard = self.lock();
        let Some(by_id) = guard.as_mut() else { return };
        if by_id.get(id).is_some_and(|known| Arc::ptr_eq(known, instance)) {
            by_id.remove(id);
        }
    }

    /// Takes out those that have not run for long.
    pub(super) fn take_idle(&self, now: Instant) -> Vec<Shared> {
        let mut guard = self.lock();
        let Some(by_id) = guard.as_mut() else { return Vec::new() };
        by_id.extract_if(|_, instance| instance.is_idle(now)).map(|(_, idle)| idle).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<Box<[u8]>, Shared>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is no longer wanted.
pub(super) enum Former {
    Instance(Shared),
    Worker(Box<Worker>),
}

impl Former {
    /// Its worker, unless a run has it.
    pub(super) fn end(self) -> Option<Box<Worker>> {
        match self {
            Self::Instance(instance) => instance.end(),
            Self::Worker(worker) => Some(worker),
        }
    }
}
