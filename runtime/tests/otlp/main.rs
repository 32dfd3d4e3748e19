//! OTLP as it is encoded: what needs no receiver. The messages are taken apart by a reader of the wire format that knows no names.
#![allow(missing_docs)]

mod histograms;
mod splitting;
mod support;
mod totals;
mod units;
