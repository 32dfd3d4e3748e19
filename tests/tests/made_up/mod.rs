//! Payloads and configurations that are made up, of few names and labels, so that what is configured is often there.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

const NAMES: [&str; 7] = [
    "app_jobs",
    "app_jobs_total",
    "app_lag_seconds",
    "queue",
    "queue_sum",
    "build_info",
    "target_info",
];
const TYPES: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];
const LABELS: [&str; 5] = ["pod", "node", "code", "path", "version"];
const VALUES: [&str; 7] = ["a", "b", "web-1", "", "/x/{id}", "200", "née"];
const NUMBERS: [&str; 12] =
    ["0", "1", "2", "17", "1.5", "-3", "1e3", "1.5e-7", "NaN", "+Inf", "123456789012", "0.1"];

/// A configuration and a payload.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub instance: Value,
    pub content_type: String,
    pub payload: String,
    pub strict: bool,
}

/// Pairs with any payload, or with one in which nothing is wrong.
pub(crate) fn pair(any: bool) -> impl Strategy<Value = Pair> {
    let names = match any {
        true => vec(select(NAMES.to_vec()), 0..6).boxed(),
        // Each family once: a type that comes after samples is wrong.
        false => subsequence(NAMES.to_vec(), 0..=NAMES.len()).prop_shuffle().boxed(),
    };
    let payload = names.prop_flat_map(move |names| {
        names.into_iter().map(|name| family(name, any)).collect::<Vec<_>>()
    });
    let payload = payload.prop_map(|families| families.concat());
    let end = if any { select(vec!["", "# EOF\n", "\n"]).boxed() } else { Just("# EOF\n").boxed() };
    (instance(any), payload, proptest::bool::ANY, end).prop_map(
        move |(mut instance, text, openmetrics, end)| {
            // A charset, since their client takes text without one for Latin 1.
            let content_type = match openmetrics && any {
                true => "application/openmetrics-text; version=1.0.0; charset=utf-8",
                false => "text/plain; version=0.0.4; charset=utf-8",
            };
            // What is lost there of quantiles whose names lose a prefix is not lost here.
            if !any {
                instance["raw_metric_prefix"] = json!("");
            }
            let payload = format!("{text}{end}");
            Pair { instance, content_type: content_type.to_owned(), payload, strict: any }
        },
    )
}

fn labels() -> impl Strategy<Value = Vec<String>> {
    let label = |name: &'static str| {
        select(VALUES.to_vec()).prop_map(move |value| format!("{name}=\"{value}\""))
    };
    subsequence(LABELS.to_vec(), 0..4)
        .prop_flat_map(move |names| names.into_iter().map(label).collect::<Vec<_>>())
}

fn family(name: &'static str, any: bool) -> impl Strategy<Value = String> {
    let series = vec((labels(), vec(select(NUMBERS.to_vec()), 6)), 1..4);
    let noise = option::weighted(
        if any { 0.3 } else { 0.01 },
        select(vec![
            "app_jobs{pod=\"a\" 1\n",
            "queue\t4 1700000000000\n",
            "# TYPE app.jobs gauge\n",
            "# HELP queue\n",
            "queue{pod=\"x\\\"y\\\\z\\n\"} 3\n",
            "queue{pod = \"a\" , node=\"b\",} 3 1700000000000\n",
            "app_jobs_created{pod=\"a\"} 1.5\n",
            "{\"app.jobs\",pod=\"a\"} 1\n",
            "queue much\n",
            "queue_bucket 4\n",
            "# a comment\n",
            "\n",
            "queue 1 # {trace=\"x\"} 1\n",
        ]),
    );
    (select(TYPES.to_vec()), proptest::bool::ANY, series, noise).prop_map(
        move |(kind, help, series, noise)| {
            // What becomes of its labels changes those of all others there.
            let kind = if name == "target_info" { "gauge" } else { kind };
            let mut text = String::new();
            if help {
                writeln!(text, "# HELP {name} Help, \"quoted\".").expect("a string takes it");
            }
            // In the text format a counter has its ending in both places, or in neither.
            writeln!(text, "# TYPE {name} {kind}").expect("a string takes it");
            for (labels, numbers) in series {
                samples(&mut text, name, kind, &labels, &numbers);
            }
            text + noise.filter(|_| any).unwrap_or_default()
        },
    )
}

fn samples(text: &mut String, name: &str, kind: &str, labels: &[String], numbers: &[&str]) {
    let mut add = |ending: &str, extra: Option<String>, number: &str| {
        let all: Vec<String> = labels.iter().cloned().chain(extra).collect();
        let block = if all.is_empty() { String::new() } else { format!("{{{}}}", all.join(",")) };
        writeln!(text, "{name}{ending}{block} {number}").expect("a string takes it");
    };
    match kind {
        "histogram" => {
            for (bound, number) in ["0", "0.5", "10", "1e-05", "+Inf"].iter().zip(numbers) {
                add("_bucket", Some(format!("le=\"{bound}\"")), number);
            }
            add("_sum", None, numbers[5]);
            add("_count", None, numbers[4]);
        }
        "summary" => {
            for (quantile, number) in ["0.5", "0.99", "1"].iter().zip(numbers) {
                add("", Some(format!("quantile=\"{quantile}\"")), number);
            }
            add("_sum", None, numbers[4]);
            add("_count", None, numbers[5]);
        }
        _ => add("", None, numbers[0]),
    }
}

fn instance(any: bool) -> impl Strategy<Value = Value> {
    let metrics = vec(metric(any), 1..4);
    let flags = subsequence(
        vec![
            "collect_histogram_buckets",
            "non_cumulative_histogram_buckets",
            "histogram_buckets_as_distributions",
            "collect_counters_with_distributions",
            "collect_histograms_as_distributions",
            "tag_by_endpoint",
            "enable_health_service_check",
            "cache_shared_labels",
            "cache_metric_wildcards",
        ],
        0..4,
    );
    let flags = (flags, proptest::bool::ANY);
    let texts = (
        select(vec!["", "ns"]),
        select(vec!["", "", "app_"]),
        select(vec!["", "", "node"]),
        select(vec!["", "<HOSTNAME>.example"]),
    );
    let lists = (
        subsequence(vec!["queue", "app_.+", "jobs", "^build"], 0..2),
        subsequence(LABELS.to_vec(), 0..2),
        subsequence(LABELS.to_vec(), 0..2),
        subsequence(vec!["team:a", "env:prod", "pod:a"], 0..3),
        subsequence(vec!["^env", "a$"], 0..2),
        subsequence(vec!["quantile=\"0.5\"", "^queue\\b"], 0..2),
    );
    let maps = (
        option::of(select(vec![
            json!({"build_info": {"match": ["pod"], "labels": ["version"]}}),
            json!({"build_info": true}),
            json!({"build_info": {"labels": ["version"], "values": [1]}}),
            json!({"queue": {"match": ["pod", "node"]}}),
            // Not in `share_labels`: the labels of `target_info`, by the option of that name.
            json!(true),
        ])),
        option::of(select(vec![
            json!({"code": ["2"]}),
            json!({"path": true}),
            json!({"upper_bound": ["^inf$"]}),
        ])),
        option::of(select(vec![
            json!({"pod": "pod_name"}),
            json!({"upper_bound": "le", "node": "kube_node"}),
        ])),
    );
    (metrics, flags, texts, lists, maps).prop_map(
        |(metrics, (flags, value), texts, lists, maps)| {
            let mut instance = json!({
                "metrics": metrics,
                "namespace": texts.0,
                "raw_metric_prefix": texts.1,
                "hostname_label": texts.2,
                "hostname_format": texts.3,
                "exclude_metrics": lists.0,
                "exclude_labels": lists.1,
                "include_labels": lists.2,
                "tags": lists.3,
                "ignore_tags": lists.4,
                "raw_line_filters": lists.5,
            });
            let keys = ["share_labels", "exclude_metrics_by_labels", "rename_labels"];
            for (key, value) in keys.iter().zip([maps.0, maps.1, maps.2]) {
                match value {
                    Some(Value::Bool(_)) => instance["target_info"] = json!(true),
                    Some(value) => instance[key] = value,
                    None => {}
                }
            }
            for flag in flags {
                instance[flag] = json!(value);
            }
            instance
        },
    )
}

fn metric(any: bool) -> impl Strategy<Value = Value> {
    let name = || select(NAMES.to_vec());
    let typed = select(vec![
        json!({"type": "counter"}),
        json!({"type": "gauge"}),
        json!({"type": "rate"}),
        json!({"type": "counter_gauge"}),
        // Of families without a type it makes an error there.
        json!({"type": if any { "native_dynamic" } else { "native" }}),
        json!({"type": "temporal_percent", "scale": "millisecond"}),
        json!({"type": "temporal_percent", "scale": 7}),
        json!({"type": "service_check", "status_map": {"0": "OK", "1": "WARNING", "2": "CRITICAL"}}),
    ]);
    prop_oneof![
        2 => Just(json!(".+")),
        2 => name().prop_map(|name| json!(name)),
        1 => name().prop_map(|name| json!({name: "renamed"})),
        1 => Just(json!({"^app_": {"type": "gauge"}})),
        2 => (name(), typed).prop_map(|(name, typed)| json!({name: typed})),
    ]
}
