//! The tag sets of a run by the text of their labels: the same text is the same tags, most often of many metrics, and in the next
//! run again.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::metric::{DynamicEmitter, KeptSets};

use super::labels::{Numeric, Tagged};

/// How many texts are remembered at once, and how long they are together. Beyond, all are forgotten and looked for anew: those
/// that are needed soon are mostly those that were seen last.
const MAX_SETS: usize = 16 * 1024;
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// The tag sets of a run.
#[derive(Debug, Default)]
pub(super) struct Sets {
    text: String,
    all: Vec<Known>,
    places: HashTable<u32>,
    hasher: RandomState,
    /// The place of the set that was found or added last.
    last: usize,
    /// The length and hash of a text that was not found.
    missed: Option<(usize, u64)>,
    /// Tells sets that were seen in this run from others.
    run: u8,
    /// What the sets are in a batch, for the next run.
    kept: KeptSets,
    /// Nothing but these sets, and what they were made of, is in the batch.
    is_alone: bool,
}

/// Labels that are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    hash: u64,
    start: u32,
    end: u32,
    /// The place of the set that came after this one: families have the same labels in the same order.
    next: u32,
    numeric: Numeric,
    /// The last run that had it.
    run: u8,
    pub(super) tagged: Tagged,
}

/// The share of sets that a run must have seen for them to be kept: what is gone takes room in every batch.
const SEEN: (usize, usize) = (3, 4);

impl Sets {
    /// Begins a run, with the sets of the last one if the batch is free to have them again.
    pub(super) fn begin(&mut self, out: &mut DynamicEmitter<'_>) {
        let is_alone = out.has_no_tags();
        if !is_alone || !out.write_kept(&self.kept) {
            self.forget();
        }
        self.is_alone = is_alone;
        (self.run, self.last) = (self.run.wrapping_add(1), 0);
    }

    /// Ends a run whose payload was whole. Tells whether the sets are kept for the next one.
    pub(super) fn end(&mut self, out: &mut DynamicEmitter<'_>) -> bool {
        let seen = self.all.iter().filter(|known| known.run == self.run).count();
        let are_current = seen * SEEN.1 >= self.all.len() * SEEN.0;
        // Behind a set there may be one of the labels before its bound.
        let is_alone = self.is_alone && out.tag_sets() <= 2 * self.all.len() + 1;
        if is_alone && are_current {
            out.keep(&mut self.kept);
        }
        is_alone && are_current
    }

    /// The batch gets tags that no text of labels leads to, so it cannot be kept for the next run.
    pub(super) const fn has_company(&mut self) {
        self.is_alone = false;
    }

    /// How much memory they keep, in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.text.capacity()
            + self.all.capacity() * size_of::<Known>()
            + self.places.capacity() * size_of::<u32>()
            + self.kept.capacity()
    }

    /// Where the labels end that begin a line's rest, and what becomes of them if that is known.
    #[inline]
    pub(super) fn begins(
        &mut self,
        text: &str,
        numeric: Numeric,
    ) -> Option<(usize, Option<Tagged>)> {
        if let Some((length, known)) = self.expected(text.as_bytes(), numeric) {
            return Some((length, Some(known.tagged)));
        }
        // The braces of an exemplar stand behind those of the labels. With one, the text is not found.
        let end = memchr::memrchr(b'}', text.as_bytes())?;
        Some((end, self.get(&text[..end], numeric)))
    }

    /// The set that came after the last one before, or the last one.
    #[inline]
    pub(super) fn expected(&mut self, text: &[u8], numeric: Numeric) -> Option<(usize, &Known)> {
        let last = self.all.get(self.last)?;
        let next = last.next as usize;
        let place = match self.all.get(next) {
            Some(known) if self.is_at(known, text, numeric) => next,
            _ if self.is_at(last, text, numeric) => self.last,
            _ => return None,
        };
        self.last = place;
        let known = &mut self.all[place];
        known.run = self.run;
        let known = &*known;
        Some(((known.end - known.start) as usize, known))
    }

    /// What became of the labels that were found last.
    #[inline]
    pub(super) fn last(&self) -> Option<&Tagged> {
        self.all.get(self.last).map(|known| &known.tagged)
    }

    /// The line's rest begins with a known text, and the labels end there.
    #[inline]
    fn is_at(&self, known: &Known, text: &[u8], numeric: Numeric) -> bool {
        let block = self.text.as_bytes().get(known.start as usize..known.end as usize);
        let Some(block) = block else { return false };
        known.numeric == numeric && text.get(block.len()) == Some(&b'}') && text.starts_with(block)
    }

    /// What became of the labels in a text.
    #[inline]
    pub(super) fn get(&mut self, block: &str, numeric: Numeric) -> Option<Tagged> {
        let hash = self.hasher.hash_one(block);
        let is_it = |place: &u32| {
            let known = &self.all[*place as usize];
            known.hash == hash
                && known.numeric == numeric
                && self.text.get(known.start as usize..known.end as usize) == Some(block)
        };
        let Some(place) = self.places.find(hash, is_it).copied() else {
            self.missed = Some((block.len(), hash));
            return None;
        };
        self.follow(place);
        let known = &mut self.all[place as usize];
        known.run = self.run;
        Some(known.tagged)
    }

    /// The text was just looked for in vain.
    pub(super) fn has_missed(&self, block: &str) -> bool {
        self.missed.is_some_and(|(length, _)| length == block.len())
    }

    /// Remembers what became of labels that were looked for in vain.
    pub(super) fn insert(&mut self, block: &str, numeric: Numeric, tagged: Tagged) {
        let Some((_, hash)) = self.missed.take() else { return };
        if self.all.len() >= MAX_SETS || self.text.len() + block.len() > MAX_TEXT {
            self.forget();
        }
        let (Ok(start), Ok(place)) =
            (u32::try_from(self.text.len()), u32::try_from(self.all.len()))
        else {
            return;
        };
        self.text.push_str(block);
        let end = u32::try_from(self.text.len()).unwrap_or(start);
        let run = self.run;
        self.all.push(Known { hash, start, end, next: place + 1, numeric, run, tagged });
        let all = &self.all;
        self.places.insert_unique(hash, place, |place| all[*place as usize].hash);
        self.follow(place);
    }

    /// Forgets all: labels are not what they were.
    pub(super) fn forget(&mut self) {
        self.text.clear();
        self.all.clear();
        self.places.clear();
        self.last = 0;
        self.missed = None;
        self.kept.clear();
        self.is_alone = false;
    }

    /// Remembers that a set came after the last one.
    #[inline]
    fn follow(&mut self, place: u32) {
        if self.last != place as usize
            && let Some(last) = self.all.get_mut(self.last)
        {
            last.next = place;
        }
        self.last = place as usize;
    }
}
