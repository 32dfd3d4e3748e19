use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// Time that requests took.
    #[metric(from = "gate_request_duration_seconds_bucket")]
    duration: Histogram<Second>,
    /// Requests.
    #[metric(from = "gate_requests_total")]
    requests: Count<Request>,
    /// OK if it runs.
    #[metric(from = "gate_up")]
    up: ServiceCheck,
    /// Connections.
    #[metric(from = "gate_connections", ok = 1)]
    connections: Gauge<Connection>,
}

fn main() {}
