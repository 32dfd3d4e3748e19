//! `check --json` in the shape of `agent check --json`.

use serde_json::{Value, json};

use crate::run::{Directory, allwell};

fn without_time_and_host(mut value: Value, keys: &[&str]) -> Value {
    let object = value.as_object_mut().expect("an object");
    for key in keys {
        let removed = object.remove(*key).unwrap_or_else(|| panic!("`{key}` is there"));
        assert!(removed.as_u64().is_some_and(|time| time > 1_700_000_000) || removed.is_string());
    }
    value
}

#[test]
fn metrics_are_the_agents_series() {
    let ran = allwell(&["check", "shelf", "--json"]);
    assert_eq!(ran.code, 0);
    let instances = ran.json();
    assert_eq!(instances.as_array().map(Vec::len), Some(1));
    let mut first = instances[0]["aggregator"]["metrics"][0].clone();
    let time = first["points"][0][0].take();
    assert!(time.as_u64().is_some_and(|time| time > 1_700_000_000));
    assert_eq!(
        without_time_and_host(first, &["host"]),
        json!({
            "metric": "shelf.room",
            "points": [[null, 1_572_864.0]],
            "tags": ["name:upper"],
            "type": "gauge",
            "interval": 0,
            "source_type_name": "System",
        })
    );
    let sketch = &instances[0]["aggregator"]["sketches"][0];
    assert_eq!(sketch["metric"], "shelf.weight");
    assert_eq!(
        sketch["points"][0]["sketch"]["summary"],
        json!({ "Min": 2.5, "Max": 2.5, "Sum": 2.5, "Avg": 2.5, "Cnt": 1 })
    );
}

#[test]
fn every_run_adds_its_points() {
    let ran = allwell(&["check", "shelf", "--format", "json", "--times", "2"]).json();
    let metrics = ran[0]["aggregator"]["metrics"].as_array().expect("a list").clone();
    let of = |name: &str| metrics.iter().filter(|metric| metric["metric"] == name).count();
    assert_eq!(of("shelf.room"), 4);
    assert_eq!(of("shelf.read"), 2);
    assert_eq!(ran[0]["runner"]["TotalRuns"], 2);
    assert_eq!(ran[0]["runner"]["TotalMetricSamples"], 20);
    assert_eq!(ran[0]["runner"]["MetricSamples"], 10);
}

#[test]
fn service_checks_events_and_logs_carry_the_instances_tags() {
    let confd = Directory::with("guest.yaml", "instances: [{mood: loud, tags: ['a:b']}]");
    let ran = allwell(&["check", "guest", "--json", "--confd", confd.path()]).json();
    let aggregator = &ran[0]["aggregator"];
    assert_eq!(
        without_time_and_host(aggregator["service_checks"][0].clone(), &["timestamp", "host_name"]),
        json!({ "check": "guest.can_connect", "status": 0, "message": "", "tags": ["a:b", "room:12"] })
    );
    assert_eq!(
        without_time_and_host(aggregator["events"][0].clone(), &["timestamp", "host"]),
        json!({
            "msg_title": "a song",
            "msg_text": "la\nla",
            "priority": "normal",
            "alert_type": "info",
            "source_type_name": "guest",
            "tags": ["a:b", "room:12", "key:C"],
        })
    );
    assert_eq!(
        without_time_and_host(aggregator["logs"][0].clone(), &["timestamp"]),
        json!({ "message": "la la", "status": "info", "tags": ["a:b", "room:12", ] })
    );
    assert_eq!(aggregator.get("metrics"), None);
    assert_eq!(ran[0]["inventories"]["version.raw"], "1.2.3");
}

#[test]
fn the_runner_has_the_agents_statistics() {
    let confd = Directory::with("guest.yaml", "instances: [{mood: angry}]");
    let ran = allwell(&["check", "guest", "--json", "--confd", confd.path()]);
    assert_eq!(ran.code, 1);
    let runner = without_time_and_host(ran.json()[0]["runner"].clone(), &["UpdateTimestamp"]);
    assert_eq!(runner["ExecutionTimes"].as_array().map(Vec::len), Some(32));
    let source = format!("file:{}/guest.yaml", confd.path());
    let expected = json!({
        "CheckName": "guest",
        "CheckVersion": "0.1.0",
        "CheckConfigSource": source,
        "CheckID": "guest:726edc91b854e356",
        "Interval": 30_000_000_000_u64,
        "LongRunning": false,
        "Cancelling": false,
        "TotalRuns": 1,
        "TotalErrors": 1,
        "TotalWarnings": 0,
        "MetricSamples": 0,
        "Events": 0,
        "ServiceChecks": 1,
        "HistogramBuckets": 0,
        "TotalMetricSamples": 0,
        "TotalEvents": 0,
        "TotalServiceChecks": 1,
        "TotalHistogramBuckets": 0,
        "EventPlatformEvents": {},
        "TotalEventPlatformEvents": {},
        "ExecutionTimes": runner["ExecutionTimes"],
        "AverageExecutionTime": runner["AverageExecutionTime"],
        "LastExecutionTime": runner["LastExecutionTime"],
        "LastSuccessDate": 0,
        "LastError": "the guest left",
        "LastDelay": 0,
        "LastWarnings": [],
    });
    assert_eq!(runner, expected);
}

#[test]
fn an_instance_without_a_host_submits_none() {
    let confd = Directory::with("shelf.yaml", "instances: [{empty_default_hostname: true}]");
    let ran = allwell(&["check", "shelf", "--json", "--confd", confd.path()]).json();
    assert_eq!(ran[0]["aggregator"]["metrics"][0]["host"], "");
    assert_eq!(ran[0]["aggregator"]["service_checks"][0]["host_name"], "");
}
