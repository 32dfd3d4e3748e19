//! Keeps the state of instances on disk, a moment before what they yielded is delivered.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::aggregate::Sampler;
use crate::check::Cache;
use crate::output::Before;
use crate::state::{Change, Saved, Store};

/// Gathers what has changed and puts it into a store before the deliveries of the same runs are served.
pub struct Keeper {
    store: Mutex<Store>,
    changes: Mutex<Vec<Change>>,
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

    /// What was kept of an instance. That it cannot be read is trouble, and as if nothing was kept.
    pub(super) fn get(&self, instance: &str) -> Option<Saved> {
        let read = lock(&self.store).get(instance);
        let mut saved = read.unwrap_or_else(|error| {
            self.note(Some(error));
            None
        });
        // What has not been written yet is newer.
        for change in lock(&self.changes).iter().filter(|change| *change.instance == *instance) {
            let saved = saved.get_or_insert_default();
            (saved.time, saved.baselines) = (change.time, change.baselines.clone());
            saved.cache = change.cache.clone().unwrap_or_else(|| std::mem::take(&mut saved.cache));
        }
        saved
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
        lock(&self.changes).push(Change { instance, time, baselines, cache });
        true
    }

    fn keep(&self) {
        let changes = std::mem::take(&mut *lock(&self.changes));
        if changes.is_empty() {
            return;
        }
        let kept = lock(&self.store).put(&changes);
        if kept.is_err() {
            self.take_back(changes);
        }
        self.note(kept.err());
    }

    /// Texts that could not be kept are to be kept with the next changes; baselines come again with every run.
    fn take_back(&self, changes: Vec<Change>) {
        let mut caches: BTreeMap<_, _> = changes
            .into_iter()
            .filter(|change| change.cache.is_some())
            .map(|change| (Arc::clone(&change.instance), change))
            .collect();
        let mut waiting = lock(&self.changes);
        for change in waiting.iter().filter(|change| change.cache.is_some()) {
            caches.remove(&change.instance);
        }
        waiting.splice(0..0, caches.into_values());
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
