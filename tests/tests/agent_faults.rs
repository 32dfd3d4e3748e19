//! What checks do wrong, within a host that must not notice.
#![allow(clippy::float_cmp, reason = "what is counted is whole")]

use std::thread::sleep;
use std::time::Duration;

use allwell_tests::agent::{Agent, Call, Opened, Ran, faulty};
use serde_json::json;

const NEW: &str = env!("CARGO_BIN_EXE_agent-host");
const OLD: &str = env!("CARGO_BIN_EXE_old-agent-host");

fn host(program: &str) -> (Agent, Opened) {
    let mut agent = Agent::new(program);
    let library = agent.open(&faulty()).expect("the library can be opened");
    (agent, library)
}

fn panics(phase: &str, number: u32) -> Call {
    Call::new("panics:1").instance(format!("phase: {phase}\nnumber: {number}\n"))
}

#[test]
fn a_panic_fails_the_run_that_it_is_in() {
    let (mut agent, library) = host(NEW);
    for (phase, error) in [
        ("config", "Failed to run check: the check panicked: in Config"),
        ("start", "Failed to run check: the check panicked: in Start"),
        ("run", "Failed to run check: the check panicked: in Run"),
        ("payload", "Failed to run check: the check panicked: a panic without a message"),
        ("timeout", "Failed to run check: the check panicked: in a destructor"),
    ] {
        for _ in 0..3 {
            let ran = agent.run(library, &panics(phase, 0));
            let place = ran.error().strip_prefix(error).unwrap_or_else(|| panic!("{ran:?}"));
            assert!(place.starts_with(" (tests/faulty/src/panics.rs:"), "{ran:?}");
        }
    }
    let task = agent.run(library, &panics("task", 0));
    assert!(task.error().contains("in a task"), "{}", task.error());
    agent.run(library, &Call::new("state:1")).assert_ok();
    assert!(agent.end().success());
}

#[test]
fn a_panic_at_the_end_of_an_instance_is_nobodys() {
    let (mut agent, library) = host(NEW);
    for phase in ["stop", "drop"] {
        for number in 0..3 {
            agent.run(library, &panics(phase, number)).assert_ok();
        }
    }
    sleep(Duration::from_millis(200));
    agent.run(library, &Call::new("state:1")).assert_ok();
    assert!(agent.end().success());
}

#[test]
fn a_run_that_waits_too_long_is_ended_and_the_next_one_begins_anew() {
    let (mut agent, library) = host(NEW);
    for _ in 0..2 {
        let ran = agent.run(library, &Call::new("waits:1"));
        assert_eq!(ran.error(), "Failed to run check: the run did not end within 300ms");
        assert!((0.3..0.8).contains(&ran.seconds), "{} s", ran.seconds);
    }
}

/// Whoever watches the service check sees that there was no good run, and why.
fn assert_unreachable(ran: &Ran, name: &str) {
    let [state] = ran.of_kind("service_check")[..] else { panic!("{ran:?}") };
    assert_eq!((&state["service_check"], &state["status"]), (&json!(name), &json!(2)));
    assert_eq!(state["tags"], json!(["env:test"]));
    let told = ran.error().strip_prefix("Failed to run check: ").expect("its beginning");
    assert_eq!(state["message"], told);
}

#[test]
fn a_blocking_check_that_hangs_costs_one_thread_and_no_second_run() {
    let (mut agent, library) = host(NEW);
    let call = Call::new("blocks:1").instance("length: 1.5\ntags: [env:test]");
    let first = agent.run(library, &call);
    assert_eq!(first.error(), "Failed to run check: the run did not end within 300ms");
    assert_unreachable(&first, "blocks.can_connect");
    let second = agent.run(library, &call);
    assert!(second.error().contains("a thread still works for a run"), "{}", second.error());
    assert_unreachable(&second, "blocks.can_connect");
    assert!(second.seconds < 0.2, "{} s", second.seconds);
    sleep(Duration::from_millis(1500));
    assert_eq!(agent.run(library, &call).error(), first.error());
    agent.run(library, &Call::new("state:1")).assert_ok();
}

#[test]
fn an_async_check_that_blocks_its_thread_does_not_keep_the_hosts() {
    let (mut agent, library) = host(NEW);
    let call = Call::new("stalls:1").instance("length: 2\ntags: [env:test]");
    let first = agent.run(library, &call);
    assert!(first.error().contains("the run did not end within 800ms"), "{}", first.error());
    assert!(first.error().contains("hint: an async check must not block"), "{}", first.error());
    assert!((0.8..1.5).contains(&first.seconds), "{} s", first.seconds);
    assert_unreachable(&first, "stalls.can_connect");
    let second = agent.run(library, &call);
    assert!(second.error().contains("was given up and has not ended"), "{}", second.error());
    assert_unreachable(&second, "stalls.can_connect");
    agent.run(library, &Call::new("state:1")).assert_ok();
    sleep(Duration::from_millis(1500));
    assert_eq!(agent.run(library, &call).error(), first.error());
}

#[test]
fn a_run_that_fails_keeps_what_it_submitted_and_tells_its_error_in_the_log() {
    let (mut agent, library) = host(NEW);
    for (how, error) in [
        ("error", "no more: the inner cause"),
        ("panic", "the check panicked: no more"),
        ("timeout", "the run did not end within 300ms"),
    ] {
        let ran = agent.run(library, &Call::new("partial:1").instance(format!("fails: {how}")));
        // With an error the Agent would not commit the sample.
        ran.assert_ok();
        assert_eq!(ran.value("partial.number"), 1.0);
        let [state] = ran.of_kind("service_check")[..] else { panic!("{ran:?}") };
        assert_eq!(state["status"], 2);
        let message = state["message"].as_str().expect("a message");
        let place = message.strip_prefix(error).unwrap_or_else(|| panic!("{message}"));
        assert_eq!(
            place.starts_with(" (tests/faulty/src/partial.rs:"),
            how == "panic",
            "{message}"
        );
        let [line] = ran.of_kind("log")[..] else { panic!("{ran:?}") };
        let told = "the run failed after it had submitted samples, which are kept";
        assert_eq!(line["log"], format!("partial:1 | {told}: {message}"));
        assert_eq!(line["level"], 40);
    }
}

#[test]
fn a_run_that_fails_without_samples_is_an_error_of_the_hosts() {
    let (mut agent, library) = host(NEW);
    let ran = agent.run(library, &Call::new("partial:1").instance("fails: error\nsubmits: false"));
    assert_eq!(ran.error(), "Failed to run check: no more: the inner cause");
    let [state] = ran.of_kind("service_check")[..] else { panic!("{ran:?}") };
    assert_eq!(state["service_check"], "partial.can_connect");
    assert_eq!(ran.calls.len(), 1);
}

#[test]
fn a_host_of_five_callbacks_is_never_read_beyond_them() {
    for program in [OLD, NEW] {
        let (mut agent, library) = host(program);
        let ran = agent.run(library, &Call::new("kinds:1").table("poisoned"));
        ran.assert_ok();
        assert_eq!(ran.of_kind("metric").len(), 9);
        let partial = Call::new("partial:1").instance("fails: error").table("poisoned");
        agent.run(library, &partial).assert_ok();
        // The log is found by its name, so it is there if the host has it.
        assert_eq!(ran.of_kind("log").is_empty(), program == OLD);
        assert!(agent.end().success());
    }
}

#[test]
fn a_cache_outlives_its_instance_by_the_id() {
    let (mut agent, library) = host(NEW);
    let mut runs = |id: &str, options: &str| {
        let ran = agent.run(library, &Call::new(id).instance(options));
        ran.assert_ok();
        ran.value("remembers.runs")
    };
    assert_eq!([runs("remembers:1", ""), runs("remembers:1", "")], [1.0, 2.0]);
    // Other texts, and it is another instance.
    assert_eq!([runs("remembers:1", "tags: [a:b]"), runs("remembers:2", "")], [3.0, 1.0]);
}
