//! Configurations, of the names and labels that payloads have.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::{LABELS, NAMES, Sort};

/// Options that are true or false, and how they are written.
const FLAGS: [&str; 11] = [
    "collect_histogram_buckets",
    "non_cumulative_histogram_buckets",
    "histogram_buckets_as_distributions",
    "collect_counters_with_distributions",
    "collect_histograms_as_distributions",
    "tag_by_endpoint",
    "enable_health_service_check",
    "cache_metric_wildcards",
    "cache_shared_labels",
    "use_process_start_time",
    "telemetry",
];
const EXPRESSIONS: [&str; 12] = [
    ".+",
    "^app_",
    "queue",
    "_total$",
    "^kube_pod_(info|status)",
    "^(?!go_|app_).+",
    r"\w+_bytes",
    "jobs?",
    "^[a-z]+_[a-z]+$",
    "(?i)QUEUE",
    "go_.{4,}",
    "[^_]+$",
];

/// A configuration for payloads of these families.
pub(super) fn made(dice: &mut Dice<'_>, sort: Sort, names: &[&'static str]) -> Value {
    let names = if names.is_empty() { &NAMES } else { names };
    let mut metrics: Vec<Value> = (0..=dice.below(4)).map(|_| entry(dice, sort, names)).collect();
    if !dice.happens(50) {
        metrics.push(json!(".+"));
    }
    let mut instance = Map::from_iter([(String::from("metrics"), json!(metrics))]);
    let mut set = |key: &str, value: Value| drop(instance.insert(key.to_owned(), value));
    set("namespace", json!(dice.one(&["", "ns", "kube.x"])));
    set("raw_metric_prefix", json!(dice.one(&["", "", "", "app_", "kube_"])));
    if dice.happens(20) {
        set("extra_metrics", json!([entry(dice, sort, names)]));
    }
    if dice.happens(25) {
        let excluded = [dice.one(names), dice.one(&EXPRESSIONS[1..])];
        set("exclude_metrics", json!(excluded[..=dice.below(2)]));
    }
    if dice.happens(20) {
        let values =
            dice.one(&[json!(true), json!(["2"]), json!(["^a$", "b"]), json!(["inf"]), json!([])]);
        set("exclude_metrics_by_labels", json!({ dice.one(&LABELS): values }));
    }
    lists(dice, &mut set);
    if dice.happens(25) {
        let renamed = dice.one(&["renamed", "kube_node", "pod"]);
        set("rename_labels", json!({ dice.one(&LABELS): renamed, "upper_bound": "le" }));
    }
    if dice.happens(25) {
        set("hostname_label", json!(dice.one(&LABELS)));
        set("hostname_format", json!(dice.one(&["", "<HOSTNAME>-x", "n.<HOSTNAME>.<HOSTNAME>"])));
    }
    let shares = dice.happens(35);
    if shares && !dice.happens(30) {
        set("share_labels", json!({ own_name(dice, sort, names): share(dice) }));
    }
    // Without samples, it makes an error there.
    if shares && !sort.any && dice.happens(40) {
        set("target_info", json!(true));
    }
    for flag in FLAGS {
        // Where a run fails, they count samples and order families in ways of their own.
        let is_delicate = matches!(flag, "telemetry" | "use_process_start_time");
        if dice.happens(12) && !(is_delicate && (sort.any || shares)) {
            set(flag, dice.one(&[json!(true), json!(false), json!("yes")]));
        }
    }
    if sort.openmetrics && dice.happens(20) {
        set("use_latest_spec", json!(true));
    }
    Value::Object(instance)
}

fn lists(dice: &mut Dice<'_>, set: &mut impl FnMut(&str, Value)) {
    set("tags", json!(dice.some(&["team:a", "env:prod", "pod:a", "plain", "a:b:c"], 25)));
    set("ignore_tags", json!(dice.some(&["^env", "a$", "team:.*"], 8)));
    set(
        "raw_line_filters",
        json!(dice.some(&["quantile=\"0.5\"", "^queue\\b", "# HELP", "le=\"0"], 6)),
    );
    if dice.happens(20) {
        set("exclude_labels", json!(dice.some(&LABELS, 20)));
    }
    if dice.happens(10) {
        set("include_labels", json!(dice.some(&LABELS, 40)));
    }
}

/// The name of a family as the check sees it.
fn own_name(dice: &mut Dice<'_>, sort: Sort, names: &[&'static str]) -> String {
    let name = dice.one(names);
    let name = if dice.happens(80) { name.strip_suffix("_total").unwrap_or(name) } else { name };
    let is_info = sort.openmetrics && dice.happens(50);
    let name = if is_info { name.strip_suffix("_info").unwrap_or(name) } else { name };
    name.to_owned()
}

fn share(dice: &mut Dice<'_>) -> Value {
    let mut share = Map::new();
    for key in ["match", "labels"] {
        if dice.happens(60) {
            share.insert(key.to_owned(), json!(dice.some(&LABELS, 15)));
        }
    }
    if dice.happens(30) {
        share.insert(String::from("values"), dice.one(&[json!([1]), json!([0, 1]), json!(["17"])]));
    }
    if dice.happens(20) { json!(true) } else { Value::Object(share) }
}

fn entry(dice: &mut Dice<'_>, sort: Sort, names: &[&'static str]) -> Value {
    let key = match dice.happens(25) {
        true => dice.one(&EXPRESSIONS).to_owned(),
        false => own_name(dice, sort, names),
    };
    match dice.below(10) {
        0..3 => json!(key),
        3..5 => json!({ key: dice.one(&["renamed", "a.b.c"]) }),
        _ => json!({ key: typed(dice, sort) }),
    }
}

fn typed(dice: &mut Dice<'_>, sort: Sort) -> Value {
    let metadata = dice.one(&["version", "release"]);
    let statuses = dice.one(&[
        json!({"0": "OK", "1": "WARNING", "2": "CRITICAL"}),
        json!({"1": "ok", "17": "unknown"}),
    ]);
    dice.one(&[
        json!({"type": "gauge"}),
        json!({"type": "counter"}),
        json!({"type": "rate"}),
        json!({"type": "counter_gauge"}),
        json!({"type": "summary"}),
        json!({"type": "histogram"}),
        json!({"type": "gauge", "name": "given.name"}),
        json!({"name": "only_name"}),
        json!({}),
        json!({"type": "temporal_percent", "scale": "Millisecond"}),
        json!({"type": "temporal_percent", "scale": 7}),
        json!({"type": "service_check", "status_map": statuses}),
        json!({"type": "native"}),
        // Of samples without the label it makes an error there.
        match sort.openmetrics && !sort.any {
            true => json!({"type": "gauge", "name": metadata}),
            false => json!({"type": "metadata", "label": "version", "name": metadata}),
        },
    ])
}
