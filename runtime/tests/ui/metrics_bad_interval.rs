use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    #[metric(interval = "1m")]
    total: Gauge<Byte>,
}

fn main() {}
