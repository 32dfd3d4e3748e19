use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<u64>,
}

fn main() {}
