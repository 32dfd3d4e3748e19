//! Very many runs, many threads, and every access to memory looked at.
#![allow(clippy::float_cmp, reason = "what is counted is whole")]
#![allow(clippy::print_stderr, reason = "what is skipped is told")]

use std::process::Command;

use allwell_tests::agent::{Agent, Call, faulty};
use serde_json::json;

const HOST: &str = env!("CARGO_BIN_EXE_agent-host");

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("state:{number}")).collect()
}

#[test]
fn a_hundred_thousand_runs_need_no_more_memory_than_fifty_thousand() {
    let mut agent = Agent::new(HOST);
    let library = agent.open(&faulty()).expect("the library can be opened");
    let call = Call::new("").with("ids", ids(4)).with("runs", 100_000).table("empty");
    let told = agent.many(library, &call);
    assert_eq!(told["errors"], 0);
    let [before, after] = ["before", "after"].map(|name| told[name].as_i64().expect("a size"));
    assert!((after - before).abs() <= 1024, "{before} KiB became {after} KiB");
}

#[test]
fn many_instances_run_in_many_threads() {
    let mut agent = Agent::new(HOST);
    let library = agent.open(&faulty()).expect("the library can be opened");
    let call = Call::new("").with("ids", ids(24)).with("threads", 8).with("runs", 4_800);
    assert_eq!(agent.many(library, &call)["errors"], 0);
    for id in ids(24) {
        // Each of the threads made 600 runs of three instances.
        let ran = agent.run(library, &Call::new(&id));
        assert_eq!(ran.value("state.runs"), 201.0, "{id}");
        assert_eq!(ran.value("state.starts"), 24.0);
    }
}

/// Whether valgrind is there; where tests run for good, it must be.
fn has_valgrind() -> bool {
    let there = Command::new("valgrind").arg("--version").output().is_ok();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "valgrind is not installed: apt-get install valgrind"
    );
    if !there {
        eprintln!("skipped: valgrind is not installed");
    }
    there
}

#[test]
fn no_access_to_memory_is_wrong_and_none_is_lost() {
    if !has_valgrind() {
        return;
    }
    let options = [
        "--quiet",
        "--error-exitcode=99",
        "--leak-check=full",
        "--errors-for-leak-kinds=definite",
        "--show-leak-kinds=definite",
        "--fair-sched=yes",
    ];
    let mut agent = Agent::of(Command::new("valgrind").args(options).arg(HOST));
    let library = agent.open(&faulty()).expect("the library can be opened");
    for _ in 0..3 {
        agent.run(library, &Call::new("kinds:1").instance("tags: [env:test]")).assert_ok();
        agent.run(library, &Call::new("odd:1")).assert_ok();
        agent.run(library, &Call::new("state:1")).assert_ok();
        for how in ["error", "panic"] {
            agent.run(library, &Call::new("partial:1").instance(format!("fails: {how}")));
        }
    }
    assert!(agent.run(library, &Call::new("nothing:1")).error().contains("no check `nothing`"));
    assert!(
        agent
            .run(library, &Call::new("kinds:1").instance("x: 1\n"))
            .error()
            .contains("unknown option")
    );
    agent.run(library, &Call::new("kinds:2").table("poisoned")).assert_ok();
    for check in ["kinds", "odd", "nothing"] {
        agent.as_wheel(library, &json!({ "check": check }).to_string(), 3);
    }
    let many = Call::new("").with("ids", ids(8)).with("threads", 4).with("runs", 80);
    assert_eq!(agent.many(library, &many)["errors"], 0);
    agent.close(library);
    assert!(agent.end().success(), "valgrind has found something; its report is on standard error");
}
