//! Payloads and configurations that are made up, of few names and labels, so that what is configured is often there.

mod dice;
mod instance;
mod payload;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use dice::Dice;
use payload::Writer;

/// The families of a payload, with what the names of exporters are like.
const NAMES: [&str; 15] = [
    "app_jobs",
    "app_jobs_total",
    "app_lag_seconds",
    "queue",
    "queue_sum",
    "build_info",
    "target_info",
    "kube_pod_info",
    "kube_pod_status_phase",
    "go_goroutines",
    "go_memstats_alloc_bytes",
    "go_memstats_alloc_bytes_total",
    "http_request_duration_seconds",
    "process_start_time_seconds",
    "job:rate5m",
];

const LABELS: [&str; 12] = [
    "pod",
    "node",
    "code",
    "path",
    "version",
    "le",
    "quantile",
    "upper_bound",
    "lower_bound",
    "host",
    "endpoint",
    "state",
];

/// What a pair is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    /// `OpenMetrics`, and not the text format.
    pub openmetrics: bool,
    /// Anything may be wrong with the payload.
    pub any: bool,
}

/// A configuration and the payloads of runs, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub instance: Value,
    pub content_type: String,
    pub payloads: Vec<String>,
    pub strict: bool,
}

/// Pairs of a sort; strictly or not.
pub(crate) fn pair(sort: Sort, strict: bool) -> impl Strategy<Value = Pair> {
    vec(any::<u8>(), 0..1600).prop_map(move |bytes| made(&mut Dice::new(&bytes), sort, strict))
}

fn made(dice: &mut Dice<'_>, sort: Sort, strict: bool) -> Pair {
    let mut writer = Writer::new(dice, sort);
    let mut payloads = vec![writer.payload(dice)];
    for _ in 0..=dice.below(2) {
        let next = if dice.happens(60) { writer.payload(dice) } else { payloads[0].clone() };
        payloads.push(next);
    }
    let mut instance = instance::made(dice, sort, &writer.names);
    // What is lost there of quantiles whose names lose a prefix is not lost here.
    if !strict {
        instance["raw_metric_prefix"] = json!("");
    }
    Pair { instance, content_type: content_type(dice, sort, strict), payloads, strict }
}

fn content_type(dice: &mut Dice<'_>, sort: Sort, strict: bool) -> String {
    // Without a charset, their client takes a text for Latin 1.
    let charset = if strict { dice.one(&["; charset=utf-8", ""]) } else { "; charset=utf-8" };
    let media_type = match sort.openmetrics {
        true => "application/openmetrics-text; version=1.0.0",
        false => dice.one(&["text/plain; version=0.0.4", "text/html", "application/octet-stream"]),
    };
    format!("{media_type}{charset}")
}
