use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    total: Gauge<Byte>,
    /// Share of the space in use.
    in_use: Gauge<Fraction>,
}

fn main() {}
