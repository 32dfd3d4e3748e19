use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "System Disk")]
struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
