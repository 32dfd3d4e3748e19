use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    total: Gauge<Byte>,
}

fn main() {
    let _ = Filesystem { total: Duration::from_secs(1).into() };
}
