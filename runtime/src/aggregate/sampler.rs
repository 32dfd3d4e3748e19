//! The sampler of an instance: takes the samples of every run, gives points at every commit.

use std::sync::Arc;

use crate::metric::{Batch, BucketSample, Kind, Metric, Sample};

use super::baselines::{Baseline, Baselines, Pending};
use super::context::{Context, Contexts, hash_of};
use super::cursor::{Cursor, Remembered};
use super::seen::{Clock, Seen};
use super::series::Flush;
use super::state::{Named, State};
use super::tag_set::{TagSet, Tagged};

/// How many contexts one instance may have; samples of further ones are counted and dropped.
const MAX_CONTEXTS: usize = 1_000_000;

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
    contexts: Contexts,
    clock: Clock,
    /// Samples since the last commit whose series were too many.
    over_limit: u64,
    pending: Option<Box<Pending>>,
    remembered: Option<Box<Remembered>>,
}

impl Sampler {
    /// A sampler that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A sampler that goes on from what another one remembered.
    ///
    /// A series that is not seen for 25 hours begins anew, as without a restart.
    pub fn restored(baselines: &Baselines) -> Self {
        let pending = Pending::new(baselines);
        Self { pending: (!pending.is_empty()).then(|| Box::new(pending)), ..Self::default() }
    }

    /// What the next samples are compared with, of the series that need it, at `time` in seconds since the Unix epoch.
    pub fn baselines(&self, time: f64) -> Baselines {
        let now = self.clock.at(time);
        let known = self.contexts.iter().filter_map(|(owner, context)| {
            let seen = time - f64::from(context.seen.unseen_for(now));
            let (reading, is_rate) = context.state.baseline(seen)?;
            let series = hash_of(owner.name(), context.tags.hash);
            Some(Baseline { series, is_rate, reading })
        });
        let pending = self.pending.iter().flat_map(|pending| pending.iter());
        Baselines { all: known.chain(pending).collect() }
    }

    /// Takes the samples of a run that was at `time`, in seconds since the Unix epoch.
    pub fn add(&mut self, batch: &Batch, time: f64) {
        let mut cursor = Cursor::new(batch, self.remembered.take());
        for Sample { metric, value, flush_first_value, tags, host } in batch.samples() {
            let Some(kind) = metric.kind() else { continue };
            let tagged = Tagged { tags, host };
            let Some(place) = self.place(metric, kind, &tagged, &mut cursor, time) else {
                self.over_limit += 1;
                continue;
            };
            self.seen(place).state.add(value, time, flush_first_value);
        }
        for BucketSample { metric, bucket, flush_first_value, tags, host } in batch.buckets() {
            let tagged = Tagged { tags, host };
            let place = self.place(metric, Kind::Distribution, &tagged, &mut cursor, time);
            let Some(place) = place else {
                self.over_limit += 1;
                continue;
            };
            self.seen(place).state.add_bucket(bucket, time, flush_first_value);
        }
        self.remembered = cursor.remember(batch);
    }

    /// The context at a place, which has a sample now.
    #[inline]
    fn seen(&mut self, place: usize) -> &mut Context {
        let context = self.contexts.at(place);
        context.seen = Seen::after(self.clock.commits());
        context
    }

    /// The place of a sample's context, a new one if need be and possible.
    #[inline]
    fn place(
        &mut self,
        metric: Metric<'_>,
        kind: Kind,
        tagged: &Tagged<'_>,
        cursor: &mut Cursor,
        time: f64,
    ) -> Option<usize> {
        let expected = cursor.expected;
        let tags = cursor.tag_set(tagged, &self.contexts)?;
        let place = match self.contexts.find(metric, tags, expected) {
            Some(place) => place,
            None => self.add_context(metric, kind, tags, time)?,
        };
        cursor.expected = place + 1;
        Some(place)
    }

    #[cold]
    fn add_context(
        &mut self,
        metric: Metric<'_>,
        kind: Kind,
        tags: &Arc<TagSet>,
        time: f64,
    ) -> Option<usize> {
        if self.contexts.len() >= MAX_CONTEXTS {
            return None;
        }
        let pending = self.pending.as_mut();
        let series = hash_of(metric.name(), tags.hash);
        let known = pending.and_then(|pending| pending.state(series, kind, time));
        let (state, tags) = (known.unwrap_or_else(|| State::new(kind)), Arc::clone(tags));
        Some(self.contexts.add(metric, Seen::after(self.clock.commits()), tags, state))
    }

    /// Takes out all points that have come together, at `time` in seconds since the Unix epoch.
    ///
    /// Unlike the Agent's, a distribution sampled within the second of the commit is not held back until the next one.
    pub fn commit(&mut self, time: f64) -> Flush {
        let series = Vec::with_capacity(self.contexts.len());
        let mut flush = Flush { series, ..Flush::default() };
        let now = self.clock.begin(time);
        let mut all_are_seen = true;
        for (owner, context) in self.contexts.iter_mut() {
            let Context { tags, state, seen, .. } = context;
            state.flush(Named { owner, tags }, time, &mut flush);
            all_are_seen &= seen.is_recent(now);
        }
        flush.rejected.over_limit = std::mem::take(&mut self.over_limit);
        if !all_are_seen {
            self.contexts
                .retain(|context| context.seen.is_wanted(now, context.state.is_stateful()));
        }
        self.pending.take_if(|pending| pending.forget_old(time));
        self.clock.end();
        flush
    }

    /// How many contexts are remembered.
    pub fn contexts(&self) -> usize {
        self.contexts.len()
    }
}
