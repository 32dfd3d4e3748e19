//! The labels that are in use: found by the tag set that a sampler shares, made once for every text.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Arc, Weak};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::aggregate::TagSet;

use super::labels::Labels;

/// Another tag set already has these labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// Labels in use.
#[derive(Debug, Default)]
pub(super) struct LabelSets {
    by_tag_set: HashMap<usize, Known, FixedState>,
    by_text: HashTable<Arc<Labels>>,
}

/// What was found for a tag set. While the weak reference to it is held, no other tag set has its address.
#[derive(Debug)]
struct Known {
    tags: Weak<TagSet>,
    host: Option<Arc<str>>,
    labels: Result<Weak<Labels>, Ambiguous>,
}

impl LabelSets {
    /// The labels of a tag set on a host.
    pub(super) fn of_tag_set(
        &mut self,
        tags: &Arc<TagSet>,
        host: Option<&Arc<str>>,
    ) -> Result<Arc<Labels>, Ambiguous> {
        let address = Arc::as_ptr(tags) as usize;
        if let Some(known) = self.by_tag_set.get(&address)
            && is_same(known.host.as_ref(), host)
            && let Some(labels) = known.labels()
        {
            return labels;
        }
        let named = tags.host().or(host.map(|host| &**host));
        let labels = self.of_texts(named, tags.iter());
        let weak = labels.as_ref().map(Arc::downgrade).map_err(|ambiguous| *ambiguous);
        let known = Known { tags: Arc::downgrade(tags), host: host.cloned(), labels: weak };
        self.by_tag_set.insert(address, known);
        labels
    }

    /// The labels of tags on a host.
    pub(super) fn of_texts<'t>(
        &mut self,
        host: Option<&str>,
        tags: impl Iterator<Item = &'t str> + Clone,
    ) -> Result<Arc<Labels>, Ambiguous> {
        let labels = Labels::new(host, tags);
        let hash = hash(&labels);
        let found = self.by_text.find(hash, |known| known.plain() == labels.plain());
        if let Some(found) = found {
            return if found.is_of_same(&labels) { Ok(Arc::clone(found)) } else { Err(Ambiguous) };
        }
        let labels = Arc::new(labels);
        self.by_text.insert_unique(hash, Arc::clone(&labels), |labels| self::hash(labels));
        Ok(labels)
    }

    /// Forgets what nothing uses any more, and what was ambiguous, which may be so no longer.
    pub(super) fn forget_unused(&mut self) {
        self.by_text.retain(|labels| Arc::strong_count(labels) > 1);
        self.by_tag_set.retain(|_, known| known.is_used());
        self.by_tag_set.shrink_to(2 * self.by_tag_set.len());
        self.by_text.shrink_to(2 * self.by_text.len(), |labels| hash(labels));
    }

    /// So many labels are known, used or not.
    pub(super) fn len(&self) -> usize {
        self.by_tag_set.len().max(self.by_text.len())
    }
}

impl Known {
    /// The labels, if they have not been forgotten meanwhile.
    fn labels(&self) -> Option<Result<Arc<Labels>, Ambiguous>> {
        self.labels.as_ref().map(Weak::upgrade).map_err(|ambiguous| *ambiguous).transpose()
    }

    fn is_used(&self) -> bool {
        let has_labels = self.labels.as_ref().is_ok_and(|labels| labels.strong_count() > 0);
        has_labels && self.tags.strong_count() > 0
    }
}

fn is_same(one: Option<&Arc<str>>, other: Option<&Arc<str>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one == other,
        (None, None) => true,
        _ => false,
    }
}

fn hash(labels: &Labels) -> u64 {
    FixedState::default().hash_one(labels.plain())
}
