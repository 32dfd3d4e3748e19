//! A binary of a thousand checks, to see what their number costs.

use allwell::prelude::*;

/// What to look at.
#[derive(Config)]
struct Options {
    /// Its name.
    #[config(example = "thing")]
    name: String,
}

#[derive(Metrics)]
#[metrics(namespace = "thing")]
struct Thing {
    #[tag]
    name: String,
    /// Its size.
    size: Gauge<Byte>,
}

include!(concat!(env!("OUT_DIR"), "/checks.rs"));

allwell::main!();
