//! A whole check, over HTTP.

use allwell::prelude::*;
use allwell::testing::{self, http};
use http::{Mock, MockServer, ResponseTemplate, matchers::method};

/// Connections and requests of a gate.
#[check(can_connect = "gate.openmetrics.health")]
async fn gate(config: &Gate, cx: &Context) -> Result<(Server, Vec<Route>)> {
    Ok(cx.scrape(&config.endpoint).await?)
}

/// One gate.
#[derive(Config)]
struct Gate {
    #[config(flatten)]
    endpoint: ScrapeOptions,
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "gate")]
struct Server {
    /// Connections that are open.
    #[metric(from = "gate_connections{state='open'}")]
    connections: Gauge<Connection>,
    /// OK if the gate is ready, CRITICAL if it is not.
    #[metric(from = "gate_ready", ok = 1, critical = 0)]
    ready: ServiceCheck,
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "gate.http")]
struct Route {
    #[tag(from = "path")]
    route: String,
    /// Requests.
    #[metric(from = "gate_requests_total", sum)]
    requests: MonotonicCount<Request>,
    /// Time that requests took.
    #[metric(from = "gate_request_duration_seconds_bucket")]
    duration: Option<Buckets<Second>>,
}

const PAYLOAD: &str = "\
# TYPE gate_connections gauge
gate_connections{state=\"open\"} 7
gate_connections{state=\"closing\"} 2
# TYPE gate_ready gauge
gate_ready 1
# TYPE gate_requests_total counter
gate_requests_total{path=\"/a\",code=\"200\"} 40
gate_requests_total{path=\"/a\",code=\"500\"} 2
gate_requests_total{path=\"/b\",code=\"200\"} 1
# TYPE gate_request_duration_seconds histogram
gate_request_duration_seconds_bucket{path=\"/a\",le=\"0.5\"} 30
gate_request_duration_seconds_bucket{path=\"/a\",le=\"+Inf\"} 42
gate_request_duration_seconds_sum{path=\"/a\"} 12.5
gate_request_duration_seconds_count{path=\"/a\"} 42
";

#[tokio::test]
async fn a_check_in_twenty_lines() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string(PAYLOAD);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let endpoint = format!("{}/metrics", server.uri());
    let config = format!("openmetrics_endpoint: {endpoint}\ntag_by_endpoint: false");
    let run = testing::run::<gate>(&config).await;
    run.assert_ok().assert_all_covered();
    assert_eq!(
        run.to_string(),
        "bucket gate.http.duration 12 of 0.5 to inf [route:/a]\n\
         bucket gate.http.duration 30 of 0 to 0.5 [route:/a]\n\
         gauge gate.connections 7 connection []\n\
         monotonic_count gate.http.requests 1 request [route:/b]\n\
         monotonic_count gate.http.requests 42 request [route:/a]\n\
         service check gate.openmetrics.health OK []\n\
         service check gate.ready OK []\n"
    );
}
