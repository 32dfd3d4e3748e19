use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
enum Filesystem {
    Mounted,
    Unmounted,
}

fn main() {}
