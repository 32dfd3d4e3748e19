use allwell::prelude::*;

#[derive(Metrics)]

struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {}
