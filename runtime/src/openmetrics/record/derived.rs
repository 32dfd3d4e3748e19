//! What the code of `#[derive(Metrics)]` calls to fill a record: rows of its tables, made from the types of fields, and the values
//! of the fields.
//!
//! The functions take a getter of the field, from which the compiler learns the type; they never call it.

use crate::metric::{Declared, Field, LabelValue};

use super::field::{FromSample, FromState};
use super::shape::{LabelSource, Needs, Source, StateLevel, Takes};
use super::take::{FromScrape, Row};

/// The label that a tag is made of.
pub const fn scrape_label<R, T: LabelValue>(
    _field: fn(&R) -> &T,
    name: &'static str,
) -> LabelSource {
    LabelSource { name, reads: |text| T::from_label(text).is_some() }
}

/// The samples that a metric is made of.
///
/// # Panics
/// The field is of buckets, and the name is not one of theirs. The compiler says so, as this is evaluated by it.
pub const fn sample_field<R, F: FromSample>(_field: fn(&R) -> &F, metric: &'static str) -> Source {
    if matches!(F::TAKES, Takes::Bucket) {
        assert!(
            ends_in_bucket(metric),
            "the buckets of a histogram have names that end in `_bucket`\nhint: write `from = \"x_bucket\"`, as the lines do"
        );
    }
    source::<F>(metric, F::TAKES, F::OPTIONAL, &[])
}

/// The samples that a service check is made of.
pub const fn state_field<R, F: FromState>(
    _field: fn(&R) -> &F,
    metric: &'static str,
    levels: &'static [(StateLevel, f64)],
) -> Source {
    source::<F>(metric, Takes::State, F::OPTIONAL, levels)
}

const fn source<F: Field>(
    metric: &'static str,
    takes: Takes,
    optional: bool,
    levels: &'static [(StateLevel, f64)],
) -> Source {
    let kind = match F::DECLARED {
        Declared::Metric { kind, .. } => Some(kind),
        Declared::ServiceCheck => None,
    };
    Source {
        field: "",
        metric,
        conditions: &[],
        takes,
        kind,
        optional,
        sum: false,
        any_type: false,
        levels,
    }
}

const fn ends_in_bucket(name: &str) -> bool {
    let (name, end) = (name.as_bytes(), b"_bucket");
    let mut place = 0;
    while place < end.len() {
        if name.len() < end.len() || name[name.len() - end.len() + place] != end[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// What the records within a record take.
pub const fn records_needed<R, T: FromScrape>(_field: fn(&R) -> &T) -> Needs {
    T::NEEDS
}

/// The value of a tag.
pub fn take_label<R, T: LabelValue>(
    _field: fn(&R) -> &T,
    row: &mut Row<'_>,
    index: usize,
) -> Option<T> {
    T::from_label(row.label(index))
}

/// The value of a metric.
pub fn take_sample<R, F: FromSample>(
    _field: fn(&R) -> &F,
    row: &mut Row<'_>,
    index: usize,
) -> Option<F> {
    row.take(index, |cell, _| F::of_sample(cell))
}

/// The value of a service check.
pub fn take_state<R, F: FromState>(
    _field: fn(&R) -> &F,
    row: &mut Row<'_>,
    index: usize,
) -> Option<F> {
    row.take(index, |cell, source| F::of_state(&cell, source))
}

/// The records within a record.
pub fn take_records<R, T: FromScrape>(
    _field: fn(&R) -> &T,
    row: &mut Row<'_>,
    index: usize,
) -> Option<T> {
    row.records(index)
}
