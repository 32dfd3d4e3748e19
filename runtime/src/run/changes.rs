//! What has changed of instances and is not written yet.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::state::{Change, Saved};

/// The last change of each instance, however long nothing can be written.
#[derive(Debug, Default)]
pub(super) struct Changes {
    waiting: HashMap<Arc<str>, Change, FixedState>,
    /// What is known of instances that are about to be made.
    recalled: HashMap<Arc<str>, Saved, FixedState>,
    /// Instances that are gone, and since when, in seconds since the Unix epoch.
    pub(super) gone: HashMap<Arc<str>, f64, FixedState>,
}

impl Changes {
    /// Takes note of a change.
    pub(super) fn add(&mut self, change: Change) {
        if let Some(saved) = self.recalled.get_mut(&change.instance) {
            saved.update(&change);
        }
        merge(&mut self.waiting, change);
    }

    /// Takes all changes out.
    pub(super) fn take(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.waiting).into_values().collect()
    }

    /// Puts changes back that could not be written. What has changed meanwhile is newer.
    pub(super) fn put_back(&mut self, changes: Vec<Change>) {
        let newer = std::mem::take(&mut self.waiting);
        changes
            .into_iter()
            .chain(newer.into_values())
            .for_each(|one| merge(&mut self.waiting, one));
    }

    /// Remembers what was kept of an instance until that is asked for, with all that changes meanwhile.
    pub(super) fn recall(&mut self, instance: Arc<str>, mut saved: Saved) {
        if let Some(change) = self.waiting.get(&instance) {
            saved.update(change);
        }
        self.gone.remove(&instance);
        self.recalled.insert(instance, saved);
    }

    /// What is known of an instance that was recalled.
    pub(super) fn recalled(&mut self, instance: &str) -> Saved {
        self.recalled.remove(instance).unwrap_or_default()
    }

    /// Forgets what was recalled and not asked for.
    pub(super) fn forget_recalled(&mut self) {
        self.recalled = HashMap::default();
    }

    /// Takes note of an instance that is gone.
    pub(super) fn release(&mut self, instance: Arc<str>, time: f64) {
        self.gone.insert(instance, time);
    }

    /// Takes out which instances are gone, and since when.
    pub(super) fn take_gone(&mut self) -> impl Iterator<Item = (Arc<str>, f64)> + use<> {
        std::mem::take(&mut self.gone).into_iter()
    }
}

/// Texts that have not changed since are those of the change before.
fn merge(changes: &mut HashMap<Arc<str>, Change, FixedState>, mut change: Change) {
    if let Some(former) = changes.remove(&change.instance) {
        change.cache = change.cache.or(former.cache);
    }
    changes.insert(Arc::clone(&change.instance), change);
}
