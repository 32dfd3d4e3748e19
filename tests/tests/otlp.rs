//! OTLP as OpenTelemetry's own Python package reads it: every value, unit, description, attribute and time, over HTTP and gRPC.

use std::collections::{BTreeMap, HashMap};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use allwell::aggregate::{Sampler, Sketch};
use allwell::config::Secret;
use allwell::http::HttpOptions;
use allwell::metric::{AlertType, Batch, Event, Limits, Log, Status};
use allwell::output::forward::{Backoff, ForwardOptions, SpoolOptions};
use allwell::output::otlp::{
    Destination, EncodingOptions, HistogramForm, Otlp, Protocol, ReceiverOptions, Temporality,
};
use allwell::output::{Amount, Catalogue, Delivery, Output, ServiceCheckPoint};
use allwell::prelude::*;
use allwell_tests::daemon::{Daemon, write};
use allwell_tests::{Authority, Door, OtlpReceiver};
use serde_json::{Value, json};
use tempfile::TempDir;

/// When the first run ended; the second one ended 15 seconds later.
const FIRST: i64 = 1_700_000_000;

/// The same in nanoseconds, as JSON has numbers of eight bytes.
const FIRST_NS: &str = "1700000000000000000";
const SECOND_NS: &str = "1700000015000000000";

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Shop {
    #[tag]
    lane: &'static str,
    /// Requests that wait.
    waiting: Gauge<Request>,
    /// Share of the shelves in use.
    in_use: Gauge<Fraction>,
    /// Requests since the start.
    served: MonotonicCount<Request>,
    /// Bytes that were sent.
    sent: Count<Byte>,
    /// Bytes that were read since the start.
    traffic: Rate<Byte>,
    /// What a request costs.
    cost: Gauge<Per<Cent, Request>>,
    /// How long requests take.
    latency: Distribution<Second>,
    /// How big requests are.
    size: Histogram<Byte>,
    /// OK if the shop is open, CRITICAL otherwise.
    open: ServiceCheck,
}

/// How long a request took, beside the one of the record.
#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct More {
    #[tag]
    lane: &'static str,
    /// How long requests take.
    latency: Distribution<Second>,
}

/// Two runs of an instance with the same values, but for those that grow.
fn runs() -> Vec<Arc<Delivery>> {
    let mut sampler = Sampler::new();
    let run = |(number, time): (u32, i64)| Arc::new(run(&mut sampler, number, time));
    [(1, FIRST), (2, FIRST + 15)].map(run).into()
}

fn run(sampler: &mut Sampler, number: u32, time: i64) -> Delivery {
    let tags = ["env:prod", "env:blue", "urgent"];
    let mut batch = Batch::new(tags, Limits::default());
    let shop = Shop {
        lane: "a:1",
        waiting: (number + 2).into(),
        in_use: 0.25.into(),
        served: (number * 5).into(),
        sent: (number * 10).into(),
        traffic: (number * 150).into(),
        cost: 2.5.into(),
        latency: 0.5.into(),
        size: 100.into(),
        open: Status::critical("nobody is there").into(),
    };
    shop.emit(&mut batch.emitter());
    for latency in [0.0, 2.0, 2.0] {
        More { lane: "a:1", latency: latency.into() }.emit(&mut batch.emitter());
    }
    sampler.add(&batch, time as f64);
    let flush = sampler.commit(time as f64);
    let service_checks = batch.service_checks();
    Delivery {
        check: "shop",
        instance: "shop:1".into(),
        host: Some("web-1".into()),
        time: time as f64 + 0.25,
        tags: tags.map(str::to_owned).into(),
        series: flush.series,
        sketches: flush.sketches,
        service_checks: service_checks
            .map(|one| ServiceCheckPoint::of(&one, time as f64))
            .collect(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

/// An event of another host, one that says little, and two log lines.
fn logs() -> Vec<Arc<Delivery>> {
    let mut delivery = run(&mut Sampler::new(), 1, FIRST);
    delivery.series.clear();
    delivery.sketches.clear();
    delivery.service_checks.clear();
    let mut event = Event::new("Moved", "All shelves are elsewhere").alert_type(AlertType::Warning);
    event = event.aggregation_key("move").low_priority().tag("lane", "b");
    event.event_type = Some("shop.moved".to_owned());
    event.timestamp = Some(1_699_999_990);
    event.host = Some("web-2".to_owned());
    delivery.events = vec![event, Event::new("Opened", "")];
    let mut log = Log::new("it burns");
    log.status = Some("Critical".to_owned());
    log.timestamp_ms = Some(1_699_999_999_123);
    log.tags = vec!["file:x.log".to_owned()];
    delivery.logs = vec![log, Log::new("nothing new")];
    vec![Arc::new(delivery)]
}

fn receiver_options(receiver: &OtlpReceiver, protocol: Protocol) -> ReceiverOptions {
    let address = |path: &str| match protocol {
        Protocol::HttpProtobuf => format!("http://127.0.0.1:{}{path}", receiver.http()),
        Protocol::Grpc => format!("http://127.0.0.1:{}", receiver.grpc()),
    };
    let headers: BTreeMap<_, _> = [("x-key".to_owned(), Secret::new("hidden"))].into();
    ReceiverOptions {
        protocol,
        metrics: Destination { address: address("/v1/metrics"), headers: headers.clone() },
        logs: Destination { address: address("/v1/logs"), headers },
        compressed: true,
        http: HttpOptions { skip_proxy: true, ..HttpOptions::default() },
    }
}

fn catalogue() -> Catalogue {
    let mut declared = Vec::new();
    <(Shop, More)>::DECLARATION.visit(&mut |descriptor, _| declared.push(descriptor));
    Catalogue::new(declared)
}

fn output(encoding: &EncodingOptions, receiver: ReceiverOptions) -> Otlp {
    let backoff = Backoff { base: Duration::from_millis(20), ..Backoff::default() };
    let forward = ForwardOptions { backoff, ..ForwardOptions::default() };
    let versions = HashMap::from([("shop", "1.2.3")]);
    Otlp::new(encoding, receiver, forward, Arc::new(catalogue()), versions)
        .expect("the options can be used")
}

/// Sends deliveries; what the receiver saw, and what became of it.
async fn sent(
    encoding: &EncodingOptions,
    protocol: Protocol,
    deliveries: &[Arc<Delivery>],
) -> Option<Value> {
    let mut receiver = OtlpReceiver::start()?;
    let output = output(encoding, receiver_options(&receiver, protocol));
    output.deliver(deliveries).await.expect("it takes everything");
    output.finish().await.expect("it ends well");
    assert_eq!(output.held(), allwell::output::Held::default());
    let seen = tokio::task::spawn_blocking(move || receiver.request()).await.expect("a request");
    Some(seen)
}

fn metric(seen: &Value, name: &str) -> Value {
    let metrics = seen["message"]["resource_metrics"][0]["scope_metrics"][0]["metrics"].as_array();
    let metrics = metrics.expect("there are metrics");
    let mut found: Vec<_> = metrics.iter().filter(|metric| metric["name"] == name).collect();
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0).clone()
}

fn attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"string_value": value}})
}

fn joined(some: &[Value], more: &[Value]) -> Vec<Value> {
    [some, more].concat()
}

/// Tags of everything: a key that is there twice, a tag without a value, and one with a colon in its value.
fn attributes() -> Value {
    let both = json!([{"string_value": "prod"}, {"string_value": "blue"}]);
    json!([
        {"key": "env", "value": {"array_value": {"values": both}}},
        {"key": "urgent", "value": {"bool_value": true}},
        attribute("lane", "a:1"),
    ])
}

fn resource(host: &str) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({"attributes": [
        attribute("host.name", host),
        attribute("service.name", "allwell"),
        attribute("service.version", version),
        attribute("telemetry.sdk.language", "rust"),
        attribute("telemetry.sdk.name", "allwell"),
        attribute("telemetry.sdk.version", version),
    ]})
}

/// Points of a gauge, at both times.
fn values(first: f64, second: f64) -> Value {
    json!({"data_points": [
        {"attributes": attributes(), "time_unix_nano": FIRST_NS, "as_double": first},
        {"attributes": attributes(), "time_unix_nano": SECOND_NS, "as_double": second},
    ]})
}

fn assert_gauges(seen: &Value) {
    let gauge = |name: &str, description: &str, unit: &str, gauge: Value| json!({"name": name, "description": description, "unit": unit, "gauge": gauge});
    let expected = [
        gauge("shop.waiting", "Requests that wait.", "{request}", values(3.0, 4.0)),
        gauge("shop.in_use", "Share of the shelves in use.", "1", values(0.25, 0.25)),
        gauge("shop.cost", "What a request costs.", "{cent}/{request}", values(2.5, 2.5)),
        gauge("shop.size.max", "How big requests are.", "By", values(100.0, 100.0)),
        gauge("shop.size.95percentile", "How big requests are.", "By", values(100.0, 100.0)),
        gauge("shop.size.count", "How big requests are.", "1/s", values(1.0, 1.0)),
        gauge(
            "shop.traffic",
            "Bytes that were read since the start.",
            "By/s",
            json!({"data_points": [
                {"attributes": attributes(), "time_unix_nano": SECOND_NS, "as_double": 10.0},
            ]}),
        ),
    ];
    for expected in expected {
        let name = expected["name"].as_str().expect("a name");
        assert_eq!(metric(seen, name), expected);
    }
}

fn assert_status(seen: &Value) {
    let point = |time: &str| {
        json!({
            "attributes": attributes(),
            "time_unix_nano": time,
            "as_int": "2",
            "exemplars": [{
                "time_unix_nano": time,
                "as_int": "2",
                "filtered_attributes": [attribute("message", "nobody is there")],
            }],
        })
    };
    let expected = json!({
        "name": "shop.open",
        "description": "OK if the shop is open, CRITICAL otherwise.",
        "unit": "1",
        "metadata": [attribute("allwell.kind", "service_check")],
        "gauge": {"data_points": [point(FIRST_NS), point(SECOND_NS)]},
    });
    assert_eq!(metric(seen, "shop.open"), expected);
}

fn sum(value: f64, start: &str, time: &str) -> Value {
    json!({
        "attributes": attributes(),
        "start_time_unix_nano": start,
        "time_unix_nano": time,
        "as_double": value,
    })
}

fn assert_sums(seen: &Value, temporality: u32, sent: &[Value; 2], served: &Value) {
    let counts = |points: &Value| json!({"data_points": points, "aggregation_temporality": temporality, "is_monotonic": true});
    let expected = json!({
        "name": "shop.sent",
        "description": "Bytes that were sent.",
        "unit": "By",
        "sum": counts(&json!(sent)),
    });
    assert_eq!(metric(seen, "shop.sent"), expected);
    let expected = json!({
        "name": "shop.served",
        "description": "Requests since the start.",
        "unit": "{request}",
        "sum": counts(&json!([served])),
    });
    assert_eq!(metric(seen, "shop.served"), expected);
}

/// A histogram of 0, 0.5, 2 and 2, so many times, at scale 8: 2 is the upper bound of bucket 255, and the middle of the bin
/// that 0.5 is in lies in bucket -258.
fn exponential(times: u64, start: &str, time: &str) -> Value {
    let mut counts = vec!["0".to_owned(); 514];
    counts[0] = times.to_string();
    counts[513] = (2 * times).to_string();
    json!({
        "attributes": attributes(),
        "start_time_unix_nano": start,
        "time_unix_nano": time,
        "count": (4 * times).to_string(),
        "sum": 4.5 * times as f64,
        "min": 0.0,
        "max": 2.0,
        "scale": 8,
        "zero_count": times.to_string(),
        "positive": {"offset": -258, "bucket_counts": counts},
    })
}

fn assert_exponential(seen: &Value, temporality: u32, points: &[Value; 2]) {
    let expected = json!({
        "name": "shop.latency",
        "description": "How long requests take.",
        "unit": "s",
        "exponential_histogram": {"aggregation_temporality": temporality, "data_points": points},
    });
    let mut found = metric(seen, "shop.latency");
    for point in found["exponential_histogram"]["data_points"].as_array_mut().expect("points") {
        // This reader of JSON may be off by the last bit of such a number.
        let threshold = point.as_object_mut().and_then(|point| point.remove("zero_threshold"));
        let threshold = threshold.and_then(|threshold| threshold.as_f64()).expect("a threshold");
        assert!((threshold / Sketch::log2_of_bin(1).exp2() - 1.0).abs() < 1e-15);
    }
    assert_eq!(found, expected);
}

fn assert_headers(seen: &Value, protocol: Protocol) {
    let headers = &seen["headers"];
    assert_eq!(headers["x-key"], "hidden");
    let agent = concat!("allwell/", env!("CARGO_PKG_VERSION"));
    assert_eq!(headers["user-agent"], agent);
    if protocol == Protocol::HttpProtobuf {
        assert_eq!(seen["path"], "/v1/metrics");
        assert_eq!(headers["content-type"], "application/x-protobuf");
        assert_eq!(headers["content-encoding"], "gzip");
    }
}

#[tokio::test]
async fn cumulative_metrics_are_read_as_they_are_meant() {
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let Some(seen) = sent(&EncodingOptions::default(), protocol, &runs()).await else { return };
        assert_headers(&seen, protocol);
        let of = &seen["message"]["resource_metrics"];
        assert_eq!(of.as_array().map(Vec::len), Some(1));
        assert_eq!(of[0]["resource"], resource("web-1"));
        assert_eq!(of[0]["scope_metrics"][0]["scope"], json!({"name": "shop", "version": "1.2.3"}));
        assert_gauges(&seen);
        assert_status(&seen);
        let first = sum(10.0, FIRST_NS, FIRST_NS);
        let served = sum(5.0, FIRST_NS, SECOND_NS);
        assert_sums(&seen, 2, &[first, sum(30.0, FIRST_NS, SECOND_NS)], &served);
        let both = [exponential(1, FIRST_NS, FIRST_NS), exponential(2, FIRST_NS, SECOND_NS)];
        assert_exponential(&seen, 2, &both);
    }
}

#[tokio::test]
async fn delta_metrics_are_read_as_they_are_meant() {
    let encoding =
        EncodingOptions { temporality: Temporality::Delta, ..EncodingOptions::default() };
    let Some(seen) = sent(&encoding, Protocol::HttpProtobuf, &runs()).await else { return };
    assert_gauges(&seen);
    let sent = [sum(10.0, FIRST_NS, FIRST_NS), sum(20.0, FIRST_NS, SECOND_NS)];
    assert_sums(&seen, 1, &sent, &sum(5.0, FIRST_NS, SECOND_NS));
    let both = [exponential(1, FIRST_NS, FIRST_NS), exponential(1, FIRST_NS, SECOND_NS)];
    assert_exponential(&seen, 1, &both);
}

#[tokio::test]
async fn distributions_may_have_explicit_buckets() {
    let histograms = HistogramForm::Explicit { bounds: vec![0.0, 1.0, 2.0] };
    let encoding = EncodingOptions { histograms, ..EncodingOptions::default() };
    let Some(seen) = sent(&encoding, Protocol::HttpProtobuf, &runs()[..1]).await else { return };
    let expected = json!({
        "name": "shop.latency",
        "description": "How long requests take.",
        "unit": "s",
        "histogram": {"aggregation_temporality": 2, "data_points": [{
            "attributes": attributes(),
            "start_time_unix_nano": FIRST_NS,
            "time_unix_nano": FIRST_NS,
            "count": "4",
            "sum": 4.5,
            "min": 0.0,
            "max": 2.0,
            "explicit_bounds": [0.0, 1.0, 2.0],
            "bucket_counts": ["1", "1", "2", "0"],
        }]},
    });
    assert_eq!(metric(&seen, "shop.latency"), expected);
}

#[tokio::test]
async fn events_and_logs_are_read_as_they_are_meant() {
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let Some(seen) = sent(&EncodingOptions::default(), protocol, &logs()).await else { return };
        let scope = json!({"name": "shop", "version": "1.2.3"});
        let tags = |own: &[Value]| {
            let both = json!([{"string_value": "prod"}, {"string_value": "blue"}]);
            let env = json!({"key": "env", "value": {"array_value": {"values": both}}});
            let urgent = json!({"key": "urgent", "value": {"bool_value": true}});
            joined(&[env, urgent], own)
        };
        let observed = "1700000000250000000";
        let moved = json!({
            "time_unix_nano": "1699999990000000000",
            "observed_time_unix_nano": observed,
            "severity_number": 13,
            "severity_text": "warning",
            "event_name": "shop.moved",
            "body": {"string_value": "All shelves are elsewhere"},
            "attributes": joined(&[
                attribute("allwell.event.title", "Moved"),
                attribute("allwell.event.priority", "low"),
                attribute("allwell.event.aggregation_key", "move"),
            ], &tags(&[attribute("lane", "b")])),
        });
        let opened = json!({
            "time_unix_nano": observed,
            "observed_time_unix_nano": observed,
            "severity_number": 9,
            "severity_text": "info",
            "event_name": "allwell.event",
            "body": {"string_value": "Opened"},
            "attributes": joined(&[
                attribute("allwell.event.title", "Opened"),
                attribute("allwell.event.priority", "normal"),
            ], &tags(&[])),
        });
        let burns = json!({
            "time_unix_nano": "1699999999123000000",
            "observed_time_unix_nano": observed,
            "severity_number": 18,
            "severity_text": "Critical",
            "body": {"string_value": "it burns"},
            "attributes": tags(&[attribute("file", "x.log")]),
        });
        let nothing = json!({
            "time_unix_nano": observed,
            "observed_time_unix_nano": observed,
            "severity_number": 9,
            "severity_text": "info",
            "body": {"string_value": "nothing new"},
            "attributes": tags(&[]),
        });
        let expected = json!({"resource_logs": [
            {"resource": resource("web-2"), "scope_logs": [{"scope": scope, "log_records": [moved]}]},
            {
                "resource": resource("web-1"),
                "scope_logs": [{"scope": scope, "log_records": [opened, burns, nothing]}],
            },
        ]});
        assert_eq!(seen["message"], expected);
        assert_eq!(seen["signal"], "logs");
    }
}

/// Has the next request answered this way, sends both runs, and tells what became of them and how many requests there were.
async fn answered(
    receiver: &mut OtlpReceiver,
    protocol: Protocol,
    answer: &Value,
) -> (allwell::output::Held, usize) {
    receiver.answer(answer);
    let output = output(&EncodingOptions::default(), receiver_options(receiver, protocol));
    output.deliver(&runs()).await.expect("it takes everything");
    output.finish().await.expect("it ends well");
    (output.held(), receiver.requests().len())
}

fn all() -> Amount {
    let mut all = Amount::default();
    for delivery in runs() {
        all += delivery.amount();
    }
    all
}

#[tokio::test]
async fn what_may_be_accepted_later_is_sent_again() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    let http = [429, 502, 503, 504].map(|status| json!({"status": status}));
    let codes =
        ["UNAVAILABLE", "ABORTED", "CANCELLED", "DEADLINE_EXCEEDED", "DATA_LOSS", "OUT_OF_RANGE"];
    let grpc = codes.map(|code| json!({"code": code, "message": "not now"}));
    let waits = json!({"code": "RESOURCE_EXHAUSTED", "message": "too much", "retry_seconds": 0.1});
    let grpc = [&grpc[..], &[waits]].concat();
    for (protocol, answers) in [(Protocol::HttpProtobuf, http.to_vec()), (Protocol::Grpc, grpc)] {
        for answer in answers {
            let (held, requests) = answered(&mut receiver, protocol, &answer).await;
            assert_eq!(
                (held.refused, held.errors, requests),
                (Amount::default(), 1, 2),
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn what_will_never_be_accepted_is_counted_with_what_the_receiver_says() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    let http =
        [400, 404, 413, 500].map(|status| json!({"status": status, "message": "no such thing"}));
    let grpc = ["INVALID_ARGUMENT", "UNIMPLEMENTED", "INTERNAL", "UNKNOWN", "RESOURCE_EXHAUSTED"];
    let grpc = grpc.map(|code| json!({"code": code, "message": "no such thing"})).to_vec();
    for (protocol, answers) in [(Protocol::HttpProtobuf, http.to_vec()), (Protocol::Grpc, grpc)] {
        for answer in answers {
            let (held, requests) = answered(&mut receiver, protocol, &answer).await;
            assert_eq!((held.refused, held.errors, requests), (all(), 1, 1), "{answer}");
            let (_, message) = held.last_error.expect("an error");
            assert!(message.ends_with(": no such thing"), "{message}");
        }
    }
}

#[tokio::test]
async fn with_a_wrong_key_everything_is_kept() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    let http = [401, 403].map(|status| json!({"status": status})).to_vec();
    let grpc = ["UNAUTHENTICATED", "PERMISSION_DENIED"];
    let grpc = grpc.map(|code| json!({"code": code, "message": "who are you"})).to_vec();
    for (protocol, answers) in [(Protocol::HttpProtobuf, http), (Protocol::Grpc, grpc)] {
        for answer in answers {
            receiver.answer(&answer);
            let output = output(&EncodingOptions::default(), receiver_options(&receiver, protocol));
            output.deliver(&runs()).await.expect("it takes everything");
            while !output.held().retrying {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            let held = output.held();
            assert_eq!((held.queued, held.refused), (all(), Amount::default()));
            assert_eq!(receiver.requests().len(), 1, "{answer}");
        }
    }
}

#[tokio::test]
async fn what_an_outage_left_is_sent_by_the_next_process() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let directory = TempDir::new().expect("a directory");
        let spooled = |options: ReceiverOptions| {
            let forward = ForwardOptions {
                spool: Some(SpoolOptions::new(directory.path().join("spool"))),
                ..ForwardOptions::default()
            };
            let versions = HashMap::from([("shop", "1.2.3")]);
            let encoding = EncodingOptions::default();
            Otlp::new(&encoding, options, forward, Arc::new(catalogue()), versions)
                .expect("an output")
        };
        let door = Door::closed();
        let mut options = receiver_options(&receiver, protocol);
        let server = match protocol {
            Protocol::HttpProtobuf => receiver.http(),
            Protocol::Grpc => receiver.grpc(),
        };
        let there = server.to_string();
        for destination in [&mut options.metrics, &mut options.logs] {
            destination.address = destination.address.replace(&there, &door.port.to_string());
        }
        let first = spooled(options.clone());
        first.deliver(&runs()).await.expect("it takes everything");
        first.finish().await.expect("it ends well");
        assert_eq!((first.held().queued, first.held().stored), (all(), all()));
        drop(first);
        door.open(u16::try_from(server).expect("a port"));
        let second = spooled(options);
        second.start().expect("nothing is wrong with it");
        while second.held().restored != all() || second.held().queued != Amount::default() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let seen = receiver.requests();
        assert_eq!(seen.len(), 1);
        assert_gauges(&seen[0]);
        second.finish().await.expect("it ends well");
    }
}

#[tokio::test]
async fn what_is_refused_in_part_is_counted_in_part() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let answer = json!({"rejected": 2, "message": "too old"});
        let (held, requests) = answered(&mut receiver, protocol, &answer).await;
        assert_eq!((held.refused, requests), (Amount { series: 2, ..Amount::default() }, 1));
        let (_, message) = held.last_error.expect("an error");
        assert_eq!(message, format!("the receiver refused 2 of {}: too old", all().total()));
    }
}

#[tokio::test]
async fn a_receiver_of_tls_is_shown_a_certificate() {
    let (authority, theirs, ours) = (Authority::new(), TempDir::new(), TempDir::new());
    let (theirs, ours) = (theirs.expect("a directory"), ours.expect("a directory"));
    for protocol in [Protocol::HttpProtobuf, Protocol::Grpc] {
        let Some(mut receiver) = OtlpReceiver::start_tls(&authority, theirs.path()) else { return };
        let (certificate, key) = authority.issue(ours.path());
        let mut options = receiver_options(&receiver, protocol);
        options.http.tls_ca_cert = Some(authority.certificate());
        for destination in [&mut options.metrics, &mut options.logs] {
            destination.address = destination.address.replace("http:", "https:");
        }
        let unknown = output(&EncodingOptions::default(), options.clone());
        assert!(unknown.diagnose().await.iter().all(|seen| seen.outcome.is_err()));
        options.http.tls_cert = Some(certificate.into());
        options.http.tls_private_key = Some(key.into());
        let known = output(&EncodingOptions::default(), options);
        let seen = known.diagnose().await;
        assert!(seen.iter().all(|seen| seen.outcome.is_ok()), "{seen:?}");
        known.deliver(&runs()).await.expect("it takes everything");
        known.finish().await.expect("it ends well");
        assert_eq!(known.held(), allwell::output::Held::default());
        let seen = receiver.requests();
        assert_eq!(seen.len(), 3);
        assert_gauges(&seen[2]);
    }
}

#[tokio::test]
async fn a_diagnosis_says_what_to_do() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    let mut options = receiver_options(&receiver, Protocol::HttpProtobuf);
    receiver.answer(&json!({"status": 404, "message": "no such path"}));
    receiver.answer(&json!({"status": 401, "message": "key hidden is unknown"}));
    let seen = output(&EncodingOptions::default(), options.clone()).diagnose().await;
    let complaints: Vec<_> =
        seen.into_iter().map(|seen| seen.outcome.expect_err("wrong")).collect();
    let address = format!("http://127.0.0.1:{}/v1", receiver.http());
    let expected = format!("`{address}/metrics` answered 404 Not Found: no such path");
    assert_eq!(complaints[0].message, expected);
    assert!(complaints[0].hint.starts_with("check the path"));
    let expected = format!("`{address}/logs` answered 401 Unauthorized: key ******** is unknown");
    assert_eq!(complaints[1].message, expected);
    assert!(complaints[1].hint.starts_with("check the key"));
    options.metrics.address = "http://127.0.0.1:1/v1/metrics".to_owned();
    let seen = output(&EncodingOptions::default(), options).diagnose().await;
    assert_eq!(seen[0].what, "metrics to `http://127.0.0.1:1/v1/metrics`");
    let complaint = seen[0].outcome.as_ref().expect_err("nobody listens there");
    assert!(complaint.message.contains("Connection refused"), "{}", complaint.message);
    assert!(complaint.hint.contains("4318"));
    assert_eq!(seen[1].outcome, Ok("an empty request was accepted".to_owned()));
}

const HOUSE: &str = env!("CARGO_BIN_EXE_house");

/// A directory with a counter at 1000, whose metrics go to a receiver.
fn house(receiver: &OtlpReceiver) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    let settings = format!(
        "hostname: web-1\ntags: [env:test]\nown_metrics: false\nrun_path: run\n\
         outputs:\n  - otlp: {{endpoint: 'http://127.0.0.1:{}', skip_proxy: true}}\n",
        receiver.http()
    );
    write(directory.path(), "allwell.yaml", &settings);
    write(directory.path(), "conf.d/counter.yaml", "instances:\n  - file: number\n");
    write(directory.path(), "number", "1000");
    directory
}

#[test]
fn a_daemon_sends_what_its_checks_find_and_what_an_outage_kept_from_it() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    let directory = house(&receiver);
    // The first total is only a base; the first growth is refused, and sent again.
    receiver.answer(&json!({"status": 503}));
    let mut daemon = Daemon::start(HOUSE, directory.path(), &[]);
    daemon.told("started");
    let mut totals = Vec::new();
    while totals.len() < 2 {
        let seen = receiver.request();
        let of = &seen["message"]["resource_metrics"][0];
        assert_eq!(of["resource"], resource("web-1"));
        let scope = json!({"name": "counter", "version": env!("CARGO_PKG_VERSION")});
        assert_eq!(of["scope_metrics"][0]["scope"], scope);
        let total = metric(&seen, "counter.total");
        assert_eq!(total["description"], "The number, which only grows.");
        assert_eq!(total["unit"], "1");
        let attributes = json!([attribute("number", "0"), attribute("env", "test")]);
        assert_eq!(total["sum"]["data_points"][0]["attributes"], attributes);
        totals.push(seen["message"].clone());
    }
    assert_eq!(totals[0], totals[1]);
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
}

#[test]
fn diagnose_tells_how_a_receiver_is() {
    let Some(mut receiver) = OtlpReceiver::start() else { return };
    let directory = house(&receiver);
    let diagnose = || {
        let mut command = Command::new(HOUSE);
        let ran = command.arg("diagnose").current_dir(directory.path()).output();
        let ran = ran.expect("the binary can be started");
        (ran.status.code(), String::from_utf8(ran.stdout).expect("text"))
    };
    let address = format!("http://127.0.0.1:{}/v1", receiver.http());
    let (code, told) = diagnose();
    assert_eq!(code, Some(0), "{told}");
    for signal in ["metrics", "logs"] {
        assert!(told.contains(&format!("{signal} to `{address}/{signal}`")), "{told}");
    }
    assert_eq!(receiver.requests().len(), 2);
    receiver.answer(&json!({"status": 401, "message": "who are you"}));
    let (code, told) = diagnose();
    assert_eq!(code, Some(7), "{told}");
    let complaint = format!("`{address}/metrics` answered 401 Unauthorized: who are you");
    assert!(told.contains(&complaint) && told.contains("check the key or token"), "{told}");
}
