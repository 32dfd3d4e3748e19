use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "")]
struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
