use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// OK if it runs, CRITICAL if it does not.
    #[metric(from = "gate_up", ok = "yes", critical = 0)]
    up: ServiceCheck,
    /// OK if it is ready, CRITICAL if it is not.
    #[metric(from = "gate_ready", ok = [0, 1], critical = 0)]
    ready: ServiceCheck,
    /// OK if it is whole, CRITICAL if it is not.
    #[metric(from = "gate_whole", sum, ok = 1)]
    whole: ServiceCheck,
}

fn main() {}
