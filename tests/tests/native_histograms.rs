//! Native histograms and the protobuf format that they come in, beside Prometheus itself: what it says of itself in both formats, and what
//! it makes of the same histograms.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use allwell::testing::http::{Mock, MockServer, ResponseTemplate, matchers::method};
use allwell::testing::{Instance, Run, instance};
use allwell_examples::openmetrics::OpenMetrics;
use allwell_tests::{Scraper, Target};
use messages::{GAUGE, HISTOGRAM, Histogram, encoded, family, gauge, histogram, native};

#[path = "../../runtime/tests/protobuf/messages.rs"]
#[allow(dead_code, reason = "the tests of the reader need more of them")]
mod messages;

/// How long something may take until a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

fn scraped(endpoint: &str, options: &str) -> Instance {
    instance::<OpenMetrics>(&format!(
        "openmetrics_endpoint: {endpoint}\ntag_by_endpoint: false\nmetrics: [.+]\nmax_returned_metrics: 100000\n{options}"
    ))
}

/// Names, kinds and tags of all that a run has submitted.
fn shape(run: &Run) -> BTreeSet<String> {
    run.assert_ok();
    let is_of_lines = |warning: &String| warning.contains("left out");
    assert!(!run.report.warnings.iter().any(is_of_lines), "{:?}", run.report.warnings);
    let metrics =
        run.metrics.iter().map(|one| format!("{} {:?} {:?}", one.name, one.declared, one.tags));
    let buckets = run.buckets.iter().map(|one| {
        let (lower, upper) = (one.bucket.lower, one.bucket.upper);
        format!("{} {lower}..{upper} {:?}", one.name, one.tags)
    });
    metrics.chain(buckets).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_says_the_same_of_itself_in_both_formats() {
    let prometheus = Scraper::prometheus(&Target::plain(([127, 0, 0, 1], 9).into()));
    let endpoint = format!("{}/metrics", prometheus.address());
    for options in [
        "",
        "histogram_buckets_as_distributions: true",
        "collect_counters_with_distributions: true",
    ] {
        let mut text = scraped(&endpoint, options);
        let mut protobuf = scraped(&endpoint, &format!("native_histograms: true\n{options}"));
        // Series come as it is asked for the first time, and while it starts.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (first, second) = (shape(&text.run().await), shape(&protobuf.run().await));
            assert!(first.len() > 200, "{first:?}");
            if first == second {
                break;
            }
            let difference: Vec<_> = first.symmetric_difference(&second).collect();
            assert!(Instant::now() < deadline, "{options}: {difference:#?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

const PROTOBUF: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// Histograms of all kinds, by the value of a label.
fn histograms() -> Vec<(&'static str, Histogram)> {
    let zero = |count, histogram: Histogram| Histogram {
        zero_count: Some(count),
        sample_count: histogram.sample_count.map(|others| others + count),
        ..histogram
    };
    let of_fractions = Histogram {
        sample_count_float: Some(6.0),
        schema: Some(2),
        zero_threshold: Some(0.25),
        zero_count_float: Some(1.0),
        positive_span: messages::spans(&[(-3, 2), (4, 1)]),
        positive_count: vec![1.0, 2.0, 1.0],
        negative_span: messages::spans(&[(1, 1)]),
        negative_count: vec![1.0],
        ..Histogram::default()
    };
    let without_threshold = |histogram| Histogram { zero_threshold: None, ..histogram };
    let fine =
        native(8, &[(-700, 1), (-1, 2), (0, 3), (1, 4), (2, 5), (9000, 6)], &[(-3, 7), (256, 8)]);
    let middle = native(3, &[(-2, 3), (-1, 5), (2, 1), (4, 3), (5, 2)], &[(7, 4)]);
    let whole = native(0, &[(-1000, 1), (0, 2), (1, 3), (1024, 4)], &[(1, 5), (12, 6)]);
    let coarse = native(-4, &[(-60, 1), (0, 2), (1, 3), (64, 4)], &[(1, 5)]);
    vec![
        ("fine", zero(2, fine)),
        ("middle", zero(1, middle)),
        ("whole", without_threshold(whole)),
        ("coarse", zero(9, without_threshold(coarse))),
        ("fractions", of_fractions),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buckets_are_those_that_prometheus_makes_of_them() {
    let server = MockServer::start().await;
    let metrics = histograms().into_iter().map(|(case, one)| histogram(&[("case", case)], one));
    let payload = encoded(&[
        family("process_start_time_seconds", GAUGE, vec![gauge(&[], 4e9)]),
        family("h", HISTOGRAM, metrics.collect()),
    ]);
    let answer = ResponseTemplate::new(200).set_body_raw(payload, PROTOBUF);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let options = "native_histograms: true\nhistogram_buckets_as_distributions: true\nuse_process_start_time: true";
    let run = scraped(&format!("{}/metrics", server.uri()), options).run().await;
    run.assert_ok();
    let prometheus = Scraper::prometheus_with_native_histograms(&Target::plain(*server.address()));
    for (case, _) in histograms() {
        let theirs = prometheus.native_histogram(&format!("h{{case=\"{case}\"}}")).await;
        let tag = format!("case:{case}");
        let mut ours: Vec<(f64, f64, f64)> = run
            .buckets
            .iter()
            .filter(|seen| seen.tags.contains(&tag))
            .map(|seen| (seen.bucket.lower, seen.bucket.upper, seen.bucket.count as f64))
            .collect();
        ours.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert_eq!(ours.len(), theirs.len(), "{case}: {ours:?} {theirs:?}");
        for (own, other) in ours.iter().zip(&theirs) {
            let is_near = |one: f64, other: f64| (one - other).abs() <= one.abs() * 1e-12;
            assert!(
                is_near(own.0, other.0) && is_near(own.1, other.1) && is_near(own.2, other.2),
                "{case}: {own:?} {other:?}"
            );
        }
    }
}
