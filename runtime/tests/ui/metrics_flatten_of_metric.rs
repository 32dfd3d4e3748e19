use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    #[metrics(flatten)]
    total: Gauge<Byte>,
}

fn main() {}
