//! Records that a scrape fills: which samples become which fields, and what is said of those that do not fit.
#![cfg(all(feature = "mock", feature = "openmetrics"))]
#![allow(missing_docs)]

mod check;
mod firsts;
mod read;
mod sums;
