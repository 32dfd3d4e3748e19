//! What an instance keeps from run to run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Key-value text that an instance remembers: a cursor, a last seen version.
///
/// Kept for as long as the process runs.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// Most checks keep nothing.
    kept: OnceLock<Arc<Mutex<Kept>>>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: BTreeMap<String, String>,
}

impl Cache {
    /// The value last stored under a key.
    pub fn get(&self, key: &str) -> Option<String> {
        lock(self.kept.get()?).entries.get(key).cloned()
    }

    /// Stores a value under a key.
    pub fn set(&self, key: impl Into<String>, value: impl Into<String>) {
        lock(self.kept.get_or_init(Arc::default)).entries.insert(key.into(), value.into());
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
