//! Metrics whose names are known only at run time: what a check of any exposition submits.
//!
//! A static record costs nothing for them: a row of a batch has room for the place of such a name, and names are shared, so that
//! one that is no longer seen is forgotten with its last series.

use std::sync::Arc;

use super::batch::{Batch, BucketRow, ROOT, Row, Seen, TagSet, position};
use super::descriptor::{Declaration, Declared, Descriptor, Orientation};
use super::emitter::Emitter;
use super::kind::Kind;
use super::record::Metrics;
use super::shared_name::MetricName;
use super::status::Status;
use super::tag::{TagText, TagValue, hash as text_hash, key_hash, tag_hash};
use super::unit::UnitName;

/// What a context of a check submits whose names are known only at run time: `Context<Dynamic>`.
///
/// It stands in the check's declaration, so that every export says that there are such names.
#[derive(Debug, Clone, Copy)]
pub struct Dynamic;

impl Metrics for Dynamic {
    const DECLARATION: Declaration = Declaration::Dynamic;

    fn emit(&self, _out: &mut Emitter<'_>) {}
}

/// A metric or service check whose name is known only at run time. Shared by all its samples and series.
#[derive(Debug, PartialEq, Eq)]
pub struct DynamicMetric {
    name: MetricName,
    declared: Declared,
}

impl DynamicMetric {
    /// A metric of a kind, without a unit.
    pub fn metric(name: impl Into<MetricName>, kind: Kind) -> Arc<Self> {
        let unit = UnitName { name: "", per: "" };
        Arc::new(Self { name: name.into(), declared: Declared::Metric { kind, unit } })
    }

    /// A service check.
    pub fn service_check(name: impl Into<MetricName>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), declared: Declared::ServiceCheck })
    }

    /// The full name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What a sample is of.
#[derive(Debug, Clone, Copy)]
pub enum Metric<'b> {
    /// It stands in a record.
    Declared(&'static Descriptor),
    /// Its name is known only at run time.
    Dynamic(&'b Arc<DynamicMetric>),
}

impl<'b> Metric<'b> {
    /// The full name.
    #[inline]
    pub fn name(self) -> &'b str {
        match self {
            Self::Declared(descriptor) => descriptor.name,
            Self::Dynamic(metric) => &metric.name,
        }
    }

    /// The full name, for what outlives the batch.
    pub fn name_kept(self) -> MetricName {
        match self {
            Self::Declared(descriptor) => MetricName::declared(&descriptor.name),
            Self::Dynamic(metric) => metric.name.clone(),
        }
    }

    /// Kind and unit, or that it is a service check.
    #[inline]
    pub fn declared(self) -> Declared {
        match self {
            Self::Declared(descriptor) => descriptor.declared,
            Self::Dynamic(metric) => metric.declared,
        }
    }

    /// The metric's kind, or nothing for a service check.
    #[inline]
    pub fn kind(self) -> Option<Kind> {
        match self.declared() {
            Declared::Metric { kind, .. } => Some(kind),
            Declared::ServiceCheck => None,
        }
    }

    /// The declaration, if it stands in a record.
    pub const fn descriptor(self) -> Option<&'static Descriptor> {
        match self {
            Self::Declared(descriptor) => Some(descriptor),
            Self::Dynamic(_) => None,
        }
    }
}

/// The buckets of a histogram that is submitted as a distribution: one of them, with its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// How many values there are, or have been since the server's start if it is monotonic.
    pub count: i64,
    /// The least value of the bucket.
    pub lower: f64,
    /// The greatest value of the bucket.
    pub upper: f64,
    /// The count is a total that only grows.
    pub monotonic: bool,
    /// Tags do not tell the buckets apart, so that their bounds do.
    pub told_by_bounds: bool,
}

impl Bucket {
    /// How much there is more of a total than at the last time, by the Agent's rules: a first total and one that has become less are only
    /// what the next one is compared with, unless first values count.
    pub(crate) const fn growth(&self, last: Option<i64>, flush_first: bool) -> Option<i64> {
        match last {
            Some(last) if self.count >= last => Some(self.count - last),
            _ if flush_first => Some(self.count),
            _ => None,
        }
    }
}

/// A metric that was listed in a batch, until the batch is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed(u32);

/// Tags that were written to a batch, until the batch is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagSetPlace(u32);

impl TagSetPlace {
    /// The tags of the instance and no others.
    pub const INSTANCE: Self = Self(ROOT);
}

/// Of a row that names no descriptor, but is of a metric that the batch lists.
const fn shape(flush_first_value: bool) -> Descriptor {
    Descriptor {
        name: "",
        declared: Declared::ServiceCheck,
        description: "",
        short_name: None,
        orientation: Orientation::Neutral,
        curated: &[],
        interval: None,
        in_app: None,
        flush_first_value,
        from: None,
    }
}

pub(super) static PLAIN: Descriptor = shape(false);
static FLUSHING: Descriptor = shape(true);

impl Batch {
    /// The way to submit metrics whose names are known only at run time.
    pub fn dynamic(&mut self) -> DynamicEmitter<'_> {
        DynamicEmitter { batch: self }
    }
}

/// Submits metrics whose names are known only at run time.
///
/// Metrics are listed and tags are written once, and samples name the places of both.
#[derive(Debug)]
pub struct DynamicEmitter<'b> {
    pub(super) batch: &'b mut Batch,
}

impl DynamicEmitter<'_> {
    /// Lists a metric, for this run.
    pub fn list(&mut self, metric: &Arc<DynamicMetric>) -> Listed {
        let admitted = self.batch.limits.passes(metric.name());
        self.batch.dynamic.push((Arc::clone(metric), admitted));
        Listed(position(self.batch.dynamic.len()))
    }

    /// The instance may submit no further metric in this run, so that its tags need not be written.
    pub fn is_full(&self) -> bool {
        self.batch.limited && self.batch.limits.is_reached()
    }

    /// Counts a sample that was not even submitted, because [nothing more may be](Self::is_full).
    pub fn drop_over_limit(&mut self) {
        self.batch.drops.over_limit += 1;
    }

    /// Begins a set of tags with those of another one.
    pub fn tags_on(&mut self, base: TagSetPlace) -> DynamicTags<'_> {
        let start = self.batch.tags.len();
        let TagSet { start: from, end: to, hash, host } = self.batch.sets[base.0 as usize];
        let mut seen = self.batch.common.seen;
        if base.0 != ROOT {
            self.batch.tags.extend_from_within(from as usize..to as usize);
            for tag in &self.batch.tags[start..] {
                seen.add(tag.hash);
            }
        }
        DynamicTags { batch: self.batch, start, hash, host, seen }
    }

    /// Begins a set of tags on top of the instance's.
    pub fn tags(&mut self) -> DynamicTags<'_> {
        self.tags_on(TagSetPlace::INSTANCE)
    }

    /// Submits a value. One that is no finite number is counted and dropped.
    #[inline]
    pub fn sample(&mut self, metric: Listed, tags: TagSetPlace, value: f64, flush_first: bool) {
        let batch = &mut *self.batch;
        if !value.is_finite() {
            batch.drops.not_finite += 1;
            return;
        }
        if batch.limited && !batch.admit_dynamic(metric.0, tags.0) {
            return;
        }
        let descriptor = if flush_first { &FLUSHING } else { &PLAIN };
        batch.rows.push(Row { descriptor, value, set: tags.0, dynamic: metric.0 });
    }

    /// Submits a bucket of a histogram, which becomes part of a distribution. The first count of a monotonic one is only what the next
    /// is compared with, unless `flush_first` says otherwise.
    pub fn bucket(&mut self, metric: Listed, tags: TagSetPlace, bucket: Bucket, flush_first: bool) {
        if self.batch.is_filtered(metric.0) {
            return;
        }
        let descriptor = if flush_first { &FLUSHING } else { &PLAIN };
        let row = BucketRow { descriptor, bucket, set: tags.0, dynamic: metric.0 };
        self.batch.buckets.push(row);
    }

    /// Submits a service check.
    pub fn service_check(&mut self, check: Listed, tags: TagSetPlace, status: Status) {
        self.batch.service_checks.push((&PLAIN, status, tags.0, check.0));
    }
}

/// Collects a set of tags.
#[derive(Debug)]
pub struct DynamicTags<'b> {
    batch: &'b mut Batch,
    start: usize,
    hash: u64,
    host: Option<(u32, u32)>,
    seen: Seen,
}

impl DynamicTags<'_> {
    /// Adds the tag `key:value` as it stands: an empty value does not leave it out, and a long one is not cut.
    #[inline]
    pub fn text(&mut self, key: &str, value: &str) {
        let arena = &mut self.batch.arena;
        let start = arena.len();
        arena.reserve(key.len() + 1 + value.len());
        arena.push_str(key);
        arena.push(':');
        arena.push_str(value);
        let hash = match key.as_bytes().contains(&b':') {
            // Hashed as a whole, a tag is taken apart at its first colon.
            true => super::batch::hash_of_tag(&arena[start..]),
            false => tag_hash(key_hash(key), text_hash(value)),
        };
        let grown = self.batch.add_tag(start, hash, self.start, &mut self.seen);
        self.hash = self.hash.wrapping_add(grown);
    }

    /// Sets the host that the samples belong to, if it is not empty.
    pub fn host(&mut self, host: &str) {
        let start = self.batch.arena.len();
        host.write(&mut TagText::new(&mut self.batch.arena));
        if host.is_empty() {
            return;
        }
        self.hash = self.hash.wrapping_add(super::emitter::host_hash(text_hash(host)));
        self.host = Some(self.batch.end_text(start));
    }

    /// Ends the set.
    pub fn end(self) -> TagSetPlace {
        let Self { batch, start, hash, host, seen: _ } = self;
        let (start, end) = (position(start), position(batch.tags.len()));
        batch.sets.push(TagSet { start, end, hash, host });
        TagSetPlace(position(batch.sets.len() - 1))
    }
}
