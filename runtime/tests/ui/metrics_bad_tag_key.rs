use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    #[tag(name = "Mount Point")]
    path: String,
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
