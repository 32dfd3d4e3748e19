//! The test kit: what its assertions say when they fail, what a run looks like as text, and how options are given.
#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use allwell::prelude::*;
use allwell::testing::{Instance, Run, instance, problems_of, run};

/// What is in the shop.
#[derive(Config)]
struct Stock {
    /// Name of the shop.
    #[config(tag)]
    shop: String,
    /// Boxes in the shop.
    #[config(shared, default = 3, range = 0..=100)]
    boxes: u32,
    /// Why it is closed, if it is.
    closed: Option<String>,
}

#[derive(Metrics)]
#[metrics(namespace = "stock")]
struct Boxes {
    #[tag]
    shelf: &'static str,
    #[hostname]
    host: Option<&'static str>,
    /// Boxes.
    boxes: Gauge<Item>,
    /// Share of the room that is taken.
    taken: Gauge<Fraction>,
    /// Boxes brought.
    brought: Option<MonotonicCount<Item>>,
    /// OK if there are boxes.
    enough: ServiceCheck,
}

/// Counts boxes.
#[check]
fn stock(config: &Stock, cx: &Context) -> Result<Vec<Boxes>> {
    if let Some(reason) = &config.closed {
        bail!("closed: {reason}");
    }
    cx.warn("a box is open");
    cx.version("7");
    cx.event(Event::new("counted", "All of them.").tag("by", "me"));
    cx.log(Log::new("done"));
    let boxes = |shelf, host, enough: Status| Boxes {
        shelf,
        host,
        boxes: config.boxes.into(),
        taken: (0.1 + 0.2).into(),
        brought: None,
        enough: enough.into(),
    };
    Ok(vec![
        boxes("top", None, Status::Ok),
        boxes("low", Some("cellar"), Status::warning("only a few")),
    ])
}

async fn counted() -> Run {
    run::<stock>("shop: corner").await
}

async fn closed() -> Run {
    run::<stock>("shop: corner\nclosed: holiday").await
}

/// The text of the panic that an assertion ends in.
fn failure(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion holds");
    *panic.downcast::<String>().expect("an assertion panics with text")
}

const SUBMITTED: &str = "
  gauge stock.boxes 3 item [shelf:top, shop:corner]
  gauge stock.boxes 3 item [shelf:low, shop:corner] on cellar
  gauge stock.taken 0.30000000000000004 fraction [shelf:top, shop:corner]
  gauge stock.taken 0.30000000000000004 fraction [shelf:low, shop:corner] on cellar";

#[tokio::test]
async fn run_as_text() {
    let expected = "\
event info \"counted\" [by:me]
gauge stock.boxes 3 item [shelf:low, shop:corner] on cellar
gauge stock.boxes 3 item [shelf:top, shop:corner]
gauge stock.taken 0.30000000000000004 fraction [shelf:low, shop:corner] on cellar
gauge stock.taken 0.30000000000000004 fraction [shelf:top, shop:corner]
log \"done\"
metadata version.raw: 7
service check stock.enough OK [shelf:top, shop:corner]
service check stock.enough WARNING: only a few [shelf:low, shop:corner] on cellar
warning a box is open
";
    assert_eq!(counted().await.to_string(), expected);
    assert_eq!(closed().await.to_string(), "run failed: closed: holiday\n");
}

#[tokio::test]
async fn assertions_that_hold() {
    let run = counted().await;
    run.assert_ok()
        .assert_metric("stock.boxes", 3.0, ["shop:corner", "shelf:low"])
        .assert_metric("stock.taken", 0.3, ["shelf:top", "shop:corner"])
        .assert_submitted("stock.taken")
        .assert_not_submitted("stock.brought")
        .assert_service_check("stock.enough", Status::Ok)
        .assert_service_check("stock.enough", Status::warning("only a few"))
        .assert_event("counted")
        .assert_all_covered_except(["stock.brought"]);
    assert_eq!(run.values("stock.boxes"), [3.0, 3.0]);
    assert_eq!(run.uncovered(), ["stock.brought"]);
    assert_eq!(run.status("stock.enough"), None, "there are two");
    closed().await.assert_failed("holiday");
}

#[tokio::test]
async fn missing_metric_shows_similar_ones() {
    let run = counted().await;
    let similar = format!("similar submitted:{SUBMITTED}");
    assert_eq!(
        failure(|| _ = run.assert_submitted("stock.boxs")),
        format!("`stock.boxs` was not submitted\n{similar}")
    );
    assert_eq!(
        failure(|| _ = run.assert_not_submitted("stock.boxes")),
        format!("`stock.boxes` was submitted\n{similar}")
    );
    assert_eq!(
        failure(|| _ = run.assert_metric("stock.boxes", 4.0, ["shop:corner", "a:b"])),
        format!("`stock.boxes` was not submitted as 4 [a:b, shop:corner]\n{similar}")
    );
}

#[tokio::test]
async fn metric_of_other_value_or_tags_is_not_the_one() {
    let run = counted().await;
    let tags = ["shelf:top", "shop:corner"];
    run.assert_metric("stock.boxes", 3.0, tags);
    failure(|| _ = run.assert_metric("stock.boxes", 3.001, tags));
    failure(|| _ = run.assert_metric("stock.boxes", 3.0, ["shelf:top"]));
    failure(|| _ = run.assert_metric("stock.boxes", 3.0, [tags[0], tags[1], "a:b"]));
    failure(|| _ = run.assert_metric("stock.taken", 3.0, tags));
}

#[tokio::test]
async fn failed_run_is_told_in_every_failure() {
    let run = closed().await;
    assert_eq!(failure(|| _ = run.assert_ok()), "the run of `stock` failed: closed: holiday");
    assert_eq!(
        failure(|| _ = run.assert_submitted("stock.boxes")),
        "`stock.boxes` was not submitted\nthe run failed: closed: holiday\nnothing was submitted"
    );
    assert_eq!(
        failure(|| _ = run.assert_failed("no answer")),
        "the run failed with `closed: holiday`, not with `no answer`"
    );
    assert_eq!(
        failure(|| _ = run.assert_service_check("stock.enough", Status::Ok)),
        "service check `stock.enough` was not submitted as OK\nno service check was submitted"
    );
    assert_eq!(
        failure(|| _ = run.assert_event("counted")),
        "no event `counted` was sent\nsent: []"
    );
}

#[tokio::test]
async fn good_run_did_not_fail() {
    let run = counted().await;
    assert_eq!(
        failure(|| _ = run.assert_failed("holiday")),
        "the run of `stock` did not fail, `holiday` was expected"
    );
    assert_eq!(
        failure(|| _ = run.assert_event("sold")),
        "no event `sold` was sent\nsent: [\"counted\"]"
    );
    assert_eq!(
        failure(|| _ = run.assert_service_check("stock.enough", Status::warning("none"))),
        "service check `stock.enough` was not submitted as WARNING: none\nsubmitted:
  service check stock.enough OK [shelf:top, shop:corner]
  service check stock.enough WARNING: only a few [shelf:low, shop:corner] on cellar"
    );
}

#[tokio::test]
async fn coverage_lists_what_is_missing() {
    let run = counted().await;
    assert_eq!(
        failure(|| _ = run.assert_all_covered()),
        "declared but not submitted: [\"stock.brought\"]"
    );
    let except = ["stock.brought", "stock.boxes", "stock.nothing"];
    assert_eq!(
        failure(|| _ = run.assert_all_covered_except(except)),
        "submitted (or not declared), though excepted: [\"stock.boxes\", \"stock.nothing\"]"
    );
    let all = ["stock.boxes", "stock.taken", "stock.brought", "stock.enough"];
    assert_eq!(closed().await.uncovered(), all);
}

#[test]
fn options_with_problems_do_not_run() {
    let report = problems_of::<stock>("shop: corner\nboxes: 101\nbokses: 1");
    assert!(report.contains("instance.yaml:"), "{report}");
    assert!(report.contains("`boxes`"), "{report}");
    assert!(report.contains("`bokses`"), "{report}");
    let options = "shop: corner\nboxes: 101\nbokses: 1";
    let expected = format!("the options have problems\n{report}");
    assert_eq!(failure(|| drop(instance::<stock>(options))), expected);
    assert_eq!(failure(|| drop(run::<stock>(options))), expected);
}

#[test]
fn good_options_have_no_report() {
    assert_eq!(problems_of::<stock>("shop: corner"), "");
    assert!(problems_of::<stock>("").contains("`shop`"));
}

#[tokio::test]
async fn options_may_be_indented_and_shared() {
    let options = "
        shop: corner
        tags:
          - env:test
    ";
    let shared = "boxes: 5\nservice: till";
    let run = Instance::with_init_config::<stock>(shared, options).run().await;
    let tags = ["env:test", "service:till", "shelf:top", "shop:corner"];
    run.assert_ok().assert_metric("stock.boxes", 5.0, tags);
    let own = "shop: corner\nboxes: 7";
    let run = Instance::with_init_config::<stock>("boxes: 5", own).run().await;
    assert_eq!(run.values("stock.boxes"), [7.0, 7.0]);
    let problem = failure(|| drop(Instance::with_init_config::<stock>("boxes: 101", "shop: a")));
    assert!(problem.starts_with("the options have problems\n"), "{problem}");
    assert!(problem.contains("instance.yaml:2:"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn every_test_begins_at_the_same_time_of_day() {
    let mut stock = instance::<stock>("shop: corner");
    let beginning = std::time::UNIX_EPOCH + Duration::from_hours(490_896);
    assert_eq!(stock.run().await.report.started, beginning);
    tokio::time::advance(Duration::from_secs(15)).await;
    assert_eq!(stock.run().await.report.started, beginning + Duration::from_secs(15));
}

#[derive(Metrics)]
#[metrics(namespace = "door")]
struct Door {
    /// OK if the door is shut, CRITICAL if it is not.
    shut: ServiceCheck,
}

/// Looks at a door.
#[check]
fn door() -> Door {
    Door { shut: Status::warning("ajar").into() }
}

#[tokio::test]
async fn a_status_that_the_description_does_not_name_is_told() {
    let run = run::<door>("").await;
    assert_eq!(
        failure(|| {
            run.assert_all_covered();
        }),
        "service check `door.shut` was WARNING: ajar, and its description names [\"ok\", \"critical\"] only\n\
         hint: say in its doc comment when it has that status"
    );
}
