//! Metrics, imported from `metadata.csv`.
//!
//! A `count` of the file is a `MonotonicCount` here: a total that only grows, of which the growth
//! is reported. Where the check submits what was added since its last run, write `Count`.

use allwell::prelude::*;

/// The metrics `order.*`.
#[derive(Metrics)]
#[metrics(namespace = "order")]
pub struct Order {
    /// Rows, in another order of columns.
    #[metric(orientation = higher_is_better)]
    pub rows: Gauge<Unitless>,
    /// Columns that are not there are empty.
    #[metric(short_name = "")]
    pub columns: MonotonicCount<Unitless>,
}
