//! Datadog's own check beside ours, on payloads and configurations that are made up: with `strict_compat` on any payload, and
//! without it on those in which nothing is wrong.
//!
//! The environment variable `ALLWELL_SDK` names a virtual environment with datadog-checks-base.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what is skipped is told, and how many pairs there were"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use allwell::testing::instance;
use allwell_examples::openmetrics::OpenMetrics;
use allwell_tests::{Exposition, rows};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};
use serde_json::{Value, json};

mod made_up;

/// How many pairs each property is tried with.
const CASES: u32 = 150;

#[test]
fn strictly_the_same_on_any_payload() {
    compare("strict", &made_up::pair(true));
}

#[test]
fn the_same_on_payloads_in_which_nothing_is_wrong() {
    compare("sound", &made_up::pair(false));
}

fn compare(name: &str, pairs: &impl Strategy<Value = made_up::Pair>) {
    let Some(mut sdk) = Sdk::start() else { return };
    let server = Exposition::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let failures = format!("{}/tests/openmetrics_peer.{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(Box::leak(
            failures.into_boxed_str(),
        )))),
        ..Config::default()
    });
    let sdk = std::cell::RefCell::new(&mut sdk);
    let result = runner.run(pairs, |pair| {
        server.serve(&pair.content_type, pair.payload.as_bytes());
        let mut config = pair.instance.clone();
        config["openmetrics_endpoint"] = json!(server.address());
        let theirs = sdk.borrow_mut().runs(&config);
        config["strict_compat"] = json!(pair.strict);
        let mut check = instance::<OpenMetrics>(&config.to_string());
        for (index, theirs) in theirs.as_array().into_iter().flatten().enumerate() {
            let run = runtime.block_on(check.run());
            let differences = rows::difference(&rows::of_run(&run), &rows::expected(theirs));
            let failed = theirs["error"] != "";
            if !differences.is_empty() || failed == run.is_ok() {
                return Err(TestCaseError::fail(format!(
                    "run {}, theirs failed: {}, ours: {}\n{}\nconfiguration: {config}\npayload:\n{}",
                    index + 1,
                    theirs["error"],
                    run.report.outcome,
                    differences.join("\n"),
                    pair.payload
                )));
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    println!("{name}: {CASES} pairs are the same");
}

/// Datadog's check, in a process of its own.
struct Sdk {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Sdk {
    fn start() -> Option<Self> {
        let Some(environment) = std::env::var_os("ALLWELL_SDK") else {
            assert!(std::env::var_os("CI").is_none(), "`ALLWELL_SDK` names no virtual environment");
            eprintln!(
                "skipped: the environment variable `ALLWELL_SDK` names no virtual environment"
            );
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer/openmetrics.py");
        let mut process = Command::new(Path::new(&environment).join("bin/python"))
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let input = process.stdin.take().expect("it has an input");
        let output = BufReader::new(process.stdout.take().expect("it has an output"));
        Some(Self { process, input, output })
    }

    fn runs(&mut self, instance: &Value) -> Value {
        writeln!(self.input, "{instance}").expect("it reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("it answers in JSON")
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
