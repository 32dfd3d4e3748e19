use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    /// Time that requests take.
    #[metric(in_app = rate)]
    time: Histogram<Second>,
    /// Whether it is mounted.
    #[metric(in_app = gauge)]
    mounted: Option<ServiceCheck>,
}

fn main() {}
