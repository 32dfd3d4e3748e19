use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    #[metric(in_app = histogram)]
    total: Gauge<Byte>,
}

fn main() {}
