//! The library within a host that does what the Agent's loader does: what is looked up, what is passed, who frees what, and what
//! becomes of an instance.
#![allow(clippy::float_cmp, reason = "what is counted is whole")]

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use allwell_tests::agent::{Agent, Call, Opened, examples, faulty};

fn agent() -> Agent {
    Agent::new(env!("CARGO_BIN_EXE_agent-host"))
}

/// A host with the library of faulty checks.
fn with_faulty() -> (Agent, Opened) {
    let mut agent = agent();
    let library = agent.open(&faulty()).expect("the library can be opened");
    (agent, library)
}

#[test]
fn run_and_version_are_found() {
    let mut agent = agent();
    let library = agent.open(&examples()).expect("the library can be opened");
    assert_eq!(agent.version(library).as_deref(), Some(env!("CARGO_PKG_VERSION")));
    agent.run(library, &Call::new("uptime:1")).assert_ok();
    assert!(agent.end().success());
}

#[test]
fn what_is_no_library_of_checks_is_told_by_the_loader() {
    let mut agent = agent();
    let error = agent.open(Path::new("/nowhere/libdatadog-agent-x.so")).unwrap_err();
    assert!(error.starts_with("Failed to load shared library at /nowhere/"), "{error}");
    assert_eq!(agent.open(Path::new("libm.so.6")).unwrap_err(), "can't find 'Run' symbol");
}

#[test]
fn a_check_is_found_by_the_name_in_its_id() {
    let (mut agent, library) = with_faulty();
    for id in ["kinds", "kinds:abc", "kinds:a name:abc", "kinds:a:b:c:abc"] {
        agent.run(library, &Call::new(id)).assert_ok();
    }
    let ran = agent.run(library, &Call::new("kind:abc"));
    assert!(ran.error().contains("this library has no check `kind`"), "{}", ran.error());
    assert!(
        ran.error().contains("hint: it has blocks, changes, kinds, odd, panics,"),
        "{}",
        ran.error()
    );
}

#[test]
fn null_pointers_are_told_not_followed() {
    let (mut agent, library) = with_faulty();
    let no_id = Call::new("").with("id", ());
    assert!(agent.run(library, &no_id).error().contains("the host gave no check id"));
    let no_table = Call::new("kinds:1").table("none");
    assert!(agent.run(library, &no_table).error().contains("the host gave no callbacks"));
    agent.run(library, &Call::new("kinds:1")).assert_ok();
}

#[test]
fn absent_empty_null_and_json_configurations_are_the_same() {
    let (mut agent, library) = with_faulty();
    let texts = ["", "{}", "{}\n", "null", "null\n", "~", "# nothing\n", "---\n{}\n"];
    for init_config in texts {
        for instance in texts {
            let call = Call::new("kinds:1").init_config(init_config).instance(instance);
            agent.run(library, &call).assert_ok();
        }
    }
    for instance in ["tags: [a:b]", r#"{"tags":["a:b"]}"#, "tags:\n- a:b\n", "\"tags\": ['a:b']"] {
        let ran = agent.run(library, &Call::new("state:1").instance(instance));
        ran.assert_ok();
        assert_eq!(ran.calls[0]["tags"], serde_json::json!(["a:b"]), "{instance}");
    }
    let shared = Call::new("state:2").init_config("service: shop\n").instance("{}\n");
    assert_eq!(agent.run(library, &shared).calls[0]["tags"], serde_json::json!(["service:shop"]));
}

#[test]
fn every_problem_of_a_configuration_is_in_the_error() {
    let (mut agent, library) = with_faulty();
    let call = Call::new("partial:1").init_config("taks: 1\n").instance("fails: no\nsubmit: 1\n");
    let ran = agent.run(library, &call);
    assert_eq!(ran.error(), include_str!("agent/problems.txt").trim_end());
    let list = agent.run(library, &Call::new("partial:1").init_config("[1]").instance("- 2"));
    assert!(list.error().contains("`init_config`: expected a mapping, found a list"), "{list:?}");
    assert!(list.error().contains("expected a mapping, found a list"), "{list:?}");
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let (mut agent, library) = with_faulty();
    let bytes = |text: &[u8]| serde_json::json!(text);
    let instance = Call::new("kinds:1").instance(bytes(b"tags: []\nname: \xff\n"));
    let ran = agent.run(library, &instance);
    assert!(ran.error().contains("the byte 0xff is not UTF-8"), "{}", ran.error());
    assert!(ran.error().contains("instance:2:7"), "{}", ran.error());
    let init_config = Call::new("kinds:1").init_config(bytes(b"\xc3\x28"));
    assert!(agent.run(library, &init_config).error().contains("init_config:1:1"));
    let unknown = Call::new("").with("id", bytes(b"\xff:1"));
    assert!(agent.run(library, &unknown).error().contains("no check `\u{fffd}`"));
    // An id is the host's affair; it comes back as it was given.
    let id = Call::new("").with("id", bytes(b"kinds:\xff:1"));
    agent.run(library, &id).assert_ok();
}

#[test]
fn an_instance_lives_between_runs_and_anew_with_another_configuration() {
    let (mut agent, library) = with_faulty();
    let state = |agent: &mut Agent, id: &str, tag: &str| {
        let ran = agent.run(library, &Call::new(id).instance(format!("tags: ['{tag}']")));
        ran.assert_ok();
        (ran.value("state.runs"), ran.value("state.starts"))
    };
    assert_eq!(state(&mut agent, "state:1", "a:1"), (1.0, 1.0));
    assert_eq!(state(&mut agent, "state:1", "a:1"), (2.0, 1.0));
    assert_eq!(state(&mut agent, "state:2", "a:1"), (1.0, 2.0));
    assert_eq!(state(&mut agent, "state:1", "a:1"), (3.0, 2.0));
    assert_eq!(state(&mut agent, "state:1", "a:2"), (1.0, 3.0));
    let stopped = || {
        sleep(Duration::from_millis(100));
        agent.run(library, &Call::new("state:2").instance("tags: ['a:1']")).value("state.stops")
    };
    assert_eq!(stopped_within(stopped), 1.0);
}

/// The instance that was replaced says goodbye in its own time.
fn stopped_within(mut stopped: impl FnMut() -> f64) -> f64 {
    (0..50).map(|_| stopped()).find(|stops| *stops > 0.0).unwrap_or(0.0)
}

#[test]
fn an_instance_never_runs_twice_at_once() {
    let (mut agent, library) = with_faulty();
    let slow = Call::new("state:1").instance("pause: 0.5");
    let first = agent.begin(library, &slow);
    sleep(Duration::from_millis(150));
    let second = agent.run(library, &slow);
    assert!(second.error().contains("the instance is in a run already"), "{}", second.error());
    assert_eq!(agent.join(first).assert_ok().value("state.runs"), 1.0);
    assert_eq!(agent.run(library, &slow).assert_ok().value("state.runs"), 2.0);
}

#[test]
fn a_library_that_is_closed_while_it_runs_goes_on_and_can_be_opened_again() {
    let (mut agent, library) = with_faulty();
    let slow = Call::new("state:1").instance("pause: 0.5");
    let run = agent.begin(library, &slow);
    sleep(Duration::from_millis(150));
    agent.close(library);
    assert_eq!(agent.join(run).assert_ok().value("state.runs"), 1.0);
    let library = agent.open(&faulty()).expect("it can be opened again");
    assert_eq!(agent.run(library, &slow).assert_ok().value("state.runs"), 2.0);
    agent.close(library);
    assert!(agent.end().success());
}

#[test]
fn a_library_that_is_closed_at_once_and_never_run_leaves_no_trace() {
    let mut agent = agent();
    for _ in 0..3 {
        let library = agent.open(&faulty()).expect("the library can be opened");
        agent.close(library);
    }
    assert!(agent.end().success());
}

#[test]
fn links_to_one_file_are_one_library() {
    let mut agent = agent();
    let folder = tempfile::TempDir::new().expect("a directory");
    let mut open = |name: &str| {
        let link = folder.path().join(name);
        std::os::unix::fs::symlink(faulty(), &link).expect("a link");
        agent.open(&link).expect("the library can be opened")
    };
    let (a, b) = (open("libdatadog-agent-state.so"), open("libdatadog-agent-kinds.so"));
    let call = Call::new("state:1");
    assert_eq!(agent.run(a, &call).value("state.runs"), 1.0);
    assert_eq!(agent.run(b, &call).value("state.runs"), 2.0);
}

#[test]
fn the_functions_of_a_wheel_open_run_and_close_an_instance() {
    let (mut agent, library) = with_faulty();
    let told = agent.as_wheel(library, r#"{"check": "state", "instance": "tags: [a]"}"#, 3);
    let opened = &told["opened"];
    assert!(opened["instance"].is_u64() && opened["error"].is_null(), "{opened}");
    assert_eq!(opened["warnings"].as_array().map(Vec::len), Some(0));
    let lengths = told["lengths"].as_array().expect("lengths");
    assert!(lengths.len() == 3 && lengths.iter().all(|length| *length == lengths[0]), "{told}");
    assert!(told["last"].as_str().is_some_and(|last| last.contains("the check was cancelled")));
    for (request, error) in [
        (r#"{"check": "nothing"}"#, "this library has no check `nothing`"),
        (r#"{"check": "sta\u0000te"}"#, "the name of the check has a NUL"),
        (r#"{"check": "state", "instance": "x: 1"}"#, "unknown option `x`"),
        ("no JSON", "expected ident"),
        ("", "EOF while parsing"),
    ] {
        let told = agent.as_wheel(library, request, 0);
        let said = told["opened"]["error"].as_str().expect("an error");
        assert!(said.contains(error), "{said}");
    }
    assert!(agent.end().success());
}
