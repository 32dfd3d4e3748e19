//! Datadog's own check beside ours, on payloads and configurations that are made up: with `strict_compat` on any payload, and
//! without it on those in which nothing is wrong. Pairs that differed once are kept.
//!
//! The environment variable `ALLWELL_SDK` names a virtual environment with datadog-checks-base.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what is skipped is told, and how many pairs there were"
)]

use std::cell::RefCell;

use allwell::testing::instance;
use allwell_examples::openmetrics::OpenMetrics;
use allwell_tests::{Exposition, Sdk, rows};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use serde_json::{Value, json};

mod made_up;

use made_up::{Pair, Sort};

/// How many pairs each property is tried with.
const CASES: u32 = 100;

/// The same pairs in every run, so that a change is to blame for what differs; `PROPTEST_RNG_SEED` has others tried.
const SEED: RngSeed = RngSeed::Fixed(2);

/// Pairs that differed once.
const KEPT: &str = include_str!("openmetrics_peer.kept.json");

#[test]
fn strictly_the_same_on_any_text() {
    compare(Sort { openmetrics: false, any: true }, true);
}

#[test]
fn strictly_the_same_on_any_openmetrics() {
    compare(Sort { openmetrics: true, any: true }, true);
}

#[test]
fn the_same_on_text_in_which_nothing_is_wrong() {
    compare(Sort { openmetrics: false, any: false }, false);
}

#[test]
fn the_same_on_openmetrics_in_which_nothing_is_wrong() {
    compare(Sort { openmetrics: true, any: false }, false);
}

#[test]
fn the_same_on_what_differed_once() {
    let Some(sides) = Sides::start() else { return };
    let kept: Vec<Value> = serde_json::from_str(KEPT).expect("it is JSON");
    for kept in &kept {
        for strict in [false, true] {
            let text = |value: &Value| value.as_str().expect("it is text").to_owned();
            let payloads = kept["payloads"].as_array().expect("payloads").iter().map(text);
            let pair = Pair {
                instance: kept["instance"].clone(),
                content_type: text(&kept["content_type"]),
                payloads: payloads.collect(),
                strict,
            };
            // What is theirs alone comes back only strictly.
            if strict || kept["only_strictly"] != true {
                assert_eq!(sides.differ(&pair), Ok(()), "{}", kept["about"]);
            }
        }
    }
    assert!(kept.len() >= 10, "some are kept");
}

fn compare(sort: Sort, strict: bool) {
    let Some(sides) = Sides::start() else { return };
    let mut config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = SEED;
    }
    let mut runner = TestRunner::new(config);
    let result = runner.run(&made_up::pair(sort, strict), |pair| {
        sides.differ(&pair).map_err(|difference| {
            let kept = json!({
                "instance": pair.instance,
                "content_type": pair.content_type,
                "payloads": pair.payloads,
            });
            TestCaseError::fail(format!("{difference}\nto be kept:\n{kept}"))
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let told_of = sides.errors.take();
    // Where theirs fails and this one need not, there is nothing to compare.
    assert!(strict || told_of * 4 < CASES, "theirs fails too often: {told_of}");
    println!("{sort:?}: {CASES} pairs are the same");
}

/// Both checks and what they scrape.
struct Sides {
    sdk: RefCell<Sdk>,
    server: Exposition,
    runtime: tokio::runtime::Runtime,
    /// How many pairs end in an error of theirs that is none here.
    errors: RefCell<u32>,
}

impl Sides {
    fn start() -> Option<Self> {
        let sdk = RefCell::new(Sdk::start()?);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        Some(Self { sdk, server: Exposition::start(), runtime, errors: RefCell::default() })
    }

    /// Runs both on every payload, and tells what differs first.
    fn differ(&self, pair: &Pair) -> Result<(), String> {
        let mut config = pair.instance.clone();
        config["openmetrics_endpoint"] = json!(self.server.address());
        let mut sdk = self.sdk.borrow_mut();
        sdk.begin(&config);
        config["strict_compat"] = json!(pair.strict);
        let mut check = instance::<OpenMetrics>(&config.to_string());
        for (index, payload) in pair.payloads.iter().enumerate() {
            self.server.serve(&pair.content_type, payload.as_bytes());
            let theirs = sdk.run();
            let run = self.runtime.block_on(check.run());
            let failed = theirs["error"] != "";
            if failed && run.is_ok() && !pair.strict {
                *self.errors.borrow_mut() += 1;
                return Ok(());
            }
            let mut differences = rows::difference(&rows::of_run(&run), &rows::expected(&theirs));
            if json!(run.metadata) != theirs["metadata"] {
                differences.push(format!("{:?} and not {}", run.metadata, theirs["metadata"]));
            }
            if !differences.is_empty() || failed == run.is_ok() {
                return Err(format!(
                    "run {}, theirs failed: {}, ours: {}\n{}\n{config}\n{payload}",
                    index + 1,
                    theirs["error"],
                    run.report.outcome,
                    differences.join("\n"),
                ));
            }
        }
        Ok(())
    }
}
