//! Contexts: which samples belong to one series, and how long they are remembered.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::Metric;

use super::owner::{FEW, Owner, OwnerPlace, Owners, place_of};
use super::seen::Seen;
use super::state::State;
use super::tag_set::{TagSet, Tagged};

/// One series and what is remembered of it. There may be a million of them.
#[derive(Debug)]
pub(super) struct Context {
    owner: OwnerPlace,
    pub(super) seen: Seen,
    pub(super) tags: Arc<TagSet>,
    pub(super) state: State,
}

const _: () = assert!(size_of::<Context>() <= 48 || size_of::<usize>() > 8);

/// By which part of themselves contexts grow when they need room: doubled, a million of them would waste up to half of it.
const GROWTH: usize = 8;

/// The hash of a context, the same in every process. Metrics are told apart by name, not address: a constant may exist more
/// than once.
#[inline]
pub(super) fn hash_of(name: &str, tags: u64) -> u64 {
    FixedState::with_seed(tags).hash_one(name)
}

/// Finds contexts and tag sets without looking at all of them, by the places of contexts. A sampler with few contexts has none.
#[derive(Debug, Default)]
struct Index {
    contexts: HashTable<u32>,
    /// For each tag set that is in use, the first context that has it.
    tag_sets: HashTable<u32>,
}

/// The contexts of a sampler, in the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    all: Vec<Context>,
    owners: Owners,
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

    /// The contexts, and what each is of.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Owner, &Context)> {
        self.all.iter().map(|context| (self.owners.at(context.owner), context))
    }

    /// The contexts, and what each is of.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&Owner, &mut Context)> {
        let Self { all, owners, .. } = self;
        all.iter_mut().map(|context| (owners.at(context.owner), context))
    }

    /// The tag set of a sample, which may be known to be one that was found `before`. Runs are alike, so it is most often that of
    /// the context that comes next.
    #[inline]
    pub(super) fn tag_set(
        &self,
        sample: &Tagged<'_>,
        before: Option<Arc<TagSet>>,
        expected: usize,
    ) -> Arc<TagSet> {
        let expected = self.all.get(expected).map(|context| &context.tags);
        match (before, expected) {
            (Some(before), Some(expected)) if Arc::ptr_eq(&before, expected) => before,
            (_, Some(expected)) if expected.is_of(sample) => Arc::clone(expected),
            _ => self.find_tag_set(sample),
        }
    }

    fn find_tag_set(&self, sample: &Tagged<'_>) -> Arc<TagSet> {
        let Some(index) = &self.index else {
            let known = self.all.iter().find(|context| context.tags.is_of(sample));
            return known
                .map_or_else(|| Arc::new(TagSet::of(sample)), |known| Arc::clone(&known.tags));
        };
        let tags = |place: &u32| &self.all[*place as usize].tags;
        let known = index.tag_sets.find(sample.tags.hash(), |place| tags(place).is_of(sample));
        known.map_or_else(|| Arc::new(TagSet::of(sample)), |place| Arc::clone(tags(place)))
    }

    #[inline]
    fn is(&self, context: &Context, metric: Metric<'_>, tags: &Arc<TagSet>) -> bool {
        Arc::ptr_eq(&context.tags, tags) && self.owners.at(context.owner).is(metric)
    }

    /// The place of a context, which is most often the one that comes next.
    #[inline]
    pub(super) fn find(
        &self,
        metric: Metric<'_>,
        tags: &Arc<TagSet>,
        expected: usize,
    ) -> Option<usize> {
        if self.all.get(expected).is_some_and(|context| self.is(context, metric, tags)) {
            return Some(expected);
        }
        let Some(index) = &self.index else {
            return self.all.iter().position(|context| self.is(context, metric, tags));
        };
        let is_it = |place: &u32| self.is(&self.all[*place as usize], metric, tags);
        index.contexts.find(hash_of(metric.name(), tags.hash), is_it).map(|place| *place as usize)
    }

    /// Adds a context that was not found, and gives its place.
    pub(super) fn add(
        &mut self,
        metric: Metric<'_>,
        seen: Seen,
        tags: Arc<TagSet>,
        state: State,
    ) -> usize {
        let owner = self.owners.place(metric);
        let place = self.all.len();
        if place == self.all.capacity() {
            self.all.reserve_exact((place / GROWTH).max(1));
        }
        self.all.push(Context { owner, seen, tags, state });
        match self.index.is_some() {
            true => self.list(place),
            false if self.all.len() > FEW => self.list_all(),
            false => {}
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
        self.owners.keep(self.all.iter_mut().map(|context| &mut context.owner));
        self.index = None;
        if self.all.len() > FEW {
            self.list_all();
        }
    }

    fn list_all(&mut self) {
        self.index = Some(Box::default());
        (0..self.all.len()).for_each(|place| self.list(place));
    }

    fn list(&mut self, place: usize) {
        let Self { all, owners, index } = self;
        let Some(Index { contexts, tag_sets }) = index.as_deref_mut() else { return };
        let tags = |place: &u32| &all[*place as usize].tags;
        let name = |place: &u32| owners.at(all[*place as usize].owner).name();
        let hash = |place: &u32| hash_of(name(place), tags(place).hash);
        let place = place_of(place);
        contexts.insert_unique(hash(&place), place, hash);
        let own = tags(&place);
        if tag_sets.find(own.hash, |other| Arc::ptr_eq(tags(other), own)).is_none() {
            tag_sets.insert_unique(own.hash, place, |place| tags(place).hash);
        }
    }
}
