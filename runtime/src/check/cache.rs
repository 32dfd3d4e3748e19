//! What an instance keeps from run to run, and over restarts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Key-value text that an instance remembers: a cursor, a last seen version.
///
/// The runtime keeps it on disk, so it is there after a restart; `check` and tests keep it for as long as they run.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// Most checks keep nothing.
    kept: OnceLock<Arc<Mutex<Kept>>>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: BTreeMap<String, String>,
    changed: bool,
}

impl Cache {
    /// A cache that holds what it held before.
    pub(crate) fn restored(entries: BTreeMap<String, String>) -> Self {
        if entries.is_empty() {
            return Self::default();
        }
        Self { kept: OnceLock::from(Arc::new(Mutex::new(Kept { entries, changed: false }))) }
    }

    /// All entries, if one has changed since this was last asked.
    pub(crate) fn changed(&self) -> Option<BTreeMap<String, String>> {
        let mut kept = lock(self.kept.get()?);
        std::mem::take(&mut kept.changed).then(|| kept.entries.clone())
    }

    /// Holds what another one holds, instead of what it held.
    pub(crate) fn adopt(&self, other: &Self) {
        let Some(other) = other.kept.get() else { return };
        let mut other = lock(other);
        let (entries, changed) = (other.entries.clone(), std::mem::take(&mut other.changed));
        drop(other);
        *lock(self.kept.get_or_init(Arc::default)) = Kept { entries, changed };
    }

    /// The value last stored under a key.
    pub fn get(&self, key: &str) -> Option<String> {
        lock(self.kept.get()?).entries.get(key).cloned()
    }

    /// Stores a value under a key.
    pub fn set(&self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        let mut kept = lock(self.kept.get_or_init(Arc::default));
        if kept.entries.get(&key) != Some(&value) {
            kept.entries.insert(key, value);
            kept.changed = true;
        }
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
