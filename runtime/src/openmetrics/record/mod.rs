//! Records that a scrape fills: which samples belong to which field, and what is made of a payload.
//!
//! A record is one set of labels: samples whose labels give its tags the same values are the fields of one record, and there
//! are as many records as there are such sets. The tables that say so are constants, made by `#[derive(Metrics)]`.

pub mod derived;
mod field;
mod fill;
mod find;
mod fits;
mod rows;
mod shape;
mod sum;
mod take;

pub use field::{FromSample, FromState};
pub(super) use fill::Filler;
pub use rows::{Bound, Cell};
pub use shape::{LabelCondition, LabelSource, Needs, Shape, Source, StateLevel, Takes};
pub(super) use take::Filled;
pub use take::{FromScrape, Lacks, Row, ScrapedRecord, Table};
