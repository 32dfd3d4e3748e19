//! Where the samples of a batch have led to so far, and what of that is good for the next batch.

use std::sync::Arc;

use crate::metric::{Batch, Lineage};

use super::context::Contexts;
use super::tag_set::{TagSet, Tagged};

/// Tag sets by their place in a batch.
type Places = Vec<Option<Arc<TagSet>>>;

/// Where the samples of a batch have led to so far.
#[derive(Debug)]
pub(super) struct Cursor {
    /// Most are of more than one sample.
    tag_sets: Places,
    /// Those of the last batch, if this one has the same in these places.
    before: Places,
    /// The place after that of the last sample: runs are alike.
    pub(super) expected: usize,
}

/// The tag sets of the last batch, of places where the next one may have the same.
#[derive(Debug)]
pub(super) struct Remembered {
    lineage: Lineage,
    tag_sets: Places,
}

impl Cursor {
    pub(super) fn new(batch: &Batch, last: Option<Box<Remembered>>) -> Self {
        let number = batch.lineage().map(|lineage| lineage.number);
        let before = last.filter(|last| number == Some(last.lineage.number));
        let before = before.map(|last| last.tag_sets).unwrap_or_default();
        Self { tag_sets: vec![None; batch.tag_sets()], before, expected: 0 }
    }

    /// The tag set of a sample, looked up once.
    #[inline]
    pub(super) fn tag_set(
        &mut self,
        sample: &Tagged<'_>,
        contexts: &Contexts,
    ) -> Option<&Arc<TagSet>> {
        let place = sample.tags.place();
        let found = self.tag_sets.get_mut(place)?;
        if found.is_none() {
            let before = self.before.get_mut(place).and_then(Option::take);
            *found = Some(contexts.tag_set(sample, before, self.expected));
        }
        found.as_ref()
    }

    /// What is good for the next batch.
    pub(super) fn remember(self, batch: &Batch) -> Option<Box<Remembered>> {
        let mut tag_sets = self.tag_sets;
        batch.lineage().map(|lineage| {
            tag_sets.truncate(lineage.sets);
            Box::new(Remembered { lineage, tag_sets })
        })
    }
}
