use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// Time that requests took.
    #[metric(from = "gate_request_duration_seconds")]
    duration: Buckets<Second>,
}

fn main() {}
