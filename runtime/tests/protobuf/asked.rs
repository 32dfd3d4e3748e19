//! What an endpoint is asked for, and which answers are read as what.

use allwell::metric::Dynamic;
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::testing::{self, Run, http, instance};
use http::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::messages::{
    COUNTER, HISTOGRAM, Histogram, classic, counter, encoded, family, histogram, native,
};

struct Asked {
    scraper: Scraper,
}

/// What an endpoint exposes.
#[check(name = "asked")]
impl Check<Dynamic> for Asked {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        Ok(Self { scraper: Scraper::new(config.0) })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        Ok(self.scraper.scrape(cx).await?)
    }
}

const PROTOBUF: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

fn payload(count: i64) -> Vec<u8> {
    let jobs = counter(&[("queue", "mail")], 17.0);
    let lag = Histogram { bucket: classic(&[(2.0, 1)]), ..native(0, &[(1, count)], &[]) };
    encoded(&[
        family("jobs_total", COUNTER, vec![jobs]),
        family("lag", HISTOGRAM, vec![histogram(&[], lag)]),
    ])
}

/// A server that always answers this.
async fn serve(content_type: &str, body: impl Into<Vec<u8>>) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_raw(body, content_type);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    server
}

fn config(server: &MockServer, options: &str) -> String {
    let endpoint = server.uri();
    format!("openmetrics_endpoint: {endpoint}\ntag_by_endpoint: false\nmetrics: [.+]\n{options}")
}

/// What is asked for and what is made of the answer.
async fn asked(content_type: &str, body: impl Into<Vec<u8>>, options: &str) -> (String, Run) {
    let server = serve(content_type, body).await;
    let run = testing::run::<Asked>(&config(&server, options)).await;
    let requests = server.received_requests().await.expect("they are kept");
    let accept = requests[0].headers.get("accept").expect("it says what it takes");
    (accept.to_str().expect("text").to_owned(), run)
}

#[tokio::test]
async fn protobuf_is_asked_for_before_text() {
    let protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    let text = "jobs_total 1\n# EOF\n";
    for (options, expected) in [
        ("", "text/plain"),
        (
            "use_latest_spec: true",
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1",
        ),
        ("native_histograms: true", &format!("{protobuf},text/plain;q=0.5")),
        (
            "native_histograms: true\nuse_latest_spec: true",
            &format!(
                "{protobuf},application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5"
            ),
        ),
        ("native_histograms: true\nheaders: {ACCEPT: text/plain}", "text/plain"),
    ] {
        let (accept, run) = asked("text/plain; version=0.0.4", text, options).await;
        assert_eq!(accept, expected, "{options}");
        run.assert_ok();
    }
}

/// Whatever was asked for: a user may have set `Accept`.
#[tokio::test]
async fn an_answer_in_protobuf_is_read_as_such() {
    let bare = "application/vnd.google.protobuf";
    let quoted = "Application/VND.google.protobuf;ENCODING=\"delimited\" ; Proto=io.prometheus.client.MetricFamily";
    for content_type in [PROTOBUF, bare, quoted] {
        for options in
            ["", "use_latest_spec: true", "native_histograms: true", "strict_compat: true"]
        {
            let (_, run) = asked(content_type, payload(1), options).await;
            run.assert_ok();
            assert_eq!(run.report.warnings, [""; 0], "{options}");
            assert_eq!(run.values("jobs.count"), [17.0], "{content_type} {options}");
            assert_eq!(run.values("lag.bucket"), [1.0], "{content_type} {options}");
            assert_eq!(run.status("openmetrics.health"), Some(&Status::Ok));
        }
    }
}

#[tokio::test]
async fn other_messages_are_refused() {
    for (parameter, expected) in [
        (
            "encoding=text",
            "in protobuf with the encoding `text`; hint: ask for `encoding=delimited`",
        ),
        ("encoding=compact-text", "in protobuf with the encoding `compact-text`"),
        ("proto=acme.Thing; encoding=delimited", "in protobuf with the proto `acme.Thing`"),
    ] {
        let content_type = format!("application/vnd.google.protobuf; {parameter}");
        let (_, run) = asked(&content_type, payload(1), "").await;
        run.assert_failed(expected);
        assert!(run.metrics.is_empty());
    }
}

#[tokio::test]
async fn native_histograms_of_a_server_become_distributions() {
    let server = serve(PROTOBUF, payload(1)).await;
    let options = "native_histograms: true\nhistogram_buckets_as_distributions: true";
    let mut check = instance::<Asked>(&config(&server, options));
    assert_eq!(check.run().await.assert_ok().buckets, []);
    server.reset().await;
    let answer = ResponseTemplate::new(200).set_body_raw(payload(4), PROTOBUF);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let run = check.run().await;
    run.assert_ok();
    let [seen] = &run.buckets[..] else { panic!("{:?}", run.buckets) };
    let allwell::metric::Bucket { count, lower, upper, .. } = seen.bucket;
    assert_eq!((&*seen.name, count, lower, upper), ("lag", 3, 1.0, 2.0));
}

/// An answer that breaks off: what came before is submitted.
#[tokio::test]
async fn a_cut_answer_says_where() {
    let mut cut = payload(1);
    cut.truncate(cut.len() - 3);
    let place = cut.len() + 1;
    let (_, run) = asked(PROTOBUF, cut, "").await;
    run.assert_ok();
    assert_eq!(run.values("jobs.count"), [17.0]);
    let expected =
        format!("byte {place}: the payload ends within a message: it may have been cut short");
    assert!(run.report.warnings[0].contains(&expected), "{:?}", run.report.warnings);
}

#[derive(Metrics, Debug)]
#[metrics(namespace = "acme")]
struct Acme {
    /// Jobs that were done.
    #[metric(from = "jobs_total", sum)]
    jobs: MonotonicCount<Unitless>,
    /// How late they were.
    #[metric(from = "lag_bucket")]
    lag: Buckets<Second>,
}

/// Jobs.
#[check(name = "acme")]
async fn acme(config: &ScrapeOptions, cx: &Context) -> Result<Acme> {
    Ok(cx.scrape(config).await?)
}

#[tokio::test]
async fn records_are_filled_from_messages() {
    let server = serve(PROTOBUF, payload(1)).await;
    let endpoint = server.uri();
    let run =
        testing::run::<acme>(&format!("openmetrics_endpoint: {endpoint}\ntag_by_endpoint: false"))
            .await;
    run.assert_ok();
    assert_eq!(run.values("acme.jobs"), [17.0]);
    assert_eq!(run.buckets.len(), 2, "{:?}", run.buckets);
}
