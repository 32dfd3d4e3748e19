use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    #[metric(orientaton = lower_is_better)]
    total: Gauge<Byte>,
}

fn main() {}
