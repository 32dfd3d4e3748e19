use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// Requests.
    #[metric(from = "gate.requests")]
    requests: MonotonicCount<Request>,
    /// Connections.
    #[metric(from = "9gate{")]
    connections: Gauge<Connection>,
    /// Errors.
    #[metric(from = "gate_requests_total{code=~'5..'}")]
    errors: MonotonicCount<Error>,
    /// Those that wait.
    #[metric(from = "")]
    waiting: Gauge<Connection>,
}

fn main() {}
