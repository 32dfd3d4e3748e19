use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<Byte>,
    /// The same again.
    #[metric(name = "total")]
    size: Gauge<Byte>,
}

fn main() {}
