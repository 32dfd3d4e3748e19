//! Contexts: which samples belong to one series, and how long they are remembered.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::Metric;

use super::owner::Owner;
use super::state::State;
use super::tag_set::{TagSet, Tagged};

/// Up to how many contexts looking at all of them costs no more than an index.
const FEW: usize = 8;

/// One series and what is remembered of it.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) owner: Owner,
    pub(super) tags: Arc<TagSet>,
    pub(super) state: State,
    /// When a stateful context that is no longer seen is forgotten; infinite while it is seen.
    pub(super) deadline: f64,
    /// The number of commits before its last sample, which may wrap around.
    pub(super) seen: u32,
}

impl Context {
    #[inline]
    pub(super) fn is(&self, metric: Metric<'_>, tags: &Arc<TagSet>) -> bool {
        Arc::ptr_eq(&self.tags, tags) && self.owner.is(metric)
    }

    fn hash(&self) -> u64 {
        hash_of(self.owner.name(), self.tags.hash)
    }
}

/// The hash of a context, the same in every process. Metrics are told apart by name, not address: a constant may exist more
/// than once.
#[inline]
pub(super) fn hash_of(name: &str, tags: u64) -> u64 {
    FixedState::with_seed(tags).hash_one(name)
}

/// Finds contexts and tag sets without looking at all of them. A sampler with few contexts has none.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Places among the contexts.
    places: HashTable<u32>,
    /// The tag sets in use. One that no context uses any more is forgotten.
    tag_sets: HashTable<Arc<TagSet>>,
}

impl Index {
    fn add(&mut self, all: &[Context], place: usize) {
        let Context { tags, .. } = &all[place];
        let hash = |place: &u32| all[*place as usize].hash();
        self.places.insert_unique(all[place].hash(), place_of(place), hash);
        if self.tag_sets.find(tags.hash, |set| Arc::ptr_eq(set, tags)).is_none() {
            self.tag_sets.insert_unique(tags.hash, Arc::clone(tags), |set| set.hash);
        }
    }
}

/// The contexts of a sampler, in the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    all: Vec<Context>,
    index: Option<Box<Index>>,
}

impl Contexts {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    #[inline]
    pub(super) fn at(&mut self, place: usize) -> &mut Context {
        &mut self.all[place]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Context> {
        self.all.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Context> {
        self.all.iter_mut()
    }

    /// The tag set of a sample. Runs are alike, so it is most often that of the context that comes next.
    #[inline]
    pub(super) fn tag_set(&self, sample: &Tagged<'_>, expected: usize) -> Arc<TagSet> {
        match self.all.get(expected) {
            Some(context) if context.tags.is_of(sample) => Arc::clone(&context.tags),
            _ => self.find_tag_set(sample),
        }
    }

    fn find_tag_set(&self, sample: &Tagged<'_>) -> Arc<TagSet> {
        let Some(index) = &self.index else {
            let known = self.all.iter().find(|context| context.tags.is_of(sample));
            return known
                .map_or_else(|| Arc::new(TagSet::of(sample)), |known| Arc::clone(&known.tags));
        };
        let known = index.tag_sets.find(sample.tags.hash(), |set| set.is_of(sample));
        known.map_or_else(|| Arc::new(TagSet::of(sample)), Arc::clone)
    }

    /// The place of a context, which is most often the one that comes next.
    #[inline]
    pub(super) fn find(
        &self,
        metric: Metric<'_>,
        tags: &Arc<TagSet>,
        expected: usize,
    ) -> Option<usize> {
        if self.all.get(expected).is_some_and(|context| context.is(metric, tags)) {
            return Some(expected);
        }
        let Some(index) = &self.index else {
            return self.all.iter().position(|context| context.is(metric, tags));
        };
        let is_it = |place: &u32| self.all[*place as usize].is(metric, tags);
        index.places.find(hash_of(metric.name(), tags.hash), is_it).map(|place| *place as usize)
    }

    /// Adds a context that was not found, and gives its place.
    pub(super) fn add(&mut self, context: Context) -> usize {
        let place = self.all.len();
        // Few contexts take the memory of these few; many double it, as ever.
        if place < FEW {
            self.all.reserve_exact(1);
        }
        self.all.push(context);
        let Self { all, index } = self;
        match index {
            Some(index) => index.add(all, place),
            None if all.len() > FEW => self.build_index(),
            None => {}
        }
        place
    }

    /// Keeps only the contexts that are still wanted.
    pub(super) fn retain(&mut self, wanted: impl FnMut(&mut Context) -> bool) {
        let before = self.all.len();
        self.all.retain_mut(wanted);
        if self.all.len() == before {
            return;
        }
        if self.all.len() < self.all.capacity() / 4 {
            self.all.shrink_to_fit();
        }
        self.index = None;
        if self.all.len() > FEW {
            self.build_index();
        }
    }

    fn build_index(&mut self) {
        let all = &self.all;
        let mut index = Index::default();
        (0..all.len()).for_each(|place| index.add(all, place));
        self.index = Some(Box::new(index));
    }
}

/// A place among the contexts, of which 4 billion would not fit into memory.
fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
