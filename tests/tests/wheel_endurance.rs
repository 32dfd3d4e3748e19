//! Checks in wheels for long, in many threads, and in processes that fork and end.
#![allow(clippy::float_cmp, reason = "what is counted is whole")]
#![allow(clippy::print_stderr, reason = "what was measured is shown")]

use std::path::Path;
use std::sync::OnceLock;

use allwell_tests::agent::faulty;
use allwell_tests::wheel::{Wheels, sdk};
use serde_json::{Value, json};

allwell::link!(allwell_faulty);

/// What a program of `tests/wheel` finds; none if the SDK is not there.
fn found(program: &str) -> Option<Value> {
    static WHEELS: OnceLock<Option<Wheels>> = OnceLock::new();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel_endurance");
    let wheels = WHEELS.get_or_init(|| Some(Wheels::new(sdk()?, &root, &faulty()))).as_ref()?;
    wheels.install("state");
    wheels.install("kinds");
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wheel").join(program);
    Some(wheels.result_of(&program, &[]))
}

#[test]
fn two_instances_run_at_once_and_the_interpreter_goes_on() {
    let Some(found) = found("parallel.py") else { return };
    assert_eq!(found["errors"], json!(["", ""]));
    let seconds = found["seconds"].as_f64().expect("a time");
    eprintln!("two runs of 3 s each, in two threads: {seconds:.2} s");
    assert!((3.0..5.5).contains(&seconds), "{seconds} s");
    assert!(found["counted"].as_u64().is_some_and(|counted| counted > 10_000), "{found}");
}

#[test]
fn ten_thousand_runs_and_a_thousand_instances_leave_nothing_behind() {
    let Some(found) = found("leak.py") else { return };
    eprintln!("resident, in KiB: {found}");
    for what in ["runs", "instances"] {
        let [before, after] = [0, 1].map(|place| found[what][place].as_i64().expect("a size"));
        assert!(after - before <= 1024, "{what}: {before} KiB became {after} KiB");
    }
}

#[test]
fn an_instance_lives_as_long_as_its_check() {
    let Some(found) = found("lifetime.py") else { return };
    let expected = json!({
        "runs": 3.0, "before": 0.0, "dropped": 1.0, "cancelled": 2.0, "after": "the check was cancelled", "reconfigured": 3.0, "anew": 1.0,
    });
    assert_eq!(found, expected);
}

#[test]
fn a_forked_process_begins_anew_and_its_parent_goes_on() {
    let Some(found) = found("fork.py") else { return };
    let child = json!({ "runs": 1.0, "error": "", "status": 0 });
    assert_eq!(found, json!({ "children": [child, child], "runs": 2.0 }));
}

#[test]
fn the_interpreter_ends_while_a_check_runs() {
    let Some(found) = found("shutdown.py") else { return };
    assert_eq!(found, json!({ "alive": true }));
}

#[test]
fn a_check_runs_in_a_process_of_its_own() {
    let Some(found) = found("isolated.py") else { return };
    assert_eq!(found["state.runs"], 1.0);
}
