//! Where a run's samples go: one column of descriptor, value and tag set, and one of tags over one arena of text.
//!
//! A batch belongs to an instance and is cleared, not dropped, between runs; once it has grown to a run's size, a run
//! allocates nothing in it. The tags of a record are written and hashed once for all its metrics.

use super::descriptor::Descriptor;
use super::event::{Event, Log};
use super::limits::{Limits, Verdict};
use super::name::MAX_TAG;
use super::status::Status;
use super::tag::{hash, key_hash, tag_hash};

/// The samples, service checks, events and logs of a run.
#[derive(Debug)]
pub struct Batch {
    pub(super) arena: String,
    pub(super) tags: Vec<Tag>,
    pub(super) sets: Vec<TagSet>,
    pub(super) rows: Vec<Row>,
    pub(super) service_checks: Vec<(&'static Descriptor, Status, u32)>,
    pub(super) events: Vec<Event>,
    pub(super) logs: Vec<Log>,
    pub(super) limits: Limits,
    pub(super) limited: bool,
    pub(super) drops: Drops,
    pub(super) common: Common,
}

/// A value, what it is of, and its tags.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) descriptor: &'static Descriptor,
    pub(super) value: f64,
    pub(super) set: u32,
}

/// The ends of what every run begins with: the instance's own tags.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Common {
    pub(super) arena: usize,
    pub(super) tags: usize,
    pub(super) seen: Seen,
}

/// Which tags may be in a set already: a bit for the hash of each, so that most need not be looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen(u64);

impl Seen {
    /// Adds a hash and tells whether it may have been there before.
    #[inline]
    pub(super) const fn add(&mut self, hash: u64) -> bool {
        let bit = 1 << (hash >> 58);
        let before = self.0 & bit != 0;
        self.0 |= bit;
        before
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) hash: u64,
}

/// A range of tags; the root set holds the instance's tags, the others come on top of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TagSet {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) hash: u64,
    pub(super) host: Option<(u32, u32)>,
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

/// The set that holds the instance's tags alone.
pub(super) const ROOT: u32 = 0;

impl Batch {
    /// An empty batch whose samples all carry `tags`.
    pub fn new<T: AsRef<str>>(tags: impl IntoIterator<Item = T>, limits: Limits) -> Self {
        let mut batch = Self {
            arena: String::new(),
            tags: Vec::new(),
            sets: vec![TagSet::default()],
            rows: Vec::new(),
            service_checks: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
            limited: false,
            limits: Limits::default(),
            drops: Drops::default(),
            common: Common::default(),
        };
        batch.begin(tags, limits);
        batch
    }

    /// Begins a run of another instance: forgets all and keeps the memory.
    pub fn begin<T: AsRef<str>>(&mut self, tags: impl IntoIterator<Item = T>, limits: Limits) {
        self.common = Common::default();
        self.limited = !limits.none();
        self.limits = limits;
        self.clear();
        let (mut seen, mut hashes) = (Seen::default(), 0_u64);
        for tag in tags {
            let start = self.arena.len();
            self.arena.push_str(tag.as_ref());
            let hash = hash_of_tag(tag.as_ref());
            hashes = hashes.wrapping_add(self.end_tag(start, hash, 0, &mut seen));
        }
        self.common = Common { arena: self.arena.len(), tags: self.tags.len(), seen };
        self.sets[0] = TagSet { end: position(self.tags.len()), hash: hashes, ..TagSet::default() };
    }

    /// Takes the limits back, with what they remember of names.
    pub(crate) fn take_limits(&mut self) -> Limits {
        self.limited = false;
        std::mem::take(&mut self.limits)
    }

    /// How much memory it keeps, in bytes, text of events and logs aside.
    pub(crate) fn capacity(&self) -> usize {
        self.arena.capacity()
            + self.tags.capacity() * size_of::<Tag>()
            + self.sets.capacity() * size_of::<TagSet>()
            + self.rows.capacity() * size_of::<Row>()
    }

    /// Forgets the last run and keeps its memory.
    pub fn clear(&mut self) {
        self.arena.truncate(self.common.arena);
        self.tags.truncate(self.common.tags);
        self.sets.truncate(1);
        self.rows.clear();
        self.service_checks.clear();
        self.events.clear();
        self.logs.clear();
        self.drops = Drops::default();
        self.limits.next_run();
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
        self.rows.len()
    }

    /// There are no samples.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The samples, in the order of submission.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = Sample<'_>> {
        self.rows.iter().map(|&Row { descriptor, value, set }| Sample {
            descriptor,
            value,
            tags: self.tags_of(set),
            host: self.host_of(set),
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

    /// Keeps the text from `start` on as a tag of the set that begins at `set_start`, unless it is empty or there already, and
    /// tells what the set's hash grows by.
    #[inline]
    pub(super) fn end_tag(
        &mut self,
        start: usize,
        mut hash: u64,
        set_start: usize,
        seen: &mut Seen,
    ) -> u64 {
        if self.arena.len() - start > MAX_TAG {
            hash = self.cut_tag(start);
        }
        if self.arena.len() == start || (seen.add(hash) && self.has_tag(set_start, start, hash)) {
            self.arena.truncate(start);
            return 0;
        }
        self.tags.push(Tag { start: position(start), end: position(self.arena.len()), hash });
        hash
    }

    /// The text from `start` on is a tag of the instance, or of the set that begins at `set_start`.
    #[cold]
    fn has_tag(&self, set_start: usize, start: usize, hash: u64) -> bool {
        let common = &self.tags[..self.common.tags];
        common.iter().chain(&self.tags[set_start..]).any(|tag| {
            tag.hash == hash
                && self.arena[tag.start as usize..tag.end as usize] == self.arena[start..]
        })
    }

    /// Whether the instance's limits let a sample through; one that is held back is counted.
    #[cold]
    pub(super) fn admit(&mut self, descriptor: &'static Descriptor, set: u32) -> bool {
        match self.limits.admit(descriptor, self.sets[set as usize].hash) {
            Verdict::Admitted => return true,
            Verdict::Filtered => self.drops.filtered += 1,
            Verdict::OverLimit => self.drops.over_limit += 1,
        }
        false
    }

    /// Datadog keeps the first 200 characters of a tag.
    #[cold]
    fn cut_tag(&mut self, start: usize) -> u64 {
        if let Some((cut, _)) = self.arena[start..].char_indices().nth(MAX_TAG) {
            self.arena.truncate(start + cut);
        }
        hash_of_tag(&self.arena[start..])
    }
}

/// The hash of a tag that is written as a whole.
pub(crate) fn hash_of_tag(tag: &str) -> u64 {
    let (key, value) = tag.split_once(':').unwrap_or((tag, ""));
    tag_hash(key_hash(key), hash(value))
}

/// A place in a batch. A run's text and tags stay far below 4 GiB; beyond it, places would wrap.
#[inline]
pub(super) fn position(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Default for Batch {
    /// A batch without tags and limits.
    fn default() -> Self {
        Self::new::<&str>([], Limits::default())
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

    /// Those without the instance's own.
    #[cfg(all(feature = "agent", unix))]
    pub(crate) fn without_common(&self) -> Self {
        Self { common: 0..0, ..self.clone() }
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
