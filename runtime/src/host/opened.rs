//! What Python has opened, by number.

use std::collections::HashMap;
use std::ffi::CString;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The next number. It is not a library's, so that one of a process before a fork is none of the process after it.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// The instances that Python has opened, by their numbers.
pub(super) struct Opened(Mutex<Option<HashMap<u64, Arc<Asked>>>>);

/// What an instance was opened with.
pub(super) struct Asked {
    pub(super) id: CString,
    pub(super) init_config: String,
    pub(super) instance: String,
}

impl Opened {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<u64, Arc<Asked>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next number.
    pub(super) fn next() -> u64 {
        NEXT.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn add(&self, number: u64, asked: Asked) {
        self.lock().get_or_insert_default().insert(number, Arc::new(asked));
    }

    pub(super) fn get(&self, number: u64) -> Option<Arc<Asked>> {
        self.lock().as_ref()?.get(&number).cloned()
    }

    pub(super) fn remove(&self, number: u64) -> Option<Arc<Asked>> {
        self.lock().as_mut()?.remove(&number)
    }
}
