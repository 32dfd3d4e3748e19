//! The sampler of an instance: takes the samples of every run, gives points at every commit.

use std::sync::Arc;

use hashbrown::HashTable;

use crate::metric::{Batch, Kind, Sample, Tags};

use super::context::{Context, TagSets, hash_of};
use super::series::Flush;
use super::state::{Named, State};
use super::tag_set::TagSet;

/// After how many commits without a sample a context is forgotten, or begins to wait for it if it is stateful.
const COMMITS_KEPT: u64 = 2;

/// How many seconds a stateful context (a rate, a monotonic count) waits for its next sample.
const STATEFUL_SECONDS_KEPT: f64 = 25.0 * 3600.0;

/// Turns the samples of one instance's runs into series.
///
/// ```
/// use allwell::aggregate::Sampler;
/// use allwell::metric::{Batch, Limits};
///
/// let mut sampler = Sampler::new();
/// let batch = Batch::new(["env:prod"], Limits::default());
/// sampler.add(&batch, 1_700_000_000.0);
/// assert!(sampler.commit(1_700_000_000.0).series.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct Sampler {
    contexts: Vec<Context>,
    /// Places in `contexts`.
    index: HashTable<u32>,
    tag_sets: TagSets,
    commits: u64,
}

impl Sampler {
    /// A sampler that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the samples of a run that was at `time`, in seconds since the Unix epoch.
    pub fn add(&mut self, batch: &Batch, time: f64) {
        let mut last: Option<(Tags<'_>, Arc<TagSet>)> = None;
        let mut expected = 0;
        for sample in batch.samples() {
            let Some(kind) = sample.descriptor.kind() else { continue };
            let tags = match &last {
                Some((tags, set)) if tags.is_same_set(&sample.tags) => set,
                _ => {
                    let set = self.tag_set(&sample, expected);
                    &last.insert((sample.tags.clone(), set)).1
                }
            };
            let place = self.place(&sample, kind, tags, expected);
            let context = &mut self.contexts[place];
            context.seen = self.commits;
            context.deadline = None;
            context.state.add(sample.value, time, sample.descriptor.flush_first_value);
            expected = place + 1;
        }
    }

    /// The tag set of a sample. Runs are alike, so it is most often that of the context that comes next.
    fn tag_set(&mut self, sample: &Sample<'_>, expected: usize) -> Arc<TagSet> {
        match self.contexts.get(expected) {
            Some(context) if context.tags.is_of(sample) => Arc::clone(&context.tags),
            _ => self.tag_sets.resolve(sample),
        }
    }

    /// The place of a sample's context, which is most often the one that comes next.
    fn place(
        &mut self,
        sample: &Sample<'_>,
        kind: Kind,
        tags: &Arc<TagSet>,
        expected: usize,
    ) -> usize {
        let descriptor = sample.descriptor;
        let contexts = &mut self.contexts;
        if contexts.get(expected).is_some_and(|context| context.is(descriptor, tags)) {
            return expected;
        }
        let hash = hash_of(descriptor, sample.tags.hash());
        let is_it = |place: &u32| contexts[*place as usize].is(descriptor, tags);
        if let Some(place) = self.index.find(hash, is_it) {
            return *place as usize;
        }
        let (state, tags) = (State::new(kind), Arc::clone(tags));
        contexts.push(Context { descriptor, tags, state, hash, seen: 0, deadline: None });
        let place = contexts.len() - 1;
        self.index.insert_unique(hash, place_of(place), |place| contexts[*place as usize].hash);
        place
    }

    /// Takes out all points that have come together, at `time` in seconds since the Unix epoch.
    ///
    /// Unlike the Agent's, a distribution sampled within the second of the commit is not held back until the next one.
    pub fn commit(&mut self, time: f64) -> Flush {
        let series = Vec::with_capacity(self.contexts.len());
        let mut flush = Flush { series, ..Flush::default() };
        for context in &mut self.contexts {
            let Context { descriptor, tags, state, .. } = context;
            state.flush(Named { descriptor, tags }, time, &mut flush);
        }
        self.expire(time);
        self.commits += 1;
        flush
    }

    /// How many contexts are remembered.
    pub fn contexts(&self) -> usize {
        self.contexts.len()
    }

    fn expire(&mut self, time: f64) {
        let before = self.contexts.len();
        let commits = self.commits;
        self.contexts.retain_mut(|context| {
            if let Some(deadline) = context.deadline {
                return deadline >= time;
            }
            if context.seen + COMMITS_KEPT > commits {
                return true;
            }
            context.deadline = Some(time + STATEFUL_SECONDS_KEPT);
            context.state.is_stateful()
        });
        if self.contexts.len() < before {
            self.rebuild_index();
            self.tag_sets.forget_unused();
        }
    }

    fn rebuild_index(&mut self) {
        let Self { contexts, index, .. } = self;
        index.clear();
        for (place, context) in contexts.iter().enumerate() {
            index.insert_unique(context.hash, place_of(place), |place| {
                contexts[*place as usize].hash
            });
        }
    }
}

/// A place among the contexts, of which 4 billion would not fit into memory.
fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
