//! A small store of text that an instance keeps from run to run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Key-value text that an instance remembers: a cursor, a last seen version.
///
/// Kept for as long as the process runs.
#[derive(Debug, Default)]
pub struct Cache {
    entries: Mutex<BTreeMap<String, String>>,
}

impl Cache {
    /// The value last stored under a key.
    pub fn get(&self, key: &str) -> Option<String> {
        self.lock().get(key).cloned()
    }

    /// Stores a value under a key.
    pub fn set(&self, key: impl Into<String>, value: impl Into<String>) {
        self.lock().insert(key.into(), value.into());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
