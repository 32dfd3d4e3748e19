//! Where a run's samples go: columns of descriptors, values and tag sets, over one arena of text.
//!
//! A batch belongs to an instance and is cleared, not dropped, between runs; once it has grown to a run's size, a run
//! allocates nothing in it. The tags of a record are written and hashed once for all its metrics.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::descriptor::Descriptor;
use super::event::{Event, Log};
use super::limits::{Limits, Verdict};
use super::name::MAX_TAG;
use super::status::Status;
use super::tag::{TagText, TagValue};

/// The samples, service checks, events and logs of a run.
#[derive(Debug)]
pub struct Batch {
    arena: String,
    tags: Vec<Tag>,
    sets: Vec<TagSet>,
    descriptors: Vec<&'static Descriptor>,
    values: Vec<f64>,
    value_sets: Vec<u32>,
    service_checks: Vec<(&'static Descriptor, Status, u32)>,
    events: Vec<Event>,
    logs: Vec<Log>,
    limits: Limits,
    limited: bool,
    drops: Drops,
    common: Common,
}

/// The ends of what every run begins with: the instance's own tags.
#[derive(Debug, Clone, Copy)]
struct Common {
    arena: usize,
    tags: usize,
}

#[derive(Debug, Clone, Copy)]
struct Tag {
    start: u32,
    end: u32,
    hash: u64,
}

/// A range of tags; the root set holds the instance's tags, the others come on top of it.
#[derive(Debug, Clone, Copy)]
struct TagSet {
    start: u32,
    end: u32,
    hash: u64,
    host: Option<(u32, u32)>,
}

/// Samples that a run did not keep, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drops {
    /// Not a number, or infinite.
    pub not_finite: u64,
    /// Left out by the instance's `metric_patterns`.
    pub filtered: u64,
    /// Over the instance's `max_returned_metrics`.
    pub over_limit: u64,
}

const ROOT: u32 = 0;

impl Batch {
    /// An empty batch whose samples all carry `tags`.
    pub fn new<T: AsRef<str>>(tags: impl IntoIterator<Item = T>, limits: Limits) -> Self {
        let mut batch = Self {
            arena: String::new(),
            tags: Vec::new(),
            sets: vec![TagSet { start: 0, end: 0, hash: 0, host: None }],
            descriptors: Vec::new(),
            values: Vec::new(),
            value_sets: Vec::new(),
            service_checks: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
            limited: !limits.none(),
            limits,
            drops: Drops::default(),
            common: Common { arena: 0, tags: 0 },
        };
        for tag in tags {
            let start = batch.arena.len();
            batch.arena.push_str(tag.as_ref());
            batch.end_tag(start, 0);
        }
        batch.common = Common { arena: batch.arena.len(), tags: batch.tags.len() };
        batch.sets[0] = batch.set_of(0, batch.tags.len(), None);
        batch
    }

    /// Forgets the last run and keeps its memory.
    pub fn clear(&mut self) {
        self.arena.truncate(self.common.arena);
        self.tags.truncate(self.common.tags);
        self.sets.truncate(1);
        self.descriptors.clear();
        self.values.clear();
        self.value_sets.clear();
        self.service_checks.clear();
        self.events.clear();
        self.logs.clear();
        self.drops = Drops::default();
        self.limits.next_run();
    }

    /// The way to submit records.
    pub fn emitter(&mut self) -> Emitter<'_> {
        Emitter { batch: self, set: ROOT }
    }

    /// Adds an event.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Adds a log line.
    pub fn log(&mut self, log: Log) {
        self.logs.push(log);
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// There are no samples.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The samples, in the order of submission.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = Sample<'_>> {
        (0..self.values.len()).map(|i| {
            let set = self.value_sets[i];
            Sample {
                descriptor: self.descriptors[i],
                value: self.values[i],
                tags: self.tags_of(set),
                host: self.host_of(set),
            }
        })
    }

    /// The service checks, in the order of submission.
    pub fn service_checks(&self) -> impl ExactSizeIterator<Item = ServiceCheckSample<'_>> {
        self.service_checks.iter().map(|(descriptor, status, set)| ServiceCheckSample {
            descriptor,
            status,
            tags: self.tags_of(*set),
            host: self.host_of(*set),
        })
    }

    /// The events, in the order of submission, without the instance's tags.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The log lines, in the order of submission, without the instance's tags.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The tags of the instance, which everything in the batch carries.
    pub fn common_tags(&self) -> Tags<'_> {
        self.tags_of(ROOT)
    }

    /// What was not kept.
    pub const fn drops(&self) -> Drops {
        self.drops
    }

    fn tags_of(&self, set: u32) -> Tags<'_> {
        let TagSet { start, end, hash, .. } = self.sets[set as usize];
        let own = if set == ROOT { 0..0 } else { start as usize..end as usize };
        Tags { batch: self, common: 0..self.common.tags, own, hash }
    }

    fn host_of(&self, set: u32) -> Option<&str> {
        let (start, end) = self.sets[set as usize].host?;
        self.arena.get(start as usize..end as usize)
    }

    /// Keeps the text from `start` on as a tag of the set that begins at `set_start`, unless it is empty or there already.
    #[inline]
    fn end_tag(&mut self, start: usize, set_start: usize) {
        if self.arena.len() - start > MAX_TAG {
            self.cut_tag(start);
        }
        let text = &self.arena[start..];
        let hash = FixedState::with_seed(0).hash_one(text.as_bytes());
        let known = |tag: &Tag| {
            tag.hash == hash && self.arena[tag.start as usize..tag.end as usize] == *text
        };
        if text.is_empty()
            || self.tags[..self.common.tags].iter().any(known)
            || self.tags[set_start..].iter().any(known)
        {
            self.arena.truncate(start);
            return;
        }
        self.tags.push(Tag { start: position(start), end: position(self.arena.len()), hash });
    }

    /// Datadog keeps the first 200 characters of a tag.
    #[cold]
    fn cut_tag(&mut self, start: usize) {
        if let Some((cut, _)) = self.arena[start..].char_indices().nth(MAX_TAG) {
            self.arena.truncate(start + cut);
        }
    }

    #[inline]
    fn set_of(&self, start: usize, end: usize, host: Option<(u32, u32)>) -> TagSet {
        let own = self.tags[start..end].iter();
        let common = if start == 0 { 0 } else { self.sets[0].hash };
        let mut hash = own.fold(common, |hash, tag| hash.wrapping_add(tag.hash));
        if let Some((start, end)) = host {
            hash ^= FixedState::with_seed(1).hash_one(&self.arena[start as usize..end as usize]);
        }
        TagSet { start: position(start), end: position(end), hash, host }
    }
}

/// A place in a batch. A run's text and tags stay far below 4 GiB; beyond it, places would wrap.
#[inline]
fn position(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Submits into a batch, under the tags of the record that it stands in.
#[derive(Debug)]
pub struct Emitter<'b> {
    batch: &'b mut Batch,
    set: u32,
}

impl Emitter<'_> {
    /// Begins a record within this place: its tags come on top of the ones here.
    #[inline]
    pub fn record(&mut self) -> TagWriter<'_> {
        let start = self.batch.tags.len();
        let TagSet { start: from, end: to, host, .. } = self.batch.sets[self.set as usize];
        if self.set != ROOT {
            self.batch.tags.extend_from_within(from as usize..to as usize);
        }
        TagWriter { batch: self.batch, start, host }
    }

    /// The same place, for a record without tags of its own.
    #[inline]
    pub fn reborrow(&mut self) -> Emitter<'_> {
        Emitter { batch: self.batch, set: self.set }
    }

    /// Submits a value. One that is no finite number is counted and dropped.
    #[inline]
    pub fn sample(&mut self, descriptor: &'static Descriptor, value: f64) {
        let batch = &mut *self.batch;
        if !value.is_finite() {
            batch.drops.not_finite += 1;
            return;
        }
        if batch.limited && !batch.admit(descriptor, self.set) {
            return;
        }
        batch.descriptors.push(descriptor);
        batch.values.push(value);
        batch.value_sets.push(self.set);
    }

    /// Submits a service check.
    pub fn service_check(&mut self, descriptor: &'static Descriptor, status: Status) {
        self.batch.service_checks.push((descriptor, status, self.set));
    }
}

impl Batch {
    #[cold]
    fn admit(&mut self, descriptor: &'static Descriptor, set: u32) -> bool {
        match self.limits.admit(descriptor, self.sets[set as usize].hash) {
            Verdict::Admitted => return true,
            Verdict::Filtered => self.drops.filtered += 1,
            Verdict::OverLimit => self.drops.over_limit += 1,
        }
        false
    }
}

/// Collects the tags of a record.
#[derive(Debug)]
pub struct TagWriter<'b> {
    batch: &'b mut Batch,
    start: usize,
    host: Option<(u32, u32)>,
}

impl<'b> TagWriter<'b> {
    /// Adds a tag; a value that is absent or empty leaves it out.
    #[inline]
    pub fn tag<T: TagValue + ?Sized>(&mut self, key: &str, value: &T) {
        let start = self.batch.arena.len();
        self.batch.arena.push_str(key);
        self.batch.arena.push(':');
        let value_start = self.batch.arena.len();
        value.write(&mut TagText::new(&mut self.batch.arena));
        if self.batch.arena.len() == value_start {
            self.batch.arena.truncate(start);
            return;
        }
        self.batch.end_tag(start, self.start);
    }

    /// Sets the host that the record belongs to, if it is not empty.
    pub fn host<T: TagValue + ?Sized>(&mut self, host: &T) {
        let start = self.batch.arena.len();
        host.write(&mut TagText::new(&mut self.batch.arena));
        let end = self.batch.arena.len();
        if end > start {
            self.host = Some((position(start), position(end)));
        }
    }

    /// Ends the tags; what is submitted next carries them.
    #[inline]
    pub fn samples(self) -> Emitter<'b> {
        let Self { batch, start, host } = self;
        let set = batch.set_of(start, batch.tags.len(), host);
        batch.sets.push(set);
        let set = position(batch.sets.len() - 1);
        Emitter { batch, set }
    }
}

/// A submitted value.
#[derive(Debug, Clone)]
pub struct Sample<'b> {
    /// What it is a value of.
    pub descriptor: &'static Descriptor,
    /// The value, finite.
    pub value: f64,
    /// All its tags.
    pub tags: Tags<'b>,
    /// The host that its record names, if any.
    pub host: Option<&'b str>,
}

/// A submitted service check.
#[derive(Debug, Clone)]
pub struct ServiceCheckSample<'b> {
    /// Which one.
    pub descriptor: &'static Descriptor,
    /// The state.
    pub status: &'b Status,
    /// All its tags.
    pub tags: Tags<'b>,
    /// The host that its record names, if any.
    pub host: Option<&'b str>,
}

/// The tags of a sample: an iterator over `key:value` texts without duplicates, the instance's own first.
#[derive(Clone)]
pub struct Tags<'b> {
    batch: &'b Batch,
    common: std::ops::Range<usize>,
    own: std::ops::Range<usize>,
    hash: u64,
}

impl Tags<'_> {
    /// A hash of the set (and the record's host) that does not depend on the order.
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether both are the tags of one record, or of one record's nested places without tags of their own.
    #[inline]
    pub fn is_same_set(&self, other: &Self) -> bool {
        std::ptr::eq(self.batch, other.batch) && self.own == other.own && self.hash == other.hash
    }
}

impl std::fmt::Debug for Tags<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'b> Iterator for Tags<'b> {
    type Item = &'b str;

    fn next(&mut self) -> Option<&'b str> {
        let index = self.common.next().or_else(|| self.own.next())?;
        let Tag { start, end, .. } = self.batch.tags[index];
        self.batch.arena.get(start as usize..end as usize)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.common.len() + self.own.len();
        (len, Some(len))
    }
}

impl ExactSizeIterator for Tags<'_> {}
