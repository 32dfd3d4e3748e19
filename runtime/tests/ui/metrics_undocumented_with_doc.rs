use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    #[metric(undocumented)]
    total: Gauge<Byte>,
}

fn main() {}
