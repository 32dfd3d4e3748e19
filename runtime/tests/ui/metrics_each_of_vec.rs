use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    #[metrics(each = "db")]
    databases: Vec<u64>,
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
