//! What a run has submitted, in the rows of Datadog's own record of it.

use allwell::metric::{Bucket, Declared, Kind};
use allwell::testing::Run;
use serde_json::{Value, json};

/// Everything that a run has submitted, sorted, in rows as [`expected`] gives them.
pub fn of_run(run: &Run) -> Vec<String> {
    let metrics = run.metrics.iter().map(|metric| {
        let Declared::Metric { kind, .. } = metric.declared else { unreachable!("a metric") };
        let host = metric.host.as_deref().unwrap_or_default();
        let flushes = metric.flush_first_value;
        row("metric", &json!([metric.name, number(kind), metric.value, metric.tags, host, flushes]))
    });
    let buckets = run.buckets.iter().map(|bucket| {
        let Bucket { count, lower, upper, monotonic, .. } = bucket.bucket;
        let host = bucket.host.as_deref().unwrap_or_default();
        let bounds = [bound(lower), bound(upper)];
        let flushes = bucket.flush_first_value;
        row(
            "bucket",
            &json!([
                bucket.name,
                count,
                bounds[0],
                bounds[1],
                monotonic,
                host,
                bucket.tags,
                flushes
            ]),
        )
    });
    let service_checks = run.service_checks.iter().map(|check| {
        let host = check.host.as_deref().unwrap_or_default();
        row("service check", &json!([check.name, check.status.number(), check.tags, host]))
    });
    sorted(metrics.chain(buckets).chain(service_checks))
}

/// Everything in the record of a run of Datadog's check. Tags that it submitted twice are there once, as in the Agent; so is what it
/// says with a status, which is in its own words, and a count that it submitted in pieces.
pub fn expected(run: &Value) -> Vec<String> {
    let rows = |key: &str| run[key].as_array().cloned().unwrap_or_default();
    let metrics = rows("metrics").into_iter().map(|mut metric| {
        let value = metric[2].as_str().and_then(|text| text.parse().ok()).or(metric[2].as_f64());
        metric[2] = json!(value);
        metric[3] = tags(&metric[3]);
        metric
    });
    let metrics = summed(metrics).into_iter().map(|metric| row("metric", &metric));
    let buckets = rows("buckets").into_iter().map(|mut bucket| {
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number")]
        let count = bucket[1].as_f64().unwrap_or_default() as i64;
        bucket[1] = json!(count);
        bucket[2] = bound_of(&bucket[2]);
        bucket[3] = bound_of(&bucket[3]);
        bucket[6] = tags(&bucket[6]);
        row("bucket", &bucket)
    });
    let service_checks = rows("service_checks")
        .into_iter()
        .map(|check| row("service check", &json!([check[0], check[1], tags(&check[2]), check[3]])));
    sorted(metrics.chain(buckets).chain(service_checks))
}

/// Counts of one name, tags and host are one.
fn summed(metrics: impl Iterator<Item = Value>) -> Vec<Value> {
    let is_count = |metric: &Value| metric[1] == number(Kind::Count);
    let mut all: Vec<Value> = Vec::new();
    for metric in metrics {
        let same =
            |own: &&mut Value| [0, 1, 3, 4].iter().all(|place| own[*place] == metric[*place]);
        let sum = |own: &Value| own[2].as_f64().zip(metric[2].as_f64()).map(|(a, b)| a + b);
        match all.iter_mut().find(same).filter(|_| is_count(&metric)) {
            Some(own) => own[2] = json!(sum(own)),
            None => all.push(metric),
        }
    }
    // A count of nothing is none.
    all.retain(|metric| !is_count(metric) || metric[2] != 0.0);
    all
}

/// The rows of one side that the other lacks, each after a sign; a few of them.
pub fn difference(ours: &[String], theirs: &[String]) -> Vec<String> {
    let missing = without(theirs, ours).into_iter().map(|row| format!("- {row}"));
    let surplus = without(ours, theirs).into_iter().map(|row| format!("+ {row}"));
    missing.take(8).chain(surplus.take(8)).collect()
}

fn without(rows: &[String], others: &[String]) -> Vec<String> {
    let mut others = others.to_vec();
    let mut left = Vec::new();
    for row in rows {
        match others.binary_search(row) {
            Ok(found) => drop(others.remove(found)),
            Err(_) => left.push(row.clone()),
        }
    }
    left
}

fn sorted(rows: impl Iterator<Item = String>) -> Vec<String> {
    let mut rows: Vec<String> = rows.collect();
    rows.sort();
    rows
}

fn row(what: &str, row: &Value) -> String {
    format!("{what} {row}")
}

fn tags(tags: &Value) -> Value {
    let tags = tags.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut tags: Vec<&str> = tags.collect();
    tags.sort_unstable();
    tags.dedup();
    json!(tags)
}

/// Infinity is no number of JSON.
fn bound(bound: f64) -> Value {
    if bound.is_finite() { json!(bound) } else { json!(bound.to_string()) }
}

fn bound_of(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), |number| json!(number))
}

/// The Agent's number of a kind.
fn number(kind: Kind) -> u8 {
    match kind {
        Kind::Gauge => 0,
        Kind::Rate => 1,
        Kind::Count => 2,
        Kind::MonotonicCount => 3,
        Kind::Histogram => 5,
        Kind::Distribution => 255,
    }
}
