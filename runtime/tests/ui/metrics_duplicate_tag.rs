use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    #[tag]
    device: String,
    #[tag(name = "device")]
    name: String,
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
