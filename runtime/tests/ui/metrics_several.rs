use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    total: Gauge<Byte>,
    /// Share | in use.
    #[metric(nme = "share")]
    in_use: Gauge<Fraction>,
    #[tag(name = "Mount Point")]
    path: String,
}

fn main() {}
