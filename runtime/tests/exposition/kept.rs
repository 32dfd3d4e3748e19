//! How long contexts are kept, how many, and what a scrape sees while they change.

use std::time::Duration;

use allwell::aggregate::{Series, SeriesKind};
use allwell::output::exposition::ExpositionOptions;
use allwell::output::{Amount, Output};
use std::sync::Arc;
use tokio::time::sleep;

use crate::support::{Endpoint, OPEN, TEXT, count, gauge, point, run, tags};

async fn pass(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_context_without_points_is_gone_after_five_minutes() {
    let endpoint = Endpoint::default();
    let labels = tags(&["x:1"]);
    let total = |value| run([point("a", SeriesKind::Count, value, &labels)]);
    endpoint.take([total(5.0)]);
    pass(300).await;
    assert_eq!(endpoint.samples(TEXT), ["a_total{host=\"web-1\",x=\"1\"} 5"]);
    endpoint.take([total(1.0)]);
    assert_eq!(endpoint.samples(TEXT), ["a_total{host=\"web-1\",x=\"1\"} 6"], "it goes on");
    pass(901).await;
    assert_eq!(endpoint.text(OPEN), "# EOF\n");
}

#[tokio::test(start_paused = true)]
async fn a_context_is_kept_for_three_of_its_own_intervals() {
    let endpoint = Endpoint::default();
    let hourly = || run([gauge("hourly", 1.0, &[])]);
    endpoint.take([hourly(), run([gauge("once", 1.0, &[])])]);
    pass(200).await;
    endpoint.take([hourly()]);
    pass(600).await;
    assert_eq!(endpoint.samples(TEXT), ["hourly{host=\"web-1\"} 1"]);
    pass(1).await;
    assert_eq!(endpoint.samples(TEXT), Vec::<String>::new());
}

/// A counter that comes back begins anew, and says so.
#[tokio::test(start_paused = true)]
async fn what_is_stale_is_forgotten_and_its_name_is_free_again() {
    let endpoint = Endpoint::new(ExpositionOptions {
        address: ([127, 0, 0, 1], 0).into(),
        ..ExpositionOptions::default()
    });
    endpoint.exposition.listen().unwrap();
    endpoint.take([run([count("a.b", 5.0, &[]), gauge("a-b_total", 1.0, &[])])]);
    endpoint.take([run([gauge("a-b", 1.0, &[])])]);
    assert_eq!(endpoint.refused(), Amount { series: 1, ..Amount::default() });
    pass(400).await;
    assert_eq!(endpoint.exposition.contexts(), 0);
    let later = |mut run: allwell::output::Delivery| {
        run.time += 400.0;
        run
    };
    endpoint.take([later(run([gauge("a-b", 2.0, &[])]))]);
    assert_eq!(endpoint.samples(TEXT), ["a_b{host=\"web-1\"} 2"]);
    pass(400).await;
    endpoint.take([later(run([count("a.b", 3.0, &[])]))]);
    assert_eq!(
        endpoint.samples(OPEN),
        ["a_b_total{host=\"web-1\"} 3", "a_b_created{host=\"web-1\"} 1700000400.5"]
    );
}

/// Tags that were refused for the sake of others are taken when those are gone, and so is a name.
#[tokio::test(start_paused = true)]
async fn what_was_refused_takes_the_place_of_what_is_stale() {
    let endpoint = Endpoint::new(ExpositionOptions {
        address: ([127, 0, 0, 1], 0).into(),
        ..ExpositionOptions::default()
    });
    endpoint.exposition.listen().unwrap();
    let [dot, dash] = [["a.b:x"], ["a-b:x"]].map(|of| tags(&of));
    let first = run([point("m", SeriesKind::Gauge, 1.0, &dot), gauge("n.n", 1.0, &[])]);
    let others = || {
        let many = (0..50).map(|number| gauge("other", 1.0, &[&format!("n:{number}")]));
        run(many.chain([point("m", SeriesKind::Gauge, 2.0, &dash), gauge("n-n", 2.0, &[])]))
    };
    endpoint.take([first]);
    for _ in 0..2 {
        endpoint.take([others()]);
        pass(200).await;
    }
    assert_eq!(endpoint.refused(), Amount { series: 4, ..Amount::default() });
    endpoint.take([others()]);
    let samples = endpoint.samples(TEXT);
    for expected in ["m{a_b=\"x\",host=\"web-1\"} 2", "n_n{host=\"web-1\"} 2"] {
        assert!(samples.iter().any(|sample| sample == expected), "{expected} of {samples:?}");
    }
    assert_eq!(samples.len(), 52);
}

#[test]
fn contexts_beyond_the_limit_are_refused_and_told_once() {
    let options = ExpositionOptions { most_contexts: 2, ..ExpositionOptions::default() };
    let endpoint = Endpoint::new(options);
    let numbered = |number: u32| gauge("a", 1.0, &[&format!("n:{number}")]);
    endpoint.take([
        run((0..5).map(numbered)),
        run((0..2).map(numbered)),
        run([gauge("b", 1.0, &[])]),
    ]);
    assert_eq!(endpoint.samples(TEXT).len(), 2);
    assert_eq!(endpoint.refused(), Amount { series: 4, ..Amount::default() });
    assert_eq!(endpoint.told(), ["some contexts are not exposed: there are 2 already"]);
}

/// Names that are refused take no memory without end.
#[test]
fn refused_names_are_remembered_up_to_a_limit() {
    let options = ExpositionOptions { most_contexts: 10, ..ExpositionOptions::default() };
    let endpoint = Endpoint::new(options);
    let named =
        |number: u32| gauge(&format!("a{}", char::from_u32(0x400 + number).unwrap()), 1.0, &[]);
    endpoint.take([run((0..100).map(named))]);
    assert_eq!(endpoint.samples(TEXT), ["a_{host=\"web-1\"} 1"]);
    assert_eq!(endpoint.refused(), Amount { series: 99, ..Amount::default() });
    assert_eq!(
        endpoint.told().last().unwrap(),
        "some contexts are not exposed: there are 10 already"
    );
}

/// A scrape that began before sees what was there, once, and in whole families, whatever comes and goes.
#[tokio::test(start_paused = true)]
async fn a_scrape_sees_each_context_once_while_others_come_and_go() {
    let endpoint = Endpoint::new(ExpositionOptions {
        address: ([127, 0, 0, 1], 0).into(),
        stale_after: Duration::from_secs(10),
        ..ExpositionOptions::default()
    });
    endpoint.exposition.listen().unwrap();
    let series = |family: &str, from: u32, to: u32| -> Vec<Series> {
        (from..to).map(|number| gauge(family, 1.0, &[&format!("n:{number}")])).collect()
    };
    endpoint.take([run(series("going", 0, 3000)), run(series("staying", 0, 3000))]);
    pass(8).await;
    let staying = || run(series("staying", 0, 3000));
    endpoint.take([staying()]);
    let mut text = String::new();
    for (at, piece) in endpoint.exposition.text(TEXT).enumerate() {
        text.push_str(std::str::from_utf8(&piece).unwrap());
        // The first family is gone in the middle of it, and comes again.
        if at == 0 {
            pass(8).await;
        } else if at == 1 {
            endpoint.take([run(series("going", 0, 3000)), staying()]);
        } else {
            endpoint.take([run(series(&format!("new{at}"), 0, 10))]);
        }
    }
    let samples: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let (going, staying): (Vec<&str>, Vec<&str>) =
        samples.iter().copied().partition(|line: &&str| line.starts_with("going"));
    assert!((1..3000).contains(&going.len()), "{}", going.len());
    assert_eq!(staying.len(), 3000);
    let mut once = samples.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), samples.len());
    assert!(!text.contains("new"));
    assert_eq!(text.matches("# TYPE ").count(), 2);
}

#[tokio::test]
async fn while_nobody_can_listen_nothing_is_taken_and_everything_offered_again() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap();
    let endpoint = Endpoint::new(ExpositionOptions { address, ..ExpositionOptions::default() });
    let deliveries = [Arc::new(run([count("a", 1.0, &[])]))];
    let error = endpoint.exposition.deliver(&deliveries).await.unwrap_err();
    assert_eq!(error.remedy, allwell::output::Remedy::Retry);
    assert!(error.message.starts_with(&format!("cannot listen at `{address}`: ")), "{error}");
    drop(taken);
    endpoint.exposition.deliver(&deliveries).await.unwrap();
    assert_eq!(endpoint.samples(TEXT), ["a_total{host=\"web-1\"} 1"]);
}
