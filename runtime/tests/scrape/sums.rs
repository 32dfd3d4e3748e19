//! Sums over several series: what is submitted never falls because one of them has ended or begun anew.

use allwell::prelude::*;
use allwell::testing::{self, http};
use http::{Mock, MockServer, ResponseTemplate, matchers::method};

/// A gate with several workers.
#[check]
async fn gate(config: &ScrapeOptions, cx: &Context) -> Result<Vec<Gate>> {
    Ok(cx.scrape(config).await?)
}

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    #[tag]
    name: String,
    /// Requests.
    #[metric(from = "requests_total", sum)]
    requests: MonotonicCount<Request>,
    /// Requests per second.
    #[metric(name = "requests.rate", from = "requests_total", sum)]
    rate: Rate<Per<Request, Second>>,
    /// Sizes of requests.
    #[metric(from = "size_bucket", sum)]
    size: Option<Buckets<Byte>>,
    /// Requests that wait.
    #[metric(from = "waiting", sum)]
    waiting: Option<Gauge<Request>>,
}

/// What runs submit with these answers, of which an empty one is a failure: values, those that count from zero with a `+`.
async fn runs(answers: impl IntoIterator<Item = String>) -> Vec<String> {
    let server = MockServer::start().await;
    let mut count = 0;
    for answer in answers {
        count += 1;
        let answer = match answer.is_empty() {
            true => ResponseTemplate::new(503),
            false => ResponseTemplate::new(200).set_body_string(answer),
        };
        let asked = Mock::given(method("GET")).respond_with(answer).up_to_n_times(1);
        asked.mount(&server).await;
    }
    let address = format!("openmetrics_endpoint: {}", server.uri());
    let mut instance = testing::instance::<gate>(&address);
    let mut told = Vec::new();
    for _ in 0..count {
        let run = instance.run().await;
        let plus = |flushes: bool| if flushes { "+" } else { "" };
        let metrics = run.metrics.iter();
        let metrics =
            metrics.map(|metric| format!("{}{}", metric.value, plus(metric.flush_first_value)));
        let buckets = run.buckets.iter();
        let buckets =
            buckets.map(|one| format!("{}{}", one.bucket.count, plus(one.flush_first_value)));
        told.push(metrics.chain(buckets).collect::<Vec<_>>().join(" "));
    }
    told
}

/// The requests of the workers of a gate.
fn workers(totals: &[(&str, u32)]) -> String {
    let line = |(worker, total): &(&str, u32)| {
        format!("requests_total{{name=\"a\",worker=\"{worker}\"}} {total}\n")
    };
    totals.iter().map(line).collect()
}

#[tokio::test]
async fn a_worker_that_ends_keeps_what_it_had_counted() {
    assert_eq!(
        runs([
            workers(&[("1", 100), ("2", 50)]),
            workers(&[("1", 103)]),
            workers(&[("1", 104), ("3", 7)]),
            workers(&[("3", 9), ("1", 104)]),
        ])
        .await,
        ["150 150", "153+ 153", "161+ 161", "163+ 163"]
    );
}

#[tokio::test]
async fn a_worker_that_comes_back_goes_on_or_begins_anew() {
    assert_eq!(
        runs([
            workers(&[("1", 100), ("2", 50)]),
            workers(&[("1", 100)]),
            workers(&[("1", 100), ("2", 52)]),
            workers(&[("1", 4), ("2", 52)]),
            workers(&[("1", 6), ("2", 53)]),
        ])
        .await,
        ["150 150", "150+ 150", "152+ 152", "156+ 156", "159+ 159"]
    );
}

#[tokio::test]
async fn a_worker_that_may_have_been_there_before_is_only_compared_with() {
    assert_eq!(
        runs([
            workers(&[("1", 100)]),
            String::new(),
            workers(&[("1", 101), ("2", 5000)]),
            workers(&[("1", 101), ("2", 5002)]),
            workers(&[("1", 101), ("2", 5002), ("3", 3)]),
        ])
        .await,
        ["100 100", "", "101 101", "103+ 103", "106+ 106"]
    );
}

#[tokio::test]
async fn a_sum_whose_workers_have_all_gone_goes_on_when_it_is_back() {
    assert_eq!(
        runs([
            workers(&[("1", 100)]),
            String::from("other 1\n"),
            workers(&[("2", 3)]),
            workers(&[("2", 5)])
        ])
        .await,
        ["100 100", "", "103+ 103", "105+ 105"]
    );
}

#[tokio::test]
async fn a_value_that_is_no_number_changes_no_sum() {
    let spoilt = "requests_total{name=\"a\",worker=\"1\"} 101\n\
                  requests_total{name=\"a\",worker=\"2\"} NaN\n";
    assert_eq!(
        runs([
            workers(&[("1", 100), ("2", 50)]),
            spoilt.to_owned(),
            workers(&[("1", 102), ("2", 51)]),
            workers(&[("1", 102), ("2", 51)])
        ])
        .await,
        ["150 150", "", "153 153", "153+ 153"]
    );
}

#[tokio::test]
async fn a_sum_of_values_as_they_are_falls_with_them() {
    let waiting = |waiting: &[u32]| {
        let lines = waiting.iter().zip(1..);
        let lines = lines
            .map(|(count, worker)| format!("waiting{{name=\"a\",worker=\"{worker}\"}} {count}\n"));
        workers(&[("1", 1)]) + &lines.collect::<String>()
    };
    assert_eq!(runs([waiting(&[3, 4]), waiting(&[3])]).await, ["1 1 7", "1+ 1 3"]);
}

/// The buckets of the workers of a gate: below one byte, below ten, and all.
fn sizes(sizes: &[(&str, [u32; 3])]) -> String {
    let lines = sizes.iter().flat_map(|(worker, counts)| {
        counts.iter().zip(["1", "10", "+Inf"]).map(move |(count, bound)| {
            format!("size_bucket{{name=\"a\",worker=\"{worker}\",le=\"{bound}\"}} {count}\n")
        })
    });
    workers(&[("1", 1)]) + &lines.collect::<String>()
}

#[tokio::test]
async fn buckets_of_a_worker_that_ends_keep_what_they_had_counted() {
    assert_eq!(
        runs([
            sizes(&[("1", [1, 3, 6]), ("2", [10, 30, 60])]),
            sizes(&[("1", [2, 4, 8])]),
            sizes(&[("1", [2, 4, 8]), ("3", [1, 1, 1])]),
        ])
        .await,
        ["1 1 11 22 33", "1+ 1 12+ 22+ 34+", "1+ 1 13+ 22+ 34+"]
    );
}

#[tokio::test]
async fn no_bucket_falls_when_a_restart_shows_in_some_of_them_only() {
    // Since the restart 4, 2 and 1 more have come: only the first bucket has become less.
    assert_eq!(
        runs([sizes(&[("1", [5, 5, 5])]), sizes(&[("1", [4, 6, 7])])]).await,
        ["1 1 5 0 0", "1+ 1 9+ 0+ 0+"]
    );
}

#[tokio::test]
async fn no_sum_has_series_without_end() {
    let many = |from: u32| -> String {
        let lines = (from..from + 100_001)
            .map(|worker| format!("requests_total{{name=\"a\",worker=\"{worker}\"}} 1\n"));
        lines.collect()
    };
    let told = runs([many(0), many(50_000)]).await;
    // Of each of the two fields, half.
    assert_eq!(told, ["50000 50000", "50000 50000"]);
}
