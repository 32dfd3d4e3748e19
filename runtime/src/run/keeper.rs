//! Keeps the state of instances on disk, a moment before what they yielded is delivered.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::aggregate::Sampler;
use crate::check::Cache;
use crate::output::Before;
use crate::state::{Change, Saved, Store};

use super::changes::Changes;

/// Gathers what has changed and puts it into a store before the deliveries of the same runs are served.
pub struct Keeper {
    store: Mutex<Store>,
    /// Where both are held, the store is locked first.
    changes: Mutex<Changes>,
    trouble: Mutex<Trouble>,
}

/// What went wrong with the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// How many times it could not be read or written.
    pub errors: u64,
    /// The last error, if it was not followed by success.
    pub last: Option<String>,
}

impl Keeper {
    /// A keeper of state in a store.
    pub fn new(store: Store) -> Arc<Self> {
        let (store, changes, trouble) = (Mutex::new(store), Mutex::default(), Mutex::default());
        Arc::new(Self { store, changes, trouble })
    }

    /// What a hub is to do before it serves its outputs.
    pub fn before(self: &Arc<Self>) -> Before {
        let keeper = Arc::clone(self);
        Arc::new(move |_| keeper.keep())
    }

    /// Writes what has changed, and forces it to the disk.
    pub fn finish(&self) {
        self.keep();
        let synced = lock(&self.store).sync();
        self.note(synced.err());
    }

    /// What went wrong.
    pub fn trouble(&self) -> Trouble {
        lock(&self.trouble).clone()
    }

    /// Reads what was kept of instances that are about to be made. It waits as long as the disk does. That something cannot be
    /// read is trouble, and as if nothing was kept.
    pub(super) fn recall(&self, instances: impl IntoIterator<Item = Arc<str>>) {
        for instance in instances {
            let mut store = lock(&self.store);
            let saved = store.get(&instance).unwrap_or_else(|error| {
                self.note(Some(error));
                None
            });
            lock(&self.changes).recall(instance, saved.unwrap_or_default());
        }
    }

    /// What is known of an instance that was recalled, by now. It waits for nothing.
    pub(super) fn recalled(&self, instance: &str) -> Saved {
        lock(&self.changes).recalled(instance)
    }

    /// Forgets what was recalled and not asked for.
    pub(super) fn forget_recalled(&self) {
        lock(&self.changes).forget_recalled();
    }

    /// Takes note that an instance is gone, at a time in seconds since the Unix epoch: it may be forgotten, in a month. It waits for
    /// nothing.
    pub(super) fn release(&self, instance: &Arc<str>, time: f64) {
        lock(&self.changes).release(Arc::clone(instance), time);
    }

    /// Takes note of what a run has changed. Tells whether there is anything to be kept.
    pub(super) fn add(
        &self,
        instance: &Arc<str>,
        sampler: &Sampler,
        cache: &Cache,
        time: f64,
    ) -> bool {
        let (baselines, cache) = (sampler.baselines(time), cache.changed());
        if baselines.all.is_empty() && cache.is_none() {
            return false;
        }
        let instance = Arc::clone(instance);
        lock(&self.changes).add(Change { instance, time, baselines, cache });
        true
    }

    /// Changes are taken out while the store is held, so that nobody reads what they are about to replace.
    fn keep(&self) {
        let mut store = lock(&self.store);
        let (changes, gone) = {
            let mut changes = lock(&self.changes);
            (changes.take(), changes.take_gone())
        };
        gone.for_each(|(instance, time)| store.release(&instance, time));
        if changes.is_empty() {
            return;
        }
        let kept = store.put(&changes);
        if kept.is_err() {
            lock(&self.changes).put_back(changes);
        }
        let lapse = store.take_lapse();
        drop(store);
        self.note(kept.err().or(lapse));
    }

    fn note(&self, error: Option<io::Error>) {
        let mut trouble = lock(&self.trouble);
        trouble.errors += u64::from(error.is_some());
        trouble.last = error.map(|error| error.to_string());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").field("trouble", &self.trouble()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
