//! An existing `metadata.csv` as records of metrics, in Rust: what the port of a check begins with.

pub(crate) mod comment;
mod group;
mod histogram;
mod metric;
pub(crate) mod names;
mod read;
mod row;
pub(crate) mod write;

use crate::config::Problems;

/// What was made of a `metadata.csv`.
#[derive(Debug, Clone)]
pub struct Imported {
    /// A module of records, formatted as rustfmt does it.
    pub rust: String,
    /// The rows that no record can say. They are left out, which the module says, too.
    pub problems: Problems,
}

/// Writes the records whose export is this file: the same names, types, units, descriptions and tags.
///
/// Where the file leaves a choice, it is made as follows. A `gauge` is a `Gauge`. A `count` is a `MonotonicCount`, since most
/// servers tell totals; the module says where to write `Count`. A `rate` is a `Rate` that is shown as one, or a `Gauge` shown
/// as a rate where a `Rate` would change the unit. Five rows that are the aggregates of a histogram, down to their
/// descriptions, are a `Histogram`. Metrics with the same tags that share a part of their names stand in one record.
pub fn import_metadata(text: &str) -> Imported {
    let mut problems = Problems::default();
    let rows = read::rows(text, &mut problems);
    problems.sort();
    let records = group::records(histogram::fold(rows));
    let rust = write::module(&records, &problems);
    Imported { rust, problems }
}
