#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Route {
    #[tag(name = "route", from = "path")]
    path: String,
    #[hostname]
    node: Option<String>,
    /// Requests.
    #[metric(from = "gate_requests_total{code!='500'}", sum)]
    requests: MonotonicCount<Request>,
    /// OK if it is up, CRITICAL if it is not.
    #[metric(from = "gate_up", ok = 1, critical = [0, -1], any_type)]
    up: Option<ServiceCheck>,
    /// Share of the requests that failed.
    failed: Option<Gauge<Fraction>>,
    #[metrics(flatten)]
    doors: Vec<Door>,
}
