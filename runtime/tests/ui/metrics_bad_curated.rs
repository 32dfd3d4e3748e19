use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    #[metric(curated = disk)]
    total: Gauge<Byte>,
}

fn main() {}
