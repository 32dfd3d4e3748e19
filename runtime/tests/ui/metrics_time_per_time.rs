use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Size of the filesystem.
    busy: Gauge<Per<Millisecond, Second>>,
}

fn main() {
    println!("{:?}", <Filesystem as Metrics>::DECLARATION);
}
