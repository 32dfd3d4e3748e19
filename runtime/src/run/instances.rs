//! The instances by their ids, at the cost of a pointer each.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::instance::Instance;

/// Instances by id.
#[derive(Default)]
pub(super) struct Instances {
    table: HashTable<Arc<Instance>>,
}

impl Instances {
    pub(super) fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Arc<Instance>> {
        self.table.find(hash(id), |instance| *instance.id == *id)
    }

    pub(super) fn insert(&mut self, instance: Arc<Instance>) {
        self.table.insert_unique(hash(&instance.id), instance, |instance| hash(&instance.id));
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Arc<Instance>> {
        let found = self.table.find_entry(hash(id), |instance| *instance.id == *id).ok()?;
        Some(found.remove().0)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Instance>> {
        self.table.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }
}

fn hash(id: &str) -> u64 {
    FixedState::with_seed(0).hash_one(id)
}
