//! What a scrape has found so far: of each record, the sets of labels and the values of the fields.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::shape::Source;

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
    Buckets(BTreeMap<Bound, f64>),
}

/// The upper bound of a bucket, in the order of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Bound(pub f64);

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Bound {}

/// What became of a value that was given to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    Yes,
    /// The cell has another one.
    Taken,
    NoRoom,
}

impl Cell {
    /// It is a number.
    pub(super) const fn is_finite(&self) -> bool {
        matches!(self, Self::Value(value) if value.is_finite())
    }

    pub(super) fn add_value(&mut self, value: f64, source: &Source) -> Added {
        match self {
            Self::Value(sum) if source.sum => *sum += value,
            Self::Empty => *self = Self::Value(value),
            _ => return Added::Taken,
        }
        Added::Yes
    }

    pub(super) fn add_bucket(
        &mut self,
        bound: f64,
        value: f64,
        source: &Source,
        room: &mut Room,
    ) -> Added {
        if matches!(self, Self::Empty) {
            *self = Self::Buckets(BTreeMap::new());
        }
        let Self::Buckets(buckets) = self else { return Added::Taken };
        match buckets.entry(Bound(bound)) {
            Entry::Occupied(mut sum) if source.sum => *sum.get_mut() += value,
            Entry::Occupied(_) => return Added::Taken,
            Entry::Vacant(new) => match room.take_bucket() {
                Some(()) => drop(new.insert(value)),
                None => return Added::NoRoom,
            },
        }
        Added::Yes
    }

    /// How many samples it becomes.
    pub(super) fn samples(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Value(_) => 1,
            Self::Buckets(buckets) => buckets.len(),
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

    /// Takes room for a bucket, in a tree of them.
    pub(super) fn take_bucket(&mut self) -> Option<()> {
        self.text = self.text.checked_sub(2 * size_of::<(f64, f64)>())?;
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
