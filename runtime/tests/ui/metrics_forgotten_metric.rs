use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<Byte>,
    /// Share of the space in use.
    in_use: Gauge<Fraction>,
}

/// Space on mounted filesystems.
#[check]
fn disk() -> Filesystem {
    Filesystem { total: 1.into() }
}

fn main() {}
