use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    #[tag]
    path: String,
    #[tag(name = "route", from = "path")]
    route: String,
    #[hostname(from = "node")]
    host: String,
    #[tag]
    node: String,
    #[tag(from = "")]
    empty: String,
    /// Requests.
    #[metric(from = "gate_requests_total")]
    requests: MonotonicCount<Request>,
}

fn main() {}
