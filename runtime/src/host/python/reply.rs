//! All that a run yields, in one piece of memory that Python takes apart column by column.
//!
//! Numbers have the machine's own order of bytes. A head of six `u64` says how much follows: samples, buckets, scopes, bytes of their texts,
//! bytes of the list of metrics, bytes of all else. Then come, each as often as there are such things:
//!
//! | what | of each | type |
//! | --- | --- | --- |
//! | value | sample | `f64` |
//! | lower bound, upper bound | bucket | `f64` |
//! | count | bucket | `i64` |
//! | metric, scope | sample | `u32` |
//! | metric, scope | bucket | `u32` |
//! | end of its text | scope | `u32` |
//! | the texts of scopes | | UTF-8 |
//! | the list of metrics | | JSON |
//! | all else | | JSON |
//!
//! A scope is a set of tags and a host; its text is the tags, a NUL after each, and the host. A metric is a place in the list of metrics, each
//! of which is its kind, its name, and whether a first value counts. Columns of one kind are one behind the other: all first bounds, then all second
//! ones. What is between the numbers and the rest is the same in two runs that submit the same, so that Python need not read it again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::CStr;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use serde_json::{Map, Value, json};

use crate::host::receiver::{EventTexts, Level, MetricType, Receiver, Scope, narrowed};
use crate::host::text::whole;
use crate::metric::{Bucket, Log, Tags};

/// Gathers what a run yields.
#[derive(Default)]
pub(super) struct Reply(RefCell<Gathered>);

#[derive(Default)]
struct Gathered {
    samples: Columns,
    values: Vec<f64>,
    buckets: Columns,
    lower: Vec<f64>,
    upper: Vec<f64>,
    counts: Vec<i64>,
    scopes: Scopes,
    metrics: Metrics,
    said: Said,
}

/// What each sample or bucket is of.
#[derive(Default)]
struct Columns {
    metrics: Vec<u32>,
    scopes: Vec<u32>,
}

/// Tags and hosts, the same ones in succession once.
#[derive(Default)]
struct Scopes {
    texts: Vec<u8>,
    /// Where the text of the last one begins.
    last: usize,
    ends: Vec<u32>,
}

/// Metrics, each once.
#[derive(Default)]
struct Metrics {
    places: HashMap<Vec<u8>, u32, FixedState>,
    key: Vec<u8>,
    rows: Vec<Value>,
}

/// What there is little of.
#[derive(Default)]
struct Said {
    service_checks: Vec<Value>,
    events: Vec<Value>,
    logs: Vec<Value>,
    warnings: Vec<Value>,
    metadata: Map<String, Value>,
    beyond_limit: u64,
    cache: Option<String>,
}

impl Scopes {
    fn add(&mut self, scope: Scope<'_>) -> u32 {
        if !self.is_last(scope) || self.ends.is_empty() {
            self.last = self.texts.len();
            self.texts.extend(scope.tags.texts().flatten());
            self.texts.extend_from_slice(scope.host.to_bytes());
            self.ends.push(position(self.texts.len()));
        }
        position(self.ends.len() - 1)
    }

    fn is_last(&self, scope: Scope<'_>) -> bool {
        let last = &self.texts[self.last..];
        let rest = scope.tags.texts().try_fold(last, |rest, text| rest.strip_prefix(text));
        rest == Some(scope.host.to_bytes())
    }
}

impl Metrics {
    /// The place of a metric; `kind` is the Agent's number of it, or that of [`kind_of_buckets`].
    fn add(&mut self, kind: i32, name: &CStr, flush_first: bool) -> u32 {
        self.key.clear();
        self.key.extend_from_slice(name.to_bytes());
        self.key.extend_from_slice(&kind.to_ne_bytes());
        self.key.push(flush_first.into());
        if let Some(place) = self.places.get(&self.key) {
            return *place;
        }
        let place = position(self.rows.len());
        self.rows.push(json!([kind, text(name), flush_first]));
        self.places.insert(self.key.clone(), place);
        place
    }
}

/// What stands for the kind of a metric that comes in buckets, beyond the Agent's numbers of kinds. Its lowest bit says that it is monotonic.
const BUCKET: i32 = 8;

fn kind_of_buckets(bucket: &Bucket) -> i32 {
    BUCKET | i32::from(bucket.monotonic)
}

impl Reply {
    fn say(&self, say: impl FnOnce(&mut Said)) {
        say(&mut self.0.borrow_mut().said);
    }

    /// Only what the user should know.
    pub(super) fn into_warnings(self) -> Vec<Value> {
        self.0.into_inner().said.warnings
    }

    /// All of it, and the error with which the run has ended.
    pub(super) fn into_bytes(self, error: Option<&str>) -> Vec<u8> {
        let Gathered { samples, values, buckets, lower, upper, counts, scopes, metrics, said } =
            self.0.into_inner();
        let said = json!({
            "service_checks": said.service_checks,
            "events": said.events,
            "logs": said.logs,
            "warnings": said.warnings,
            "metadata": said.metadata,
            "beyond_limit": said.beyond_limit,
            "cache": said.cache,
            "error": error.map(whole),
        });
        let [metrics, said] = [Value::from(metrics.rows), said].map(|json| json.to_string());
        let texts = [&*scopes.texts, metrics.as_bytes(), said.as_bytes()];
        let [of_scopes, of_metrics, of_rest] = texts.map(<[u8]>::len);
        let lengths =
            [values.len(), counts.len(), scopes.ends.len(), of_scopes, of_metrics, of_rest];
        let room = 48 + 16 * values.len() + 32 * counts.len() + 4 * scopes.ends.len();
        let mut out = Vec::with_capacity(room + of_scopes + of_metrics + of_rest);
        out.extend(lengths.iter().flat_map(|length| (*length as u64).to_ne_bytes()));
        for column in [&values, &lower, &upper] {
            out.extend(column.iter().flat_map(|value| value.to_ne_bytes()));
        }
        out.extend(counts.iter().flat_map(|count| count.to_ne_bytes()));
        let places =
            [&samples.metrics, &samples.scopes, &buckets.metrics, &buckets.scopes, &scopes.ends];
        for column in places {
            out.extend(column.iter().flat_map(|place| place.to_ne_bytes()));
        }
        for text in texts {
            out.extend_from_slice(text);
        }
        out
    }
}

impl Receiver for Reply {
    /// The Agent commits what a check in Python has submitted however it ends.
    fn keeps_failed_runs(&self) -> bool {
        true
    }

    fn honours_common_options(&self) -> bool {
        true
    }

    fn closes_instances(&self) -> bool {
        true
    }

    /// The base class keeps one text for us.
    fn cache(&self, entries: &BTreeMap<String, String>) {
        self.say(|said| said.cache = Some(json!(entries).to_string()));
    }

    fn metric(
        &self,
        kind: MetricType,
        name: &CStr,
        value: f64,
        scope: Scope<'_>,
        flush_first: bool,
    ) {
        let Gathered { samples, values, scopes, metrics, .. } = &mut *self.0.borrow_mut();
        samples.metrics.push(metrics.add(kind.number(), name, flush_first));
        samples.scopes.push(scopes.add(scope));
        values.push(value);
    }

    /// A bucket of no width with one value in it, as for the Agent's loader.
    fn distribution(&self, name: &CStr, value: f64, scope: Scope<'_>) {
        let bound = f64::from(narrowed(value));
        let bucket = Bucket {
            count: 1,
            lower: bound,
            upper: bound,
            monotonic: false,
            told_by_bounds: false,
        };
        self.bucket(name, &bucket, scope, false);
    }

    fn bucket(&self, name: &CStr, bucket: &Bucket, scope: Scope<'_>, flush_first: bool) {
        let Gathered { buckets, lower, upper, counts, scopes, metrics, .. } =
            &mut *self.0.borrow_mut();
        buckets.metrics.push(metrics.add(kind_of_buckets(bucket), name, flush_first));
        buckets.scopes.push(scopes.add(scope));
        lower.push(bucket.lower);
        upper.push(bucket.upper);
        counts.push(bucket.count);
    }

    fn service_check(&self, name: &CStr, status: u8, scope: Scope<'_>, message: &CStr) {
        let (tags, host) = (tags_of(scope), text(scope.host));
        let check = json!([text(name), status, tags, host, text(message)]);
        self.say(|said| said.service_checks.push(check));
    }

    fn event(&self, event: &EventTexts<'_>) {
        let mut row = json!({
            "msg_title": text(event.title),
            "msg_text": text(event.text),
            "timestamp": event.timestamp,
            "priority": text(event.priority),
            "host": text(event.scope.host),
            "tags": tags_of(event.scope),
            "alert_type": text(event.alert_type),
            "source_type_name": text(event.source_type_name),
        });
        let optional =
            [("aggregation_key", event.aggregation_key), ("event_type", event.event_type)];
        for (name, value) in optional {
            if let Some(value) = value {
                row[name] = text(value);
            }
        }
        self.say(|said| said.events.push(row));
    }

    /// It goes to Datadog's logs, with the tags of its instance and its own.
    fn log_line(&self, log: &Log, tags: Tags<'_>) {
        let tags: Vec<_> = tags.chain(log.tags.iter().map(String::as_str)).map(whole).collect();
        let row = json!({
            "message": whole(&log.message),
            "status": log.status.as_deref().map(whole),
            "timestamp_ms": log.timestamp_ms,
            "tags": tags,
        });
        self.say(|said| said.logs.push(row));
    }

    fn warn(&self, message: &str) {
        self.say(|said| said.warnings.push(whole(message).into()));
    }

    fn beyond_limit(&self, count: u64) {
        self.say(|said| said.beyond_limit = count);
    }

    fn metadata(&self, name: &str, value: &str) {
        self.say(|said| {
            said.metadata.insert(whole(name).into_owned(), whole(value).into());
        });
    }

    /// What would be told there is the error or a warning of the run here.
    fn log(&self, _: Level, _: &str) -> bool {
        false
    }
}

fn text(text: &CStr) -> Value {
    text.to_string_lossy().into()
}

fn tags_of(scope: Scope<'_>) -> Vec<Value> {
    let texts = scope.tags.texts();
    texts.map(|tag| String::from_utf8_lossy(&tag[..tag.len() - 1]).into()).collect()
}

/// A place in a reply. A run's text and tags stay far below 4 GiB; beyond it, places would wrap.
fn position(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::text::TagList;
    use crate::metric::{Batch, Limits};

    /// A reply in columns again.
    struct Read<'r> {
        rest: &'r [u8],
    }

    impl<'r> Read<'r> {
        fn bytes(&mut self, count: usize) -> &'r [u8] {
            let (taken, rest) = self.rest.split_at(count);
            self.rest = rest;
            taken
        }

        fn column<const N: usize, T>(&mut self, count: usize, of: fn([u8; N]) -> T) -> Vec<T> {
            let bytes = self.bytes(count * N);
            bytes.chunks_exact(N).map(|bytes| of(bytes.try_into().expect("so many"))).collect()
        }
    }

    #[test]
    fn what_is_of_one_scope_in_succession_has_its_texts_once() {
        let reply = Reply::default();
        let batch = Batch::new(["a:1"], Limits::default());
        let mut tags = TagList::of(&batch);
        for (place, host) in [c"", c"", c"h"].into_iter().enumerate() {
            let scope = Scope { tags: &tags, host };
            reply.metric(MetricType::Gauge, c"m.g", 1.5, scope, false);
            reply.metric(MetricType::MonotonicCount, c"m.t", 2.0, scope, place == 2);
        }
        tags.add_to_common(["b:2"].into_iter());
        reply.distribution(c"m.d", f64::MAX, Scope { tags: &tags, host: c"h" });
        tags.add_to_common(std::iter::empty());
        let bucket = Bucket {
            count: 3,
            lower: 0.5,
            upper: f64::INFINITY,
            monotonic: true,
            told_by_bounds: false,
        };
        reply.bucket(c"m.b", &bucket, Scope { tags: &tags, host: c"h" }, true);
        reply.metric(MetricType::Gauge, c"m.g", -0.0, Scope { tags: &tags, host: c"h" }, false);

        let bytes = reply.into_bytes(Some("an error"));
        let mut read = Read { rest: &bytes };
        let head = read.column(6, u64::from_ne_bytes);
        assert_eq!(head[..3], [7, 2, 4]);
        let length = |place: usize| usize::try_from(head[place]).expect("a length");
        let values = read.column(7, f64::from_ne_bytes);
        assert_eq!(values, [1.5, 2.0, 1.5, 2.0, 1.5, 2.0, 0.0]);
        let greatest = f64::from(f32::MAX);
        assert_eq!(read.column(2, f64::from_ne_bytes), [greatest, 0.5]);
        assert_eq!(read.column(2, f64::from_ne_bytes), [greatest, f64::INFINITY]);
        assert_eq!(read.column(2, i64::from_ne_bytes), [1, 3]);
        assert_eq!(read.column(7, u32::from_ne_bytes), [0, 1, 0, 1, 0, 2, 0], "metrics");
        assert_eq!(read.column(7, u32::from_ne_bytes), [0, 0, 0, 0, 1, 1, 3], "scopes");
        assert_eq!(read.column(2, u32::from_ne_bytes), [3, 4], "metrics of buckets");
        assert_eq!(read.column(2, u32::from_ne_bytes), [2, 3], "scopes of buckets");
        let ends = read.column(4, u32::from_ne_bytes);
        let texts = read.bytes(length(3));
        assert_eq!(texts, b"a:1\0a:1\0ha:1\0b:2\0ha:1\0h");
        assert_eq!(ends, [4, 9, 18, 23]);
        let metrics: Value = serde_json::from_slice(read.bytes(length(4))).expect("JSON");
        assert_eq!(
            metrics,
            json!([
                [0, "m.g", false],
                [3, "m.t", false],
                [3, "m.t", true],
                [8, "m.d", false],
                [9, "m.b", true]
            ])
        );
        assert_eq!(read.rest.len(), length(5));
        let said: Value = serde_json::from_slice(read.rest).expect("JSON");
        assert_eq!(said["error"], "an error");
    }

    #[test]
    fn a_reply_of_nothing_has_columns_of_nothing() {
        let bytes = Reply::default().into_bytes(None);
        let mut read = Read { rest: &bytes };
        let head = read.column(6, u64::from_ne_bytes);
        assert_eq!(head, [0, 0, 0, 0, 2, bytes.len() as u64 - 50]);
        assert_eq!(read.bytes(2), b"[]");
        let said: Value = serde_json::from_slice(read.rest).expect("JSON");
        assert_eq!(said["error"], Value::Null);
    }
}
