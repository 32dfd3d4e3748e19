//! What a scrape has found so far: of each record, the sets of labels and the values of the fields.

use std::borrow::Cow;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// How many records a scrape fills at most, and how long the labels of all may be together.
const MAX_RECORDS: usize = 100_000;
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// What was found for a field.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing yet.
    #[default]
    Empty,
    /// A value.
    Value(f64),
    /// Buckets: upper bounds, and the numbers of all values up to them.
    Buckets(Vec<(f64, f64)>),
}

impl Cell {
    /// How many samples it becomes.
    pub(super) fn samples(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Value(_) => 1,
            Self::Buckets(pairs) => pairs.len(),
        }
    }
}

/// All records of a type that stand in one place.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) all: Vec<RowData>,
    places: HashTable<u32>,
    hasher: RandomState,
}

/// A record.
#[derive(Debug, Default)]
pub(super) struct RowData {
    /// The row that it stands in.
    pub(super) parent: u32,
    hash: u64,
    pub(super) labels: Box<[Box<str>]>,
    pub(super) cells: Vec<Cell>,
}

/// What is left of the room for records.
#[derive(Debug)]
pub(super) struct Room {
    records: usize,
    text: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { records: MAX_RECORDS, text: MAX_TEXT }
    }
}

impl Room {
    fn take(&mut self, labels: &[Cow<'_, str>]) -> Option<()> {
        let text: usize = labels.iter().map(|label| label.len()).sum();
        self.records = self.records.checked_sub(1)?;
        self.text = self.text.checked_sub(text)?;
        Some(())
    }

    /// Takes room for a bucket.
    pub(super) fn take_bucket(&mut self) -> Option<()> {
        self.text = self.text.checked_sub(size_of::<(f64, f64)>())?;
        Some(())
    }
}

impl Rows {
    /// The place of the record with these labels, which is made if there is none; nothing if there is no room for it.
    pub(super) fn place(
        &mut self,
        parent: u32,
        labels: &[Cow<'_, str>],
        fields: usize,
        room: &mut Room,
    ) -> Option<u32> {
        let Self { all, places, hasher } = self;
        let hash = hasher.hash_one((parent, labels));
        let is_it = |place: &u32| {
            let row = &all[*place as usize];
            row.parent == parent
                && row.labels.iter().map(|label| &**label).eq(labels.iter().map(|label| &**label))
        };
        if let Some(place) = places.find(hash, is_it) {
            return Some(*place);
        }
        room.take(labels)?;
        let place = u32::try_from(all.len()).ok()?;
        let labels = labels.iter().map(|label| Box::from(&**label)).collect();
        all.push(RowData { parent, hash, labels, cells: vec![Cell::Empty; fields] });
        places.insert_unique(hash, place, |place| all[*place as usize].hash);
        Some(place)
    }
}
