//! What a batch holds, as those who read it see it.

use super::batch::{Batch, BucketRow, Lineage, ROOT, Row, Tag, TagSet};
use super::descriptor::Descriptor;
use super::dynamic::{Bucket, Metric};
use super::status::Status;

impl Batch {
    /// The samples, in the order of submission.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = Sample<'_>> {
        self.rows.iter().map(|&Row { descriptor, value, set, dynamic }| Sample {
            metric: self.metric(descriptor, dynamic),
            value,
            flush_first_value: self.flushes_first(descriptor),
            tags: self.tags_of(set),
            host: self.host_of(set),
        })
    }

    /// The buckets of histograms that are submitted as distributions, in the order of submission.
    pub fn buckets(&self) -> impl ExactSizeIterator<Item = BucketSample<'_>> {
        self.buckets.iter().map(|&BucketRow { descriptor, bucket, set, dynamic }| BucketSample {
            metric: self.metric(descriptor, dynamic),
            bucket,
            flush_first_value: self.flushes_first(descriptor),
            tags: self.tags_of(set),
            host: self.host_of(set),
        })
    }

    /// The service checks, in the order of submission.
    pub fn service_checks(&self) -> impl ExactSizeIterator<Item = ServiceCheckSample<'_>> {
        self.service_checks.iter().map(|(descriptor, status, set, dynamic)| ServiceCheckSample {
            metric: self.metric(descriptor, *dynamic),
            status,
            tags: self.tags_of(*set),
            host: self.host_of(*set),
        })
    }

    /// No tag and no host has a NUL within it.
    #[cfg(all(feature = "agent", unix))]
    pub(crate) fn is_text_of_c(&self) -> bool {
        memchr::memchr_iter(0, self.arena.as_bytes()).count() == self.texts
    }

    /// How many sets of tags there are.
    pub(crate) const fn tag_sets(&self) -> usize {
        self.sets.len()
    }

    /// Which batches it has tag sets of.
    pub(crate) const fn lineage(&self) -> Option<Lineage> {
        self.lineage
    }

    /// What a row is of.
    #[inline]
    pub(super) fn metric(&self, descriptor: &'static Descriptor, dynamic: u32) -> Metric<'_> {
        let listed = (dynamic as usize).checked_sub(1).and_then(|place| self.dynamic.get(place));
        listed.map_or(Metric::Declared(descriptor), |(metric, _)| Metric::Dynamic(metric))
    }

    pub(super) fn tags_of(&self, set: u32) -> Tags<'_> {
        let TagSet { start, end, hash, .. } = self.sets[set as usize];
        let own = if set == ROOT { 0..0 } else { start as usize..end as usize };
        Tags { batch: self, common: 0..self.common.tags, own, hash, set }
    }

    fn host_of(&self, set: u32) -> Option<&str> {
        let (start, end) = self.sets[set as usize].host?;
        self.arena.get(start as usize..end as usize)
    }
}

/// A submitted value.
#[derive(Debug, Clone)]
pub struct Sample<'b> {
    /// What it is a value of.
    pub metric: Metric<'b>,
    /// The value, finite.
    pub value: f64,
    /// A monotonic count reports its first value ever seen, too, and counts a reset from zero.
    pub flush_first_value: bool,
    /// All its tags.
    pub tags: Tags<'b>,
    /// The host that its record names, if any.
    pub host: Option<&'b str>,
}

/// A submitted bucket of a histogram.
#[derive(Debug, Clone)]
pub struct BucketSample<'b> {
    /// The distribution that it is part of.
    pub metric: Metric<'b>,
    /// Count and bounds.
    pub bucket: Bucket,
    /// The first count ever seen is reported, too, and a reset is counted from zero.
    pub flush_first_value: bool,
    /// All its tags.
    pub tags: Tags<'b>,
    /// The host that it names, if any.
    pub host: Option<&'b str>,
}

/// A submitted service check.
#[derive(Debug, Clone)]
pub struct ServiceCheckSample<'b> {
    /// Which one.
    pub metric: Metric<'b>,
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
    set: u32,
}

impl Tags<'_> {
    /// The place of the set in its batch.
    pub(crate) const fn place(&self) -> usize {
        self.set as usize
    }

    /// A hash of the set (and the record's host) that does not depend on the order.
    pub const fn hash(&self) -> u64 {
        self.hash
    }
}

#[cfg(all(feature = "agent", unix))]
impl<'b> Tags<'b> {
    /// Those without the instance's own.
    pub(crate) fn without_common(&self) -> Self {
        Self { common: 0..0, ..self.clone() }
    }

    /// Each with the NUL behind it.
    #[inline]
    pub(crate) fn with_nul(self) -> impl Iterator<Item = &'b [u8]> {
        let Self { batch, common, own, .. } = self;
        common.chain(own).filter_map(|place| {
            let Tag { start, end, .. } = batch.tags[place];
            let text = batch.arena.as_bytes().get(start as usize..=end as usize)?;
            text.ends_with(&[0]).then_some(text)
        })
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
