//! `import`: what is made of `metadata.csv` files, and that it says the same as they do.
#![allow(missing_docs)]

mod files;
mod golden;
mod round_trip;
mod rustfmt;

/// A binary without a check would be told so.
#[allwell::prelude::check(crate = allwell)]
fn nothing() {}
