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

/// A server that gives these answers, one after another, and the check's configuration for it.
async fn serve(answers: impl IntoIterator<Item = ResponseTemplate>) -> (MockServer, String) {
    let server = MockServer::start().await;
    for answer in answers {
        let once = Mock::given(method("GET")).respond_with(answer).up_to_n_times(1);
        once.mount(&server).await;
    }
    let config = format!("openmetrics_endpoint: {}/metrics\ntag_by_endpoint: false", server.uri());
    (server, config)
}

fn payload(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_string(text)
}

#[tokio::test]
async fn a_check_in_twenty_lines() {
    let (_server, config) = serve([payload(PAYLOAD)]).await;
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

#[tokio::test]
async fn first_values_count_once_the_endpoint_is_known() {
    let failure = ResponseTemplate::new(503);
    let good = || payload(PAYLOAD);
    let (_server, config) = serve([good(), good(), failure, good(), good()]).await;
    let mut instance = testing::instance::<gate>(&config);
    let mut flushed = Vec::new();
    for _ in 0..5 {
        let run = instance.run().await;
        let totals = run.metrics.iter().filter(|metric| metric.name == "gate.http.requests");
        let mut totals: Vec<bool> = totals.map(|total| total.flush_first_value).collect();
        totals.extend(run.buckets.iter().map(|bucket| bucket.flush_first_value));
        totals.dedup();
        let others = run.metrics.iter().filter(|metric| metric.name == "gate.connections");
        flushed.push((totals, others.map(|gauge| gauge.value).collect::<Vec<_>>()));
    }
    let run = |flush: bool| (vec![flush], vec![7.0]);
    assert_eq!(flushed, [run(false), run(true), (vec![], vec![]), run(false), run(true)]);
}

#[tokio::test]
async fn first_values_count_at_once_if_the_server_is_younger() {
    let younger = format!("{PAYLOAD}process_start_time_seconds 4e9\n");
    let (_server, config) = serve([payload(&younger)]).await;
    let run = testing::run::<gate>(&format!("{config}\nuse_process_start_time: true")).await;
    let flushed = run.metrics.iter().map(|metric| (metric.name.as_str(), metric.flush_first_value));
    assert_eq!(
        flushed.collect::<Vec<_>>(),
        [("gate.connections", false), ("gate.http.requests", true), ("gate.http.requests", true)]
    );
}

#[tokio::test]
async fn an_endpoint_that_fails_is_critical() {
    let (server, config) = serve([ResponseTemplate::new(404)]).await;
    let reason = format!("`{}/metrics` answered 404 Not Found", server.uri());
    let run = testing::run::<gate>(&config).await;
    run.assert_failed(&reason);
    run.assert_service_check("gate.openmetrics.health", Status::critical(reason));
    assert_eq!(run.metrics, []);
}

#[tokio::test]
async fn a_page_that_is_no_exposition_is_critical() {
    let (_server, config) = serve([payload("<html>\n<body>Welcome</body>\n</html>\n")]).await;
    let run = testing::run::<gate>(&config).await;
    run.assert_failed(
        "the exposition cannot be read: line 1, column 7: the value is missing: `<html>`",
    );
    assert!(run.status("gate.openmetrics.health").is_some_and(|status| status.number() == 2));
}

#[tokio::test]
async fn lines_are_filtered_and_metrics_limited_as_the_instance_says() {
    let (_server, config) = serve([payload(PAYLOAD)]).await;
    let options = "raw_line_filters: ['path=\"/a\"']\nmax_returned_metrics: 1";
    let run = testing::run::<gate>(&format!("{config}\n{options}")).await;
    run.assert_ok().assert_metric("gate.connections", 7.0, [""; 0]);
    assert_eq!((run.metrics.len(), run.report.drops.over_limit), (1, 1));
}

#[tokio::test]
async fn a_run_has_a_limit_unless_the_instance_says_otherwise() {
    let lines = (0..3000).map(|path| format!("gate_requests_total{{path=\"{path}\"}} 1\n"));
    let many = format!("{PAYLOAD}{}", lines.collect::<String>());
    let (_server, config) = serve([payload(&many), payload(&many)]).await;
    let run = testing::run::<gate>(&config).await;
    assert_eq!((run.metrics.len(), run.report.drops.over_limit), (1999, 1004));
    let run = testing::run::<gate>(&format!("{config}\nmax_returned_metrics: 0")).await;
    assert_eq!(run.metrics.len(), 3003);
}
