use allwell::prelude::*;

use std::collections::BTreeMap;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// Requests.
    #[metric(from = "gate_requests_total")]
    requests: MonotonicCount<Request>,
    #[metrics(each = "path")]
    routes: BTreeMap<String, Route>,
}

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Route {
    /// Connections.
    #[metric(from = "gate_connections")]
    connections: Gauge<Connection>,
}

fn main() {}
