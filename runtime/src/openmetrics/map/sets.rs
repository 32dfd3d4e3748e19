//! The tag sets of a run by the text of their labels: the same text is the same tags, most often of many metrics.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::labels::{Numeric, Tagged};

/// How many texts are remembered in a run, and how long they are together.
const MAX_SETS: usize = 16 * 1024;
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// The tag sets of a run.
#[derive(Debug, Default)]
pub(super) struct Sets {
    text: String,
    all: Vec<Known>,
    places: HashTable<u32>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    hash: u64,
    start: u32,
    end: u32,
    numeric: Numeric,
    tagged: Tagged,
}

impl Sets {
    /// Forgets all, as at the beginning of a run.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.all.clear();
        self.places.clear();
    }

    /// What became of the labels in a text.
    #[inline]
    pub(super) fn get(&self, block: &str, numeric: Numeric) -> Option<Tagged> {
        let hash = self.hasher.hash_one(block);
        let place = self.places.find(hash, |place| {
            let known = &self.all[*place as usize];
            known.hash == hash
                && known.numeric == numeric
                && self.text.get(known.start as usize..known.end as usize) == Some(block)
        })?;
        Some(self.all[*place as usize].tagged)
    }

    /// Remembers it, if there is room.
    pub(super) fn insert(&mut self, block: &str, numeric: Numeric, tagged: Tagged) {
        if self.all.len() >= MAX_SETS || self.text.len() + block.len() > MAX_TEXT {
            return;
        }
        let hash = self.hasher.hash_one(block);
        let (Ok(start), Ok(place)) =
            (u32::try_from(self.text.len()), u32::try_from(self.all.len()))
        else {
            return;
        };
        self.text.push_str(block);
        let end = u32::try_from(self.text.len()).unwrap_or(start);
        self.all.push(Known { hash, start, end, numeric, tagged });
        let all = &self.all;
        self.places.insert_unique(hash, place, |place| all[*place as usize].hash);
    }
}
