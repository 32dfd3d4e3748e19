//! Everything that a check can say, and everything that it can do wrong, through its wheel.
#![allow(clippy::float_cmp, reason = "what is counted is whole")]

use std::path::Path;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use allwell_tests::agent::faulty;
use allwell_tests::wheel::{Sdk, Wheels, sdk};
use serde_json::{Value, json};
use tempfile::TempDir;

allwell::link!(allwell_faulty);

fn wheels() -> Option<&'static Wheels> {
    static WHEELS: OnceLock<Option<Wheels>> = OnceLock::new();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel_faults");
    WHEELS.get_or_init(|| Some(Wheels::new(sdk()?, &root, &faulty()))).as_ref()
}

/// A process with the wheels of these checks.
fn host(checks: &[&str]) -> Option<Sdk> {
    let wheels = wheels()?;
    for check in checks {
        wheels.install(check);
    }
    Some(wheels.host())
}

fn made(sdk: &mut Sdk, check: &str, instance: &Value) {
    assert_eq!(sdk.make(check, &json!({}), instance), Ok(()), "{instance}");
}

#[test]
fn everything_that_a_check_says_reaches_the_sdk() {
    let Some(mut sdk) = host(&["kinds"]) else { return };
    made(&mut sdk, "kinds", &json!({ "tags": ["env:test"], "service": "shop" }));
    let mut ran = sdk.run("kinds");
    // The Agent itself adds the tag of the service.
    let tags = json!(["env:test"]);
    let metric = |name: &str, number: i32, value: f64, first: bool| json!({ "name": name, "type": number, "value": value, "tags": tags, "hostname": "", "device": null, "flush_first_value": first });
    let row = |name: &str, host: &str| {
        let tags = json!(["env:test", format!("name:{name}")]);
        let size = json!({ "name": "kinds.row.size", "type": 0, "value": 2.0, "tags": tags, "hostname": host, "device": null, "flush_first_value": false });
        let state = json!({ "check_id": "kinds:1", "name": "kinds.row.state", "status": 1, "tags": tags, "hostname": host, "message": "full" });
        (size, state)
    };
    let ((a, a_state), (b, b_state)) = (row("a", ""), row("b", "other"));
    assert_eq!(
        ran["metrics"],
        json!([
            metric("kinds.streamed", 0, 1.0, false),
            metric("kinds.gauge", 0, 1.5, false),
            metric("kinds.count", 2, 2.0, false),
            metric("kinds.total", 3, 3.0, false),
            metric("kinds.first", 3, 4.0, true),
            metric("kinds.rate", 1, 5.0, false),
            metric("kinds.histogram", 5, 6.0, false),
            a,
            b
        ])
    );
    let bucket = json!({ "name": "kinds.distribution", "value": 1, "lower_bound": 7.25, "upper_bound": 7.25, "monotonic": false, "hostname": "", "tags": tags, "flush_first_value": false, "multiple_buckets": false });
    assert_eq!(ran["buckets"], json!([bucket]));
    let reached = json!({ "check_id": "kinds:1", "name": "kinds.can_connect", "status": 0, "tags": tags, "hostname": "", "message": "" });
    assert_eq!(ran["service_checks"], json!([a_state, b_state, reached]));
    let timestamp = ran["events"][1]["timestamp"].take();
    assert!(timestamp.as_i64().is_some_and(|time| time > 1_700_000_000), "{timestamp}");
    assert_eq!(
        ran["events"],
        json!([
            {
                "msg_title": "title", "msg_text": "text", "timestamp": 1_700_000_000, "priority": "low", "host": "elsewhere", "tags": ["env:test", "of:event"],
                "alert_type": "warning", "aggregation_key": "key", "source_type_name": "kinds", "event_type": "change",
            },
            {
                "msg_title": "plain", "msg_text": "", "timestamp": null, "priority": "normal", "host": "", "tags": tags, "alert_type": "info",
                "source_type_name": "kinds",
            },
        ])
    );
    assert_eq!(
        ran["logs"],
        json!([
            { "message": "a line", "status": "error", "ddtags": "env:test" },
            { "message": "another", "ddtags": "env:test,of:log" },
        ])
    );
    let lost = "samples were not kept: 1 that are no finite numbers";
    assert_eq!(ran["warnings"], json!(["beware", lost]));
    assert_eq!(ran["error"], Value::Null);
    let good = json!({ "result": 0, "name": "kinds", "diagnosis": "The last run was good.", "category": "kinds", "description": null, "remediation": null, "rawerror": null });
    assert_eq!(ran["diagnoses"], json!([good]));
    // The same loss is told once.
    assert_eq!(sdk.run("kinds")["warnings"], json!(["beware"]));
    sdk.end();
}

#[test]
fn a_run_that_submits_other_things_than_the_last_one_has_tags_of_its_own() {
    let Some(mut sdk) = host(&["changes"]) else { return };
    made(&mut sdk, "changes", &json!({ "tags": ["env:test"] }));
    for run in 1..=8 {
        let ran = sdk.run("changes");
        assert_eq!(ran["error"], Value::Null);
        let metrics = ran["metrics"].as_array().expect("a list");
        let seen: Vec<_> = metrics.iter().map(|row| (&row["value"], &row["tags"])).collect();
        let row = |row: u32| (json!(f64::from(row)), json!(["env:test", format!("row:{row}")]));
        let rows: Vec<_> = if run % 3 == 0 { Vec::new() } else { vec![row(run), row(run + 1)] };
        assert_eq!(seen, rows.iter().map(|(value, tags)| (value, tags)).collect::<Vec<_>>());
    }
    sdk.end();
}

#[test]
fn options_that_the_base_class_honours_are_honoured() {
    let Some(mut sdk) = host(&["kinds"]) else { return };
    let instance = json!({
        "tags": ["env:test"], "disable_generic_tags": true, "metric_patterns": { "include": ["^kinds\\.row", "count"] }, "empty_default_hostname": true,
    });
    made(&mut sdk, "kinds", &instance);
    let ran = sdk.run("kinds");
    let metrics = ran["metrics"].as_array().expect("a list");
    let names: Vec<_> = metrics.iter().map(|metric| &metric["name"]).collect();
    assert_eq!(names, ["kinds.count", "kinds.row.size", "kinds.row.size"]);
    assert!(metrics.iter().all(|metric| metric["tags"][0] == "kinds_env:test"), "{metrics:?}");
    assert_eq!(ran["buckets"], json!([]));
    assert_eq!(ran["logs"][1]["ddtags"], "kinds_env:test,of:log");
    assert_eq!(ran["warnings"][0], "beware");
    // How many contexts there are, and would be without a limit.
    let limited =
        json!({ "max_returned_metrics": 3, "debug_metrics": { "metric_contexts": true } });
    made(&mut sdk, "kinds", &limited);
    let ran = sdk.run("kinds");
    let told = ran["metrics"].as_array().expect("a list").iter().filter_map(|metric| {
        let name = metric["name"].as_str()?.strip_prefix("datadog.agent.metrics.contexts.")?;
        Some((name, metric["value"].as_f64()?))
    });
    assert_eq!(told.collect::<Vec<_>>(), [("limit", 3.0), ("total", 10.0)]);
    sdk.end();
}

/// `agent check -m --m-frames …` puts an option into `init_config` for each argument.
#[test]
fn memory_can_be_profiled_with_every_argument() {
    let Some(mut sdk) = host(&["kinds"]) else { return };
    let directory = TempDir::new().expect("a directory");
    let init_config = json!({
        "profile_memory": directory.path(), "profile_memory_frames": 10, "profile_memory_gc": 1,
        "profile_memory_combine": 0, "profile_memory_sort": "lineno", "profile_memory_limit": 3,
        "profile_memory_diff": "absolute", "profile_memory_filters": "", "profile_memory_unit": "mb",
        "profile_memory_verbose": 0,
    });
    assert_eq!(sdk.make("kinds", &init_config, &json!({})), Ok(()));
    let ran = sdk.run("kinds");
    assert_eq!(ran["error"], Value::Null);
    assert_eq!(ran["warnings"][0], "beware", "none is of an option");
    sdk.end();
}

#[test]
fn every_fault_of_a_configuration_is_told_when_the_check_is_made() {
    let Some(mut sdk) = host(&["partial", "state"]) else { return };
    let instance = json!({ "fails": "pänic\n", "submits": "perhaps", "tags": ["a", { "b": [] }] });
    let refused =
        sdk.make("partial", &json!({ "service": "x" }), &instance).expect_err("it is refused");
    let report = refused.strip_prefix("ConfigurationError: the configuration has errors\n\n");
    let report = report.unwrap_or_else(|| panic!("{refused}"));
    for told in [
        " --> instance:1:8\n  |\n1 | fails: \"pänic\\n\"",
        " --> instance:2:10\n  |\n2 | submits: \"perhaps\"",
        " --> instance:6:5\n",
    ] {
        assert!(report.contains(told), "{told}\n{report}");
    }
    // What no option of the SDK's may break either: numbers, texts that look like numbers, what is not there.
    made(&mut sdk, "state", &json!({ "pause": 0, "min_collection_interval": 1e1, "name": "1e3" }));
    assert_eq!(sdk.make("state", &Value::Null, &Value::Null), Ok(()));
    assert_eq!(sdk.run("state")["error"], Value::Null);
    let unknown = sdk.make("state", &json!({}), &json!({ "yes": true })).expect_err("unknown");
    assert!(unknown.contains("unknown option `yes`"), "{unknown}");
    sdk.end();
}

/// An error without the place of its panic.
fn without_place(error: &Value) -> &str {
    let error = error.as_str().expect("an error");
    error.split_once(" (tests/faulty/src/").map_or(error, |(error, _)| error)
}

#[test]
fn a_run_that_fails_keeps_what_it_submitted_and_is_an_error() {
    let Some(mut sdk) = host(&["partial"]) else { return };
    for (how, error) in [
        ("error", "no more: the inner cause"),
        ("panic", "the check panicked: no more"),
        ("timeout", "the run did not end within 300ms"),
    ] {
        made(&mut sdk, "partial", &json!({ "fails": how }));
        let ran = sdk.run("partial");
        assert_eq!(without_place(&ran["error"]), error);
        assert_eq!(ran["metrics"][0]["value"], 1.0);
        assert_eq!(ran["service_checks"][0]["status"], 2);
        assert_eq!(ran["service_checks"][0]["message"], ran["error"]);
        assert_eq!(ran["diagnoses"][0]["result"], 1);
        assert_eq!(ran["diagnoses"][0]["diagnosis"], ran["error"]);
        assert_eq!(ran["warnings"], json!([]));
    }
    sdk.end();
}

#[test]
fn a_panic_in_any_phase_is_an_error_and_no_crash() {
    let Some(mut sdk) = host(&["panics", "state"]) else { return };
    let refused = sdk.make("panics", &json!({}), &json!({ "phase": "config" }));
    let refused = Value::from(refused.expect_err("its configuration panics"));
    let told = "ConfigurationError: the check panicked: in Config";
    assert_eq!(without_place(&refused), told);
    for (phase, error) in [
        ("start", "the check panicked: in Start"),
        ("run", "the check panicked: in Run"),
        ("payload", "the check panicked: a panic without a message"),
        ("timeout", "the check panicked: in a destructor"),
    ] {
        made(&mut sdk, "panics", &json!({ "phase": phase }));
        for _ in 0..3 {
            assert_eq!(without_place(&sdk.run("panics")["error"]), error);
        }
        sdk.cancel("panics");
    }
    for phase in ["stop", "drop"] {
        made(&mut sdk, "panics", &json!({ "phase": phase }));
        assert_eq!(sdk.run("panics")["error"], Value::Null);
        sdk.cancel("panics");
    }
    made(&mut sdk, "state", &json!({}));
    assert_eq!(sdk.run("state")["error"], Value::Null);
    sdk.end();
}

#[test]
fn a_run_that_hangs_gives_its_thread_back() {
    let Some(mut sdk) = host(&["waits", "blocks", "stalls"]) else { return };
    made(&mut sdk, "waits", &json!({}));
    made(&mut sdk, "blocks", &json!({ "length": 1.5 }));
    made(&mut sdk, "stalls", &json!({ "length": 2 }));
    for _ in 0..2 {
        let ran = sdk.run("waits");
        assert_eq!(ran["error"], "the run did not end within 300ms");
        assert!(ran["seconds"].as_f64().is_some_and(|seconds| seconds >= 0.3), "{ran}");
    }
    assert_eq!(sdk.run("blocks")["error"], "the run did not end within 300ms");
    let stalled = sdk.run("stalls");
    let error = stalled["error"].as_str().expect("an error");
    assert!(error.starts_with("the run did not end within 800ms, and cannot be ended"), "{error}");
    let diagnosis = &stalled["diagnoses"][0];
    let remedy = "an async check must not block its thread; one that has to is no `async fn`";
    assert_eq!(diagnosis["remediation"], remedy);
    assert_eq!(stalled["service_checks"][0]["name"], "stalls.can_connect");
    assert_eq!(stalled["service_checks"][0]["status"], 2);
    // A check that goes while it hangs takes nobody along.
    sdk.cancel("stalls");
    sleep(Duration::from_millis(2500));
    assert_eq!(sdk.run("blocks")["error"], "the run did not end within 300ms");
    sdk.end();
}

#[test]
fn texts_are_whole_whatever_is_in_them() {
    let Some(mut sdk) = host(&["odd"]) else { return };
    made(&mut sdk, "odd", &json!({ "tags": ["x:\u{0}y", "ü:\u{1f600}\u{85}\u{f0000}\"\\\r\n"] }));
    let ran = sdk.run("odd");
    assert_eq!(ran["error"], Value::Null);
    let common = ["x:\u{fffd}y", "ü:\u{1f600}\u{85}\u{f0000}\"\\\r\n"];
    let tags = json!([common[0], common[1], "tag:a\u{fffd}b"]);
    assert_eq!(ran["metrics"][0]["tags"], tags);
    assert_eq!(ran["metrics"][0]["hostname"], "h\u{fffd}");
    assert_eq!(ran["service_checks"][0]["tags"], tags);
    assert_eq!(ran["service_checks"][0]["message"], "me\u{fffd}ssage");
    let event = &ran["events"][0];
    assert_eq!(event["msg_title"], "ti\u{fffd}tle");
    assert_eq!(event["tags"], json!([common[0], common[1], "e\u{fffd}:\u{fffd}"]));
    assert_eq!(ran["logs"][0]["message"], "lo\u{fffd}g");
    assert_eq!(ran["warnings"], json!(["wa\u{fffd}rn"]));
    assert_eq!(ran["metadata"], json!({ "na\u{fffd}me": "va\u{fffd}lue" }));
    sdk.end();
}

#[test]
fn an_agent_that_fails_at_a_sample_is_given_the_rest() {
    let Some(mut sdk) = host(&["kinds"]) else { return };
    made(&mut sdk, "kinds", &json!({}));
    sdk.be(json!({ "fails_at": "kinds.count" }));
    let ran = sdk.run("kinds");
    assert_eq!(ran["error"], "the aggregator is gone");
    assert_eq!(ran["metrics"].as_array().map(Vec::len), Some(2));
    assert_eq!(ran["service_checks"].as_array().map(Vec::len), Some(3));
    assert_eq!(ran["events"].as_array().map(Vec::len), Some(2));
    assert_eq!(ran["logs"].as_array().map(Vec::len), Some(2));
    assert_eq!(ran["warnings"][0], "beware");
    assert_eq!(ran["diagnoses"][0]["result"], 0);
    sdk.end();
}

#[test]
fn a_cache_is_kept_where_the_agent_keeps_those_of_its_checks() {
    let Some(mut sdk) = host(&["remembers"]) else { return };
    for seen in [1.0, 3.0] {
        // Another object for the same instance, as after a restart of the Agent.
        made(&mut sdk, "remembers", &json!({ "tags": ["a:b"] }));
        for runs in [seen, seen + 1.0] {
            let ran = sdk.run("remembers");
            assert_eq!(ran["error"], Value::Null);
            assert_eq!(ran["metrics"][0]["value"], runs);
        }
        sdk.cancel("remembers");
    }
    sdk.end();
}
