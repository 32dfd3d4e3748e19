//! Where a run's samples go: one column of descriptor, value and tag set, and one of tags over one arena of text.
//!
//! Each text in the arena has a NUL behind it, so that an interface of C's can be pointed to it where it stands.
//! A batch belongs to an instance and is cleared, not dropped, between runs; once it has grown to a run's size, a run
//! allocates nothing in it. The tags of a record are written and hashed once for all its metrics.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::descriptor::Descriptor;
use super::dynamic::{Bucket, DynamicMetric, Metric, PLAIN};
use super::event::{Event, Log};
use super::limits::{Limits, Verdict};
use super::name::MAX_TAG;
use super::status::Status;
use super::tag::{hash, key_hash, tag_hash};

/// The samples, service checks, events and logs of a run.
#[derive(Debug)]
pub struct Batch {
    pub(super) arena: String,
    /// How many texts there are in the arena.
    pub(super) texts: usize,
    pub(super) tags: Vec<Tag>,
    pub(super) sets: Vec<TagSet>,
    pub(super) rows: Vec<Row>,
    /// Descriptor, status, tags, and the place among the listed metrics.
    pub(super) service_checks: Vec<(&'static Descriptor, Status, u32, u32)>,
    pub(super) buckets: Vec<BucketRow>,
    /// The metrics whose names are known only at run time, and whether the instance's filter lets them through.
    pub(super) dynamic: Vec<(Arc<DynamicMetric>, bool)>,
    pub(super) events: Vec<Event>,
    pub(super) logs: Vec<Log>,
    pub(super) limits: Limits,
    pub(super) limited: bool,
    pub(super) drops: Drops,
    pub(super) common: Common,
    /// The totals that scrapes of this run have filled, by the names of their samples, and whether those that are new count from zero.
    pub(super) scraped: HashMap<&'static str, bool, FixedState>,
    pub(super) lineage: Option<Lineage>,
}

/// A value, what it is of, and its tags.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) descriptor: &'static Descriptor,
    pub(super) value: f64,
    pub(super) set: u32,
    /// One more than the place among the listed metrics; 0 for a metric of a record.
    pub(super) dynamic: u32,
}

/// A bucket of a histogram, what it is of, and its tags.
#[derive(Debug, Clone, Copy)]
pub(super) struct BucketRow {
    pub(super) descriptor: &'static Descriptor,
    pub(super) bucket: Bucket,
    pub(super) set: u32,
    pub(super) dynamic: u32,
}

/// The ends of what every run begins with: the instance's own tags.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Common {
    pub(super) arena: usize,
    pub(super) texts: usize,
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

/// That batches come from one another: those of one number have the same tag sets in their first places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lineage {
    pub(crate) number: u64,
    /// How many places those are; a later batch has at least as many.
    pub(crate) sets: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tag {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) hash: u64,
}

/// A range of tags; the root set holds the instance's tags, the others come on top of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
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
            texts: 0,
            tags: Vec::new(),
            sets: vec![TagSet::default()],
            rows: Vec::new(),
            service_checks: Vec::new(),
            buckets: Vec::new(),
            dynamic: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
            limited: false,
            limits: Limits::default(),
            drops: Drops::default(),
            common: Common::default(),
            scraped: HashMap::default(),
            lineage: None,
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
        let (arena, texts) = (self.arena.len(), self.texts);
        self.common = Common { arena, texts, tags: self.tags.len(), seen };
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
            + self.buckets.capacity() * size_of::<BucketRow>()
            + self.dynamic.capacity() * size_of::<(Arc<DynamicMetric>, bool)>()
    }

    /// Forgets the last run and keeps its memory.
    pub fn clear(&mut self) {
        self.arena.truncate(self.common.arena);
        self.texts = self.common.texts;
        self.tags.truncate(self.common.tags);
        self.sets.truncate(1);
        self.rows.clear();
        self.service_checks.clear();
        self.buckets.clear();
        self.dynamic.clear();
        self.events.clear();
        self.logs.clear();
        self.drops = Drops::default();
        self.scraped.clear();
        self.lineage = None;
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

    /// How many samples there are, buckets of histograms among them.
    pub fn len(&self) -> usize {
        self.rows.len() + self.buckets.len()
    }

    /// There are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
    pub fn common_tags(&self) -> super::sample::Tags<'_> {
        self.tags_of(ROOT)
    }

    /// What was not kept.
    pub const fn drops(&self) -> Drops {
        self.drops
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
        self.add_tag(start, hash, set_start, seen)
    }

    /// The same for a text that is not cut, however long.
    #[inline]
    pub(super) fn add_tag(
        &mut self,
        start: usize,
        hash: u64,
        set_start: usize,
        seen: &mut Seen,
    ) -> u64 {
        if self.arena.len() == start || (seen.add(hash) && self.has_tag(set_start, start, hash)) {
            self.arena.truncate(start);
            return 0;
        }
        let (start, end) = self.end_text(start);
        self.tags.push(Tag { start, end, hash });
        hash
    }

    /// Ends the text that begins at `start`, and tells where it is.
    #[inline]
    pub(super) fn end_text(&mut self, start: usize) -> (u32, u32) {
        let end = self.arena.len();
        self.arena.push('\0');
        self.texts += 1;
        (position(start), position(end))
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
        let verdict = self.limits.admit(descriptor, self.sets[set as usize].hash);
        self.note(verdict)
    }

    /// The same for a sample of a listed metric.
    #[cold]
    pub(super) fn admit_dynamic(&mut self, listed: u32, set: u32) -> bool {
        if self.is_filtered(listed) {
            return false;
        }
        let Metric::Dynamic(metric) = self.metric(&PLAIN, listed) else { return true };
        let metric = Arc::clone(metric);
        let verdict = self.limits.admit_dynamic(&metric, self.sets[set as usize].hash);
        self.note(verdict)
    }

    /// Whether the instance's filter leaves a listed metric out, which is counted.
    pub(super) fn is_filtered(&mut self, listed: u32) -> bool {
        let known = (listed as usize).checked_sub(1).and_then(|place| self.dynamic.get(place));
        let filtered = known.is_some_and(|(_, admitted)| !admitted);
        self.drops.filtered += u64::from(filtered);
        filtered
    }

    const fn note(&mut self, verdict: Verdict) -> bool {
        match verdict {
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

/// The hash of the tag that a label is.
#[cfg(feature = "openmetrics")]
pub(crate) fn hash_of_label(name: &str, value: &str) -> u64 {
    tag_hash(key_hash(name), hash(value))
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
