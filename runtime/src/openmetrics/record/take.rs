//! Records, made of what a scrape has found.

use crate::metric::Metrics;
use crate::openmetrics::faults::Faults;

use super::fill::Filler;
use super::find::Plan;
use super::rows::{Cell, RowData, Rows};
use super::shape::{Needs, Shape, Source};

/// What a scrape can fill: a record whose fields say where they come from, an `Option` or a `Vec` of them, or a tuple.
#[diagnostic::on_unimplemented(
    message = "a scrape cannot fill `{Self}`",
    label = "it is not said where this comes from",
    note = "hint: say it of the fields of a record: `#[metric(from = \"requests_total\")]`; a `Vec` or an `Option` of records, and a tuple \
            of these, are fine, too"
)]
pub trait FromScrape: Metrics + Sized {
    /// What it takes.
    const NEEDS: Needs;

    /// Makes it of what was found.
    #[doc(hidden)]
    fn take(filled: &mut Filled, place: Place) -> Option<Self>;
}

/// A record that a scrape fills. Derived by `#[derive(Metrics)]` where a field says `from`.
#[diagnostic::on_unimplemented(
    message = "a scrape cannot fill `{Self}`",
    label = "it is not said where this comes from",
    note = "hint: say it of the fields of a record: `#[metric(from = \"requests_total\")]`"
)]
pub trait ScrapedRecord: Metrics + Sized {
    /// What it takes, and what makes it of a row, or tells the row what it lacks.
    ///
    /// Both stand in one constant, because the compiler then reports a field of a wrong type once.
    #[doc(hidden)]
    const TABLE: Table<Self>;
}

/// What a record takes, and what makes it of a row.
#[doc(hidden)]
pub type Table<R> = (Shape, fn(&mut Row<'_>) -> Option<R>);

/// Where a record stands: its number among those of the plan, and the row that it stands in.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Place {
    record: usize,
    parent: u32,
}

/// What a record needs and the exposition has not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lack {
    type_name: &'static str,
    field: &'static str,
    metric: &'static str,
}

/// What a scrape has found, record by record.
#[doc(hidden)]
#[derive(Debug)]
pub struct Filled {
    plan: Plan,
    rows: Vec<Rows>,
    /// Of each record, its rows in the order of the rows that they stand in.
    within: Vec<Vec<u32>>,
    lacks: Vec<Lack>,
    many: Option<&'static str>,
    faults: Faults,
}

/// What the exposition lacks for the records that it was to fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacks(String);

impl std::fmt::Display for Lacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Lacks {}

impl Filled {
    pub(in crate::openmetrics) fn new(filler: Filler<'_>) -> Self {
        let Filler { plan, rows, faults, .. } = filler;
        let within = |rows: &Rows| {
            let mut places: Vec<u32> = (0..).take(rows.all.len()).collect();
            places.sort_by_key(|place| rows.all[*place as usize].parent);
            places
        };
        let within = rows.iter().map(within).collect();
        Self { plan, rows, within, lacks: Vec::new(), many: None, faults }
    }

    /// The records, and what was wrong with the exposition or left out of it.
    pub(in crate::openmetrics) fn records<T: FromScrape>(mut self) -> (Result<T, Lacks>, Faults) {
        let records = T::take(&mut self, Place { record: 0, parent: 0 });
        let records = records.ok_or_else(|| Lacks(self.told()));
        (records, self.faults)
    }

    fn told(&self) -> String {
        match self.many {
            Some(type_name) => format!(
                "the exposition has more than one `{type_name}`: labels tell them apart; hint: ask for a `Vec<{type_name}>`"
            ),
            None => format!(
                "the exposition has no {}; hint: a field that a server may lack is an `Option`",
                listed(&self.lacks)
            ),
        }
    }

    /// The rows of a record that stand in a row.
    fn places(&self, Place { record, parent }: Place) -> Vec<u32> {
        let rows = &self.rows[record].all;
        let within = &self.within[record];
        let parent_of = |place: &u32| rows[*place as usize].parent;
        let first = within.partition_point(|place| parent_of(place) < parent);
        within[first..].iter().take_while(|place| parent_of(place) == parent).copied().collect()
    }

    fn one<R: ScrapedRecord>(&mut self, record: usize, row: Option<u32>) -> Option<R> {
        let shape = self.plan.records[record].shape;
        let (labels, cells) = match row {
            Some(row) => {
                let RowData { labels, cells, .. } = &mut self.rows[record].all[row as usize];
                (std::mem::take(labels), std::mem::take(cells))
            }
            None => (Box::default(), Vec::new()),
        };
        let place = row.unwrap_or(NO_ROW);
        (R::TABLE.1)(&mut Row { filled: self, shape, record, row: place, labels, cells })
    }

    /// A record that may lack something, and is left out then.
    fn maybe<R: ScrapedRecord>(&mut self, record: usize, row: u32) -> Option<R> {
        let before = self.lacks.len();
        let labels = self.described(record, row);
        let made = self.one(record, Some(row));
        let lacks = self.lacks.split_off(before);
        if made.is_none() {
            let type_name = R::TABLE.0.type_name;
            let lacks = listed(&lacks);
            self.faults.leave_out(format!(
                "a `{type_name}`{labels} has no {lacks}; hint: a field that may be absent is an `Option`"
            ));
        }
        made
    }

    fn described(&self, record: usize, row: u32) -> String {
        let labels = &self.plan.records[record].shape.labels;
        let values = &self.rows[record].all[row as usize].labels;
        let pairs = labels.iter().zip(values);
        let pairs: Vec<_> =
            pairs.map(|(label, value)| format!("{}={value:?}", label.name)).collect();
        if pairs.is_empty() { String::new() } else { format!(" with {}", pairs.join(",")) }
    }
}

/// Stands in no row: no record stands in a row of this number.
const NO_ROW: u32 = u32::MAX;

fn listed(lacks: &[Lack]) -> String {
    let each = lacks.iter().map(|lack| {
        let Lack { type_name, field, metric } = lack;
        format!("`{metric}` (for `{type_name}::{field}`)")
    });
    each.collect::<Vec<_>>().join(", ")
}

/// A record that is being made.
#[doc(hidden)]
#[derive(Debug)]
pub struct Row<'f> {
    filled: &'f mut Filled,
    shape: &'static Shape,
    record: usize,
    row: u32,
    labels: Box<[Box<str>]>,
    cells: Vec<Cell>,
}

impl Row<'_> {
    pub(super) fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", |label| &**label)
    }

    pub(super) fn take<T>(
        &mut self,
        index: usize,
        make: impl FnOnce(Cell, &Source) -> Option<T>,
    ) -> Option<T> {
        let source = self.shape.sources.get(index)?;
        let cell = self.cells.get_mut(index).map(std::mem::take).unwrap_or_default();
        let made = make(cell, source);
        if made.is_none() {
            let Source { field, metric, .. } = source;
            let lack = Lack { type_name: self.shape.type_name, field, metric };
            self.filled.lacks.push(lack);
        }
        made
    }

    pub(super) fn records<T: FromScrape>(&mut self, index: usize) -> Option<T> {
        let before = self.shape.nested.iter().take(index).map(Needs::count).sum::<usize>();
        T::take(self.filled, Place { record: self.record + 1 + before, parent: self.row })
    }
}

impl<R: ScrapedRecord> FromScrape for R {
    const NEEDS: Needs = Needs::Record(&R::TABLE.0);

    fn take(filled: &mut Filled, place: Place) -> Option<Self> {
        match filled.places(place).as_slice() {
            [] => filled.one(place.record, None),
            [row] => filled.one(place.record, Some(*row)),
            _ => {
                filled.many = Some(R::TABLE.0.type_name);
                None
            }
        }
    }
}

impl<R: ScrapedRecord> FromScrape for Vec<R> {
    const NEEDS: Needs = R::NEEDS;

    fn take(filled: &mut Filled, place: Place) -> Option<Self> {
        let places = filled.places(place);
        Some(places.into_iter().filter_map(|row| filled.maybe(place.record, row)).collect())
    }
}

impl<R: ScrapedRecord> FromScrape for Option<R> {
    const NEEDS: Needs = R::NEEDS;

    fn take(filled: &mut Filled, place: Place) -> Option<Self> {
        match filled.places(place).as_slice() {
            [] => Some(None),
            [row] => Some(filled.maybe(place.record, *row)),
            _ => {
                filled.many = Some(R::TABLE.0.type_name);
                None
            }
        }
    }
}

macro_rules! tuples {
    ($(($($member:ident $local:ident),+))*) => {$(
        impl<$($member: FromScrape),+> FromScrape for ($($member,)+) {
            const NEEDS: Needs = Needs::All(&[$($member::NEEDS),+]);

            fn take(filled: &mut Filled, mut place: Place) -> Option<Self> {
                $(
                    let $local = $member::take(filled, place);
                    place.record += $member::NEEDS.count();
                )+
                let _ = place;
                Some(($($local?,)+))
            }
        }
    )*};
}

tuples! {
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, F f)
    (A a, B b, C c, D d, E e, F f, G g)
    (A a, B b, C c, D d, E e, F f, G g, H h)
}
