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

/// In so many pieces labels are kept, each of which is looked through at once.
pub(super) const SHARDS: usize = 64;

/// What is found of labels: nothing if they are not known and may not be new.
pub(super) type Found = Result<Option<Arc<Labels>>, Ambiguous>;

/// Labels in use.
#[derive(Debug)]
pub(super) struct LabelSets {
    by_tag_set: [HashMap<usize, Known, FixedState>; SHARDS],
    by_text: [HashTable<Arc<Labels>>; SHARDS],
}

/// What was found for a tag set. While the weak reference to it is held, no other tag set has its address.
#[derive(Debug)]
struct Known {
    tags: Weak<TagSet>,
    host: Option<Arc<str>>,
    labels: Result<Weak<Labels>, Ambiguous>,
}

impl Default for LabelSets {
    fn default() -> Self {
        Self {
            by_tag_set: std::array::from_fn(|_| HashMap::default()),
            by_text: std::array::from_fn(|_| HashTable::new()),
        }
    }
}

impl LabelSets {
    /// The labels of a tag set on a host.
    pub(super) fn of_tag_set(
        &mut self,
        tags: &Arc<TagSet>,
        host: Option<&Arc<str>>,
        may_be_new: bool,
    ) -> Found {
        let address = Arc::as_ptr(tags) as usize;
        let shard = shard(FixedState::default().hash_one(address));
        if let Some(known) = self.by_tag_set[shard].get(&address)
            && is_same(known.host.as_ref(), host)
            && let Some(labels) = known.labels()
        {
            return labels.map(Some);
        }
        let named = tags.host().or(host.map(|host| &**host));
        let found = self.of_texts(named, tags.iter(), may_be_new);
        let labels = match &found {
            Ok(Some(labels)) => Ok(Arc::downgrade(labels)),
            Err(ambiguous) if may_be_new => Err(*ambiguous),
            Ok(None) | Err(_) => return found,
        };
        let known = Known { tags: Arc::downgrade(tags), host: host.cloned(), labels };
        self.by_tag_set[shard].insert(address, known);
        found
    }

    /// The labels of tags on a host.
    pub(super) fn of_texts<'t>(
        &mut self,
        host: Option<&str>,
        tags: impl Iterator<Item = &'t str> + Clone,
        may_be_new: bool,
    ) -> Found {
        let labels = Labels::new(host, tags);
        let hash = hash(&labels);
        let by_text = &mut self.by_text[shard(hash)];
        if let Some(found) = by_text.find(hash, |known| known.plain() == labels.plain()) {
            let is_it = found.is_of_same(&labels);
            return if is_it { Ok(Some(Arc::clone(found))) } else { Err(Ambiguous) };
        }
        if !may_be_new {
            return Ok(None);
        }
        let labels = Arc::new(labels);
        by_text.insert_unique(hash, Arc::clone(&labels), |labels| self::hash(labels));
        Ok(Some(labels))
    }

    /// Forgets what nothing uses any more of one piece, and what was ambiguous, which may be so no longer.
    pub(super) fn forget_unused(&mut self, shard: usize) {
        let (by_tag_set, by_text) = (&mut self.by_tag_set[shard], &mut self.by_text[shard]);
        by_text.retain(|labels| Arc::strong_count(labels) > 1);
        by_tag_set.retain(|_, known| known.is_used());
        by_tag_set.shrink_to(2 * by_tag_set.len());
        by_text.shrink_to(2 * by_text.len(), |labels| hash(labels));
    }

    /// So many labels are known, used or not.
    pub(super) fn len(&self) -> usize {
        let tag_sets: usize = self.by_tag_set.iter().map(HashMap::len).sum();
        let texts = self.by_text.iter().map(HashTable::len).sum();
        tag_sets.max(texts)
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

/// In which piece a hash is. The tables take their places and marks from its two ends.
fn shard(hash: u64) -> usize {
    usize::try_from(hash >> 32).unwrap_or_default() % SHARDS
}

fn hash(labels: &Labels) -> u64 {
    FixedState::default().hash_one(labels.plain())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_new_is_not_kept() {
        let mut sets = LabelSets::default();
        let mut of = |tag: &'static str, may_be_new| {
            let found = sets.of_texts(None, [tag].into_iter(), may_be_new);
            (found.map(|labels| labels.is_some()), sets.len())
        };
        assert_eq!(of("a:1", true), (Ok(true), 1));
        assert_eq!(of("a:2", false), (Ok(false), 1));
        assert_eq!(of("a:1", false), (Ok(true), 1));
        (0..SHARDS).for_each(|shard| sets.forget_unused(shard));
        assert_eq!(sets.len(), 0);
    }
}
