//! From the start of a process to the end of the first run of a trivial check, as a process of its own.

use std::process::ExitCode;

use allwell::metric::units::Operation;
use allwell::prelude::*;

/// Reports one number.
#[check(enabled_by_default)]
fn trivial() -> Trivial {
    Trivial { tag: "y", value: 1.into() }
}

#[derive(Metrics)]
#[metrics(namespace = "trivial")]
struct Trivial {
    #[tag(name = "x")]
    tag: &'static str,
    /// One.
    value: Gauge<Operation>,
}

fn main() -> ExitCode {
    allwell::cli::main()
}
