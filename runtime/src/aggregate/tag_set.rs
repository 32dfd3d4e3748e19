//! The tags of a series, shared by all that have them.

use crate::metric::Sample;

/// The tags of a series, and the host that its record named. Shared by the metrics of a record, from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagSet {
    pub(super) hash: u64,
    tags: Box<str>,
    ends: Box<[u32]>,
    host: Option<Box<str>>,
}

impl TagSet {
    pub(super) fn of(sample: &Sample<'_>) -> Self {
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
