//! Tag sets of one run, kept for the next: who is asked again most often says the same of other values.

use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::{Batch, Lineage, Tag, TagSet};
use super::dynamic::DynamicEmitter;

/// All tag sets that a batch had when they were kept, in the places that they had there.
#[derive(Debug, Default)]
pub(crate) struct KeptSets {
    arena: String,
    texts: usize,
    tags: Vec<Tag>,
    sets: Vec<TagSet>,
    /// The number of the batches that have them.
    lineage: u64,
}

static LINEAGES: AtomicU64 = AtomicU64::new(0);

impl KeptSets {
    /// Forgets them and keeps their memory.
    pub(crate) fn clear(&mut self) {
        self.arena.clear();
        self.tags.clear();
        self.sets.clear();
    }

    /// How much memory they keep, in bytes.
    pub(crate) const fn capacity(&self) -> usize {
        self.arena.capacity()
            + self.tags.capacity() * size_of::<Tag>()
            + self.sets.capacity() * size_of::<TagSet>()
    }

    /// They came on top of all that a batch holds.
    fn are_on_top_of(&self, batch: &Batch) -> bool {
        self.sets.starts_with(&batch.sets)
            && self.tags.starts_with(&batch.tags)
            && self.arena.starts_with(&*batch.arena)
    }
}

impl DynamicEmitter<'_> {
    /// No tags have been written in this run but the instance's own.
    pub(crate) const fn has_no_tags(&self) -> bool {
        let Batch { arena, tags, sets, common, .. } = &*self.batch;
        sets.len() == 1 && tags.len() == common.tags && arena.len() == common.arena
    }

    /// How many tag sets there are.
    pub(crate) const fn tag_sets(&self) -> usize {
        self.batch.sets.len()
    }

    /// Writes tag sets to where they were before, if that is free and the instance's tags are what they were.
    pub(crate) fn write_kept(&mut self, kept: &KeptSets) -> bool {
        let batch = &mut *self.batch;
        if kept.sets.is_empty() || !kept.are_on_top_of(batch) {
            return false;
        }
        batch.arena.push_str(&kept.arena[batch.arena.len()..]);
        batch.texts = kept.texts;
        batch.tags.extend_from_slice(&kept.tags[batch.tags.len()..]);
        batch.sets.extend_from_slice(&kept.sets[batch.sets.len()..]);
        true
    }

    /// Keeps all tag sets. Those that are kept already are the first ones.
    pub(crate) fn keep(&mut self, kept: &mut KeptSets) {
        if kept.sets.is_empty() {
            kept.lineage = LINEAGES.fetch_add(1, Ordering::Relaxed);
        }
        let Batch { arena, texts, tags, sets, lineage, .. } = &mut *self.batch;
        *lineage = Some(Lineage { number: kept.lineage, sets: sets.len() });
        kept.texts = *texts;
        let new_text = &arena[kept.arena.len()..];
        kept.arena.reserve_exact(new_text.len());
        kept.arena.push_str(new_text);
        extend(&mut kept.tags, tags);
        extend(&mut kept.sets, sets);
    }
}

/// Adds what is missing of a slice that begins with what is there.
fn extend<T: Copy>(kept: &mut Vec<T>, all: &[T]) {
    let new = &all[kept.len()..];
    kept.reserve_exact(new.len());
    kept.extend_from_slice(new);
}

#[cfg(all(test, feature = "agent", unix))]
mod tests {
    use crate::metric::{Batch, Limits};

    use super::KeptSets;

    #[test]
    fn what_was_kept_is_text_of_c_as_it_was() {
        let mut batch = Batch::new(["env:test"], Limits::default());
        let mut kept = KeptSets::default();
        for _ in 0..3 {
            batch.clear();
            let mut out = batch.dynamic();
            if !out.write_kept(&kept) {
                let mut tags = out.tags();
                tags.text("pod", "a");
                tags.host("web-1");
                tags.end();
            }
            out.keep(&mut kept);
            assert_eq!(out.tag_sets(), 2);
            assert!(batch.is_text_of_c());
        }
        batch.begin(["env:other"], Limits::default());
        assert!(!batch.dynamic().write_kept(&kept));
    }
}
