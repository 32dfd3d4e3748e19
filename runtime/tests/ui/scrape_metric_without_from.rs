use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// Requests.
    #[metric(from = "gate_requests_total")]
    requests: MonotonicCount<Request>,
    /// Connections.
    connections: Gauge<Connection>,
    /// Those of each user, which the check works out.
    each: Option<Gauge<Connection>>,
}

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Door {
    /// OK if it is closed.
    #[metric(ok = 1)]
    closed: ServiceCheck,
    /// Visitors.
    #[metric(sum, any_type)]
    visitors: Gauge<User>,
}

fn main() {}
