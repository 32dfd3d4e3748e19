use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    #[tag]
    #[metric(name = "x")]
    device: String,
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
