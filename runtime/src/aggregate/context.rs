//! Contexts: which samples belong to one series, and how long they are remembered.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::{Descriptor, Sample};

use super::state::State;

/// The tags of a series, and the host that its record named. Shared by the metrics of a record, from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagSet {
    hash: u64,
    tags: Box<str>,
    ends: Box<[u32]>,
    host: Option<Box<str>>,
}

impl TagSet {
    fn of(sample: &Sample<'_>) -> Self {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(sample.tags.len());
        for tag in sample.tags.clone() {
            text.push_str(tag);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Self {
            hash: sample.tags.hash(),
            tags: text.into_boxed_str(),
            ends: ends.into_boxed_slice(),
            host: sample.host.map(Box::from),
        }
    }

    /// The tags as `key:value`, in the order in which the record named them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let end = *end as usize;
            let tag = self.tags.get(start..end).unwrap_or_default();
            start = end;
            tag
        })
    }

    /// The host that the record named, unless it is the default one.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The same tags in any order. Nearly always the order is the same, too, since a record names its tags in one order.
    pub(super) fn is_of(&self, sample: &Sample<'_>) -> bool {
        let mut tags = sample.tags.clone();
        self.hash == sample.tags.hash()
            && self.host() == sample.host
            && self.ends.len() == tags.len()
            && (self.iter().eq(tags.clone()) || tags.all(|tag| self.iter().any(|own| own == tag)))
    }
}

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
