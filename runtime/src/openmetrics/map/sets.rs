//! The tag sets of a run by the text of their labels: the same text is the same tags, most often of many metrics.

use std::hash::BuildHasher;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

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
    pub(super) tagged: Tagged,
}

/// How many rest between runs: instances are many, runs at one time are few.
const MAX_RESTING: usize = 4;

static RESTING: Mutex<Vec<Sets>> = Mutex::new(Vec::new());

/// The tag sets of a run, lent to it with the memory that earlier ones have needed.
#[derive(Debug)]
pub(super) struct Lent(Sets);

impl Lent {
    pub(super) fn new() -> Self {
        let resting = RESTING.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self(resting.unwrap_or_default())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut sets = std::mem::take(&mut self.0);
        sets.forget();
        let mut resting = RESTING.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.len() < MAX_RESTING {
            resting.push(sets);
        }
    }
}

impl Deref for Lent {
    type Target = Sets;

    fn deref(&self) -> &Sets {
        &self.0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Sets {
        &mut self.0
    }
}

impl Sets {
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
        let known = &self.all[place];
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
        Some(self.all[place as usize].tagged)
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
        self.all.push(Known { hash, start, end, next: place + 1, numeric, tagged });
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
