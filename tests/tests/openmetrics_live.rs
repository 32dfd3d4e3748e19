//! Real servers, scraped live: of each answer the check submits what Datadog's own check submits of the same bytes, and what an
//! independent reader finds in them. And `new` makes crates of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use allwell::testing::instance;
use allwell_examples::openmetrics::OpenMetrics;
use allwell_tests::{Exporter, Relay, Scraper, Sdk, Target, read_by_python, rows};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Scrapes a server twice through a relay that keeps its answers, and compares what each run has submitted.
async fn assert_the_same(server: u16, mut config: Value, untyped_as_gauges: bool) {
    let relay = Relay::to(server);
    config["openmetrics_endpoint"] = json!(relay.address());
    config["tag_by_endpoint"] = json!(false);
    config["enable_health_service_check"] = json!(false);
    config["max_returned_metrics"] = json!(100_000);
    let mut check = instance::<OpenMetrics>(&config.to_string());
    let live = [check.run().await, check.run().await];
    let answers = relay.answers();
    assert_eq!(answers.len(), 2, "one answer a run");
    let Some(read) = read_by_python(&answers, untyped_as_gauges) else { return };
    for (index, (run, mut read)) in live.iter().zip(read).enumerate() {
        run.assert_ok();
        let is_of_lines = |warning: &String| warning.contains("left out");
        assert!(!run.report.warnings.iter().any(is_of_lines), "{:?}", run.report.warnings);
        // From the second run on, first values count; a reader of one answer cannot know which run it is.
        for metric in read["metrics"].as_array_mut().into_iter().flatten() {
            metric[5] = json!(index > 0 && metric[1] == 3);
        }
        let expected = rows::expected(&read);
        assert!(expected.len() >= 15, "{expected:?}");
        assert_eq!(rows::difference(&rows::of_run(run), &expected), [""; 0], "run {index}");
    }
    assert_as_datadogs_check(&relay, config).await;
}

/// The same answers once more, to Datadog's check and to this one as strict as it is.
async fn assert_as_datadogs_check(relay: &Relay, mut config: Value) {
    let Some(mut sdk) = Sdk::start() else { return };
    relay.again();
    let theirs = sdk.runs(&config);
    relay.again();
    config["strict_compat"] = json!(true);
    let mut check = instance::<OpenMetrics>(&config.to_string());
    for theirs in theirs.as_array().expect("two runs") {
        let run = check.run().await;
        assert_eq!((run.is_ok(), &theirs["error"]), (true, &json!("")), "{}", run.report.outcome);
        assert_eq!(rows::difference(&rows::of_run(&run), &rows::expected(theirs)), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_own() {
    let nothing = Target::plain(([127, 0, 0, 1], 9).into());
    let prometheus = Scraper::prometheus(&nothing);
    assert_the_same(prometheus.port(), json!({"metrics": [".+"]}), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_exporter() {
    assert_the_same(Exporter::node().port(), json!({"metrics": [".+"]}), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victoria_metrics_own_without_types() {
    let victoria = Scraper::victoria_metrics(None);
    let config = json!({"metrics": [{".+": {"type": "gauge"}}]});
    assert_the_same(victoria.port(), config, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pythons_client_in_openmetrics() {
    let Some(exporter) = Exporter::python() else { return };
    let config = json!({"metrics": [".+"], "use_latest_spec": true});
    assert_the_same(exporter.port(), config, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pythons_client_in_text() {
    let Some(exporter) = Exporter::python() else { return };
    assert_the_same(exporter.port(), json!({"metrics": [".+"]}), false).await;
}

const HOUSE: &str = env!("CARGO_BIN_EXE_house");

/// A crate that `new` makes of a server: nothing is left out, and each name of the exposition has its field.
fn made_of(server: u16, name: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let made = Command::new(HOUSE)
        .args([
            "new",
            name,
            "--openmetrics",
            &format!("http://127.0.0.1:{server}/metrics"),
            "--path",
        ])
        .arg(directory.path())
        .output()
        .expect("it runs");
    let err = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{err}");
    assert!(!err.contains("warning"), "{err}");
    let text = |path: &str| fs::read_to_string(directory.path().join(path)).expect("a file");
    let kept = text(&format!("src/{name}/tests/exposition.txt"));
    let lines = kept.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let names = lines.filter_map(|line| line.split(['{', ' ']).next());
    let names: BTreeSet<_> = names.filter(|name| !name.ends_with("_created")).collect();
    let records = text(&format!("src/{name}/exposition.rs"));
    let without = |name: &&&str| !records.contains(&format!("from = \"{name}\""));
    assert_eq!(names.iter().filter(without).collect::<Vec<_>>(), [&""; 0]);
    assert!(names.len() >= 15, "{names:?}");
    directory
}

/// The crate's own tests.
fn assert_its_tests_pass(made: &TempDir) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::copy(root.join("Cargo.lock"), made.path().join("Cargo.lock")).expect("the lock file");
    let tests = Command::new(env!("CARGO"))
        .arg("test")
        .current_dir(made.path())
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors"))
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .expect("cargo runs");
    let out = String::from_utf8_lossy(&tests.stdout);
    let passed = "test result: ok. 2 passed; 0 failed; 0 ignored";
    assert!(out.contains(passed), "{out}{}", String::from_utf8_lossy(&tests.stderr));
}

#[test]
fn a_crate_is_made_of_prometheus_and_tested() {
    let nothing = Target::plain(([127, 0, 0, 1], 9).into());
    let prometheus = Scraper::prometheus(&nothing);
    assert_its_tests_pass(&made_of(prometheus.port(), "prometheus"));
}

#[test]
fn a_crate_is_made_of_node_exporter() {
    made_of(Exporter::node().port(), "node_exporter");
}

#[test]
fn a_crate_is_made_of_victoria_metrics() {
    made_of(Scraper::victoria_metrics(None).port(), "victoria_metrics");
}

#[test]
fn a_crate_is_made_of_pythons_client_and_tested() {
    let Some(exporter) = Exporter::python() else { return };
    assert_its_tests_pass(&made_of(exporter.port(), "python_client"));
}
