//! Contexts: which samples belong to one series, and how long they are remembered.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::{Descriptor, Sample};

use super::state::State;
use super::tag_set::TagSet;

/// The tag sets in use. One that no context uses any more is forgotten.
#[derive(Debug, Default)]
pub(super) struct TagSets {
    sets: HashTable<Arc<TagSet>>,
}

impl TagSets {
    pub(super) fn resolve(&mut self, sample: &Sample<'_>) -> Arc<TagSet> {
        let hash = sample.tags.hash();
        if let Some(set) = self.sets.find(hash, |set| set.is_of(sample)) {
            return Arc::clone(set);
        }
        let set = Arc::new(TagSet::of(sample));
        self.sets.insert_unique(hash, Arc::clone(&set), |set| set.hash);
        set
    }

    pub(super) fn forget_unused(&mut self) {
        self.sets.retain(|set| Arc::strong_count(set) > 1);
    }
}

/// One series and what is remembered of it.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) descriptor: &'static Descriptor,
    pub(super) tags: Arc<TagSet>,
    pub(super) state: State,
    pub(super) hash: u64,
    /// The number of commits before its last sample.
    pub(super) seen: u64,
    /// When a stateful context that is no longer seen is forgotten.
    pub(super) deadline: Option<f64>,
}

impl Context {
    #[inline]
    pub(super) fn is(&self, descriptor: &'static Descriptor, tags: &Arc<TagSet>) -> bool {
        Arc::ptr_eq(&self.tags, tags)
            && (std::ptr::eq(self.descriptor, descriptor)
                || self.descriptor.name == descriptor.name)
    }
}

/// The hash of a context. Descriptors are told apart by name, not address: a constant may exist more than once.
#[inline]
pub(super) fn hash_of(descriptor: &Descriptor, tags: u64) -> u64 {
    FixedState::with_seed(tags).hash_one(descriptor.name)
}
