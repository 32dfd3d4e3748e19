//! Payloads of real endpoints, with what Datadog's own check submitted of them, in two scrapes one after the other.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what is skipped is told, and how each pair fares"
)]

use std::fs;
use std::path::{Path, PathBuf};

use allwell::testing::http::{Mock, MockServer, ResponseTemplate, matchers::any};
use allwell::testing::instance;
use allwell_examples::openmetrics::OpenMetrics;
use allwell_tests::rows;
use serde_json::Value;

/// The address that the record was made with.
const RECORDED: &str = "http://localhost:9/metrics";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn all_submit_what_datadogs_check_submits() {
    let Some(corpus) = std::env::var_os("ALLWELL_CORPUS") else {
        eprintln!("skipped: the environment variable `ALLWELL_CORPUS` names no directory");
        return;
    };
    let mut pairs: Vec<PathBuf> = fs::read_dir(Path::new(&corpus).join("openmetrics"))
        .expect("the corpus has such pairs")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    pairs.sort();
    let mut differ = Vec::new();
    for pair in &pairs {
        let name = pair.file_stem().unwrap_or_default().to_string_lossy();
        let differences = differences(pair).await;
        println!("{name}: {}", if differences.is_empty() { "the same" } else { "differs" });
        if !differences.is_empty() {
            differ.push(format!("{name}\n  {}", differences.join("\n  ")));
        }
    }
    println!("{} of {} pairs are the same", pairs.len() - differ.len(), pairs.len());
    assert!(!pairs.is_empty() && differ.is_empty(), "{}", differ.join("\n"));
}

async fn differences(pair: &Path) -> Vec<String> {
    let payload = fs::read(pair.with_extension("prom")).expect("a payload");
    let record = fs::read_to_string(pair).expect("a record");
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_raw(payload, "text/plain; version=0.0.4");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let address = format!("{}/metrics", server.uri());
    let record: Value =
        serde_json::from_str(&record.replace(RECORDED, &address)).expect("the record is JSON");
    let mut check = instance::<OpenMetrics>(&record["instance"].to_string());
    let mut found = Vec::new();
    for (index, run) in record["runs"].as_array().into_iter().flatten().enumerate() {
        let ours = rows::of_run(check.run().await.assert_ok());
        let differences = rows::difference(&ours, &rows::expected(run));
        found.extend(differences.into_iter().map(|row| format!("run {}: {row}", index + 1)));
    }
    found
}
