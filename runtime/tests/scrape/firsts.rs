//! Which first values of totals count from zero: those of series that were surely not there when their endpoint was last seen.

use std::time::Duration;

use allwell::prelude::*;
use allwell::testing::{self, Run, http};
use http::matchers::{method, path};
use http::{Mock, MockServer, ResponseTemplate};

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Sales {
    #[tag]
    item: String,
    /// Sales.
    #[metric(from = "sales_total")]
    count: MonotonicCount<Transaction>,
    /// Sizes of what was sold.
    #[metric(from = "size_bucket")]
    size: Option<Buckets<Byte>>,
    /// Price.
    #[metric(from = "price")]
    price: Gauge<Dollar>,
}

#[derive(Metrics)]
#[metrics(namespace = "shop.refund")]
struct Refunds {
    #[tag]
    item: String,
    /// Refunds.
    #[metric(from = "refunds_total")]
    count: MonotonicCount<Transaction>,
}

/// A check whose runs do what the instance says, one after another.
#[check(timeout = "5s", interval = "10s")]
async fn shop(config: &Plan, cx: &Context) -> Result<(Vec<Sales>, Vec<Refunds>)> {
    let run: usize = cx.cache().get("run").and_then(|run| run.parse().ok()).unwrap_or(0);
    cx.cache().set("run", (run + 1).to_string());
    let does = config.does.get(run).map_or("", String::as_str);
    let (mut sales, mut refunds) = (Vec::new(), Vec::new());
    let times = if matches!(does, "twice" | "once of twice") { 2 } else { 1 };
    for place in config.places.iter().cycle().take(config.places.len() * times) {
        let mut endpoint = config.endpoint.clone();
        endpoint.openmetrics_endpoint.push_str(place);
        let scraped: (Vec<Sales>, Vec<Refunds>) = cx.scrape(&endpoint).await?;
        sales.extend(scraped.0);
        refunds.extend(scraped.1);
    }
    match does {
        "fails" => bail!("it fails behind the scrape"),
        "hangs" => {
            tokio::time::pause();
            tokio::time::sleep(Duration::from_mins(1)).await;
        }
        "sales only" => refunds.clear(),
        "first only" | "once of twice" => sales.truncate(1),
        _ => {}
    }
    Ok((sales, refunds))
}

/// What to do.
#[derive(Config)]
struct Plan {
    #[config(flatten)]
    endpoint: ScrapeOptions,
    /// What comes behind the address.
    places: Vec<String>,
    /// What is done in each run.
    #[config(default)]
    does: Vec<String>,
}

/// Runs with these answers, of which an empty one is a failure, and tells of each the totals, those that count from zero with a `+`.
async fn runs(does: &[&str], answers: &[&str]) -> Vec<String> {
    let answers: Vec<_> = answers.iter().map(|answer| ("/a", *answer)).collect();
    runs_at(&["/a"], does, &answers, "").await
}

async fn runs_at(
    places: &[&str],
    does: &[&str],
    answers: &[(&str, &str)],
    options: &str,
) -> Vec<String> {
    let server = MockServer::start().await;
    for (place, answer) in answers {
        let answer = match answer.is_empty() {
            true => ResponseTemplate::new(503),
            false => ResponseTemplate::new(200).set_body_string(*answer),
        };
        let asked = Mock::given(method("GET")).and(path(*place));
        asked.respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    let config = format!(
        "openmetrics_endpoint: {}\ntag_by_endpoint: false\nplaces: {places:?}\ndoes: {does:?}\n{options}",
        server.uri()
    );
    let mut instance = testing::instance::<shop>(&config);
    let mut told = Vec::new();
    for word in does {
        told.push(totals(&instance.run().await));
        if *word == "hangs" {
            tokio::time::resume();
        }
    }
    told
}

fn totals(run: &Run) -> String {
    let plus = |flushes: bool| if flushes { "+" } else { "" };
    let totals = run.metrics.iter().filter(|metric| metric.name != "shop.price").map(|metric| {
        let what = metric.name.trim_start_matches("shop.").trim_end_matches("count");
        let item = metric.tags[0].trim_start_matches("item:");
        format!("{what}{item} {}{}", metric.value, plus(metric.flush_first_value))
    });
    let buckets = run.buckets.iter();
    let buckets =
        buckets.map(|one| format!("size {}{}", one.bucket.count, plus(one.flush_first_value)));
    totals.chain(buckets).collect::<Vec<_>>().join(", ")
}

const ONE: &str = "sales_total{item=\"a\"} 100\nprice{item=\"a\"} 1\nsize_bucket{item=\"a\",le=\"+Inf\"} 5\n\
                   refunds_total{item=\"a\"} 10\n";
const TWO: &str = "sales_total{item=\"a\"} 101\nprice{item=\"a\"} 1\nsize_bucket{item=\"a\",le=\"+Inf\"} 6\n\
                   refunds_total{item=\"a\"} 11\n\
                   sales_total{item=\"b\"} 3\nprice{item=\"b\"} 1\nrefunds_total{item=\"b\"} 2\n";

#[tokio::test]
async fn what_is_new_at_an_endpoint_that_was_seen_counts_from_zero() {
    assert_eq!(
        runs(&["", "", ""], &[ONE, TWO, TWO]).await,
        [
            "a 100, refund.a 10, size 5",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+"
        ]
    );
}

#[tokio::test]
async fn nothing_counts_after_a_run_that_failed_behind_its_scrape() {
    assert_eq!(
        runs(&["fails", "", "", "fails", "", ""], &[ONE, ONE, TWO, TWO, TWO, ONE]).await,
        [
            "",
            "a 100, refund.a 10, size 5",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+",
            "",
            "a 101, b 3, refund.a 11, refund.b 2, size 6",
            "a 100+, refund.a 10+, size 5+"
        ]
    );
}

#[tokio::test]
async fn nothing_counts_after_a_run_that_was_cut_off() {
    let told = runs(&["", "hangs", "", ""], &[ONE, ONE, TWO, TWO]).await;
    assert_eq!(
        told[1..],
        [
            "",
            "a 101, b 3, refund.a 11, refund.b 2, size 6",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+"
        ]
    );
}

#[tokio::test]
async fn records_of_which_some_were_not_submitted_do_not_count_and_others_do() {
    assert_eq!(
        runs(&["sales only", "", ""], &[ONE, TWO, TWO]).await,
        [
            "a 100, size 5",
            "a 101+, b 3+, refund.a 11, refund.b 2, size 6+",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+"
        ]
    );
    assert_eq!(
        runs(&["first only", "", ""], &[TWO, TWO, TWO]).await[1..],
        [
            "a 101, b 3, refund.a 11+, refund.b 2+, size 6+",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+"
        ]
    );
}

#[tokio::test]
async fn a_record_that_was_left_out_does_not_count_when_it_is_there() {
    let lacking = TWO.replace("price{item=\"b\"} 1\n", "");
    assert_eq!(
        runs(&["", "", ""], &[&lacking, TWO, TWO]).await,
        [
            "a 101, refund.a 11, refund.b 2, size 6",
            "a 101, b 3, refund.a 11+, refund.b 2+, size 6+",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+"
        ]
    );
    let mistyped = ONE.replace("refunds_total", "# TYPE refunds_total gauge\nrefunds_total");
    assert_eq!(
        runs(&["", ""], &[&mistyped, ONE]).await,
        ["a 100, size 5", "a 100+, refund.a 10, size 5+"]
    );
    let unreadable = format!("{ONE}refunds_total{{item=\"b\"}} two\n");
    assert_eq!(
        runs(&["", ""], &[&unreadable, TWO]).await[1],
        "a 101, b 3, refund.a 11, refund.b 2, size 6"
    );
}

#[tokio::test]
async fn metrics_over_the_limit_do_not_count_when_there_is_room() {
    let options = "max_returned_metrics: 5";
    let answers = [("/a", TWO), ("/a", ONE), ("/a", ONE)];
    assert_eq!(
        runs_at(&["/a"], &["", "", ""], &answers, options).await[..2],
        ["a 101, b 3, size 6", "a 100+, refund.a 10, size 5+"]
    );
}

#[tokio::test]
async fn a_scrape_that_fails_says_nothing_of_what_is_new_behind_it() {
    assert_eq!(
        runs(&["", "", "", ""], &["", ONE, "", TWO]).await,
        ["", "a 100, refund.a 10, size 5", "", "a 101, b 3, refund.a 11, refund.b 2, size 6"]
    );
}

#[tokio::test]
async fn two_scrapes_in_a_run_are_told_by_the_runs_before() {
    let all = "a 100, a 100, refund.a 10, refund.a 10, size 5, size 5";
    assert_eq!(
        runs(&["twice", ""], &[ONE, ONE, TWO]).await,
        [all, "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+"]
    );
    assert_eq!(
        runs(&["once of twice", ""], &[ONE, ONE, TWO]).await[1],
        "a 101, b 3, refund.a 11+, refund.b 2+, size 6"
    );
}

#[tokio::test]
async fn with_two_endpoints_both_must_have_been_seen() {
    let other = "sales_total{item=\"c\"} 50\nprice{item=\"c\"} 1\n";
    let (a, b) = ("/a", "/b");
    let answers = [(a, ONE), (b, ""), (a, ONE), (b, other), (a, TWO), (b, other)];
    assert_eq!(
        runs_at(&[a, b], &["", "", ""], &answers, "").await,
        [
            "",
            "a 100, c 50, refund.a 10, size 5",
            "a 101+, b 3+, c 50+, refund.a 11+, refund.b 2+, size 6+"
        ]
    );
}

#[tokio::test]
async fn a_server_that_is_younger_than_the_process_counts_until_its_totals_were_submitted() {
    let younger = format!("{TWO}process_start_time_seconds 4e9\n");
    let answers = [("/a", younger.as_str()), ("/a", &younger), ("/a", ""), ("/a", &younger)];
    assert_eq!(
        runs_at(&["/a"], &["fails", "", "", ""], &answers, "use_process_start_time: true").await,
        [
            "",
            "a 101+, b 3+, refund.a 11+, refund.b 2+, size 6+",
            "",
            "a 101, b 3, refund.a 11, refund.b 2, size 6"
        ]
    );
}
