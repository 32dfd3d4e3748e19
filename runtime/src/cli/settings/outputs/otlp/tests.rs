//! What the options of OTLP and OpenTelemetry's variables make of each other.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::settings::outputs::Receivers;
use crate::config::{Config, Reader, Section, yaml};
use crate::output::otlp::{self, HistogramForm, ReceiverOptions};

use super::variables::Variables;
use super::*;

fn options(yaml: &str) -> Otlp {
    let root = yaml::parse(yaml).root.expect("a mapping");
    let mut reader = Reader::new();
    Otlp::read(&mut Section::new(&root, None, &mut reader)).expect("the options are good")
}

fn ground(variables: &[(&str, &str)]) -> Ground {
    let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Ground {
        spool: Some("/spool".into()),
        file: Some("/etc/allwell/allwell.yaml".into()),
        environment: pairs.collect(),
        catalogue: Arc::default(),
        versions: HashMap::new(),
        receivers: Receivers::default(),
    }
}

fn receiver(yaml: &str, variables: &[(&str, &str)]) -> ReceiverOptions {
    let ground = ground(variables);
    let variables = Variables::read(&ground.environment).expect("the variables are good");
    options(yaml).receiver(&ground, &variables).expect("it can be used")
}

fn addresses(yaml: &str, variables: &[(&str, &str)]) -> [String; 2] {
    let receiver = receiver(yaml, variables);
    [receiver.metrics.address, receiver.logs.address]
}

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";

#[test]
fn paths_of_signals_are_appended_to_the_address_for_all_alone() {
    type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], [&'c str; 2]);
    let cases: &[Case<'_>] = &[
        ("{}", &[], ["http://localhost:4318/v1/metrics", "http://localhost:4318/v1/logs"]),
        ("endpoint: https://a/", &[], ["https://a/v1/metrics", "https://a/v1/logs"]),
        (
            "endpoint: https://a/b/?k=1",
            &[],
            ["https://a/b/v1/metrics?k=1", "https://a/b/v1/logs?k=1"],
        ),
        ("metrics_endpoint: https://m/x", &[], ["https://m/x", "http://localhost:4318/v1/logs"]),
        (
            "endpoint: https://a",
            &[(ENDPOINT, "http://b")],
            ["http://b/v1/metrics", "http://b/v1/logs"],
        ),
        ("endpoint: https://a", &[(ENDPOINT, " ")], ["https://a/v1/metrics", "https://a/v1/logs"]),
        (
            "metrics_endpoint: https://m/x",
            &[(ENDPOINT, "http://b"), (METRICS, "http://c/y")],
            ["http://c/y", "http://b/v1/logs"],
        ),
        ("protocol: grpc", &[], ["http://localhost:4317", "http://localhost:4317"]),
        ("{}", &[(PROTOCOL, "grpc"), (ENDPOINT, "a:4317")], ["https://a:4317", "https://a:4317"]),
        (
            "{}",
            &[(PROTOCOL, "grpc"), (ENDPOINT, "a:4317"), ("OTEL_EXPORTER_OTLP_INSECURE", "true")],
            ["http://a:4317", "http://a:4317"],
        ),
    ];
    for (yaml, variables, expected) in cases {
        assert_eq!(addresses(yaml, variables), *expected, "{yaml} {variables:?}");
    }
}

#[test]
fn an_address_of_http_needs_a_scheme() {
    let ground = ground(&[]);
    let made = options("endpoint: localhost:4318").make(&ground).map(|_| ());
    let unmade = made.expect_err("it has none");
    assert!(unmade.message.contains("neither `http://` nor `https://`"), "{}", unmade.message);
    assert!(unmade.hint.contains("http://localhost:4318"));
}

#[test]
fn variables_win_over_options() {
    let yaml = "headers: {a: b}\ntimeout: 3\ncompression: gzip\ntls_ca_cert: ca.pem\n";
    let plain = receiver(yaml, &[]);
    assert_eq!(plain.metrics.headers["a"].expose(), "b");
    assert_eq!((plain.http.timeout, plain.compressed), (Duration::from_secs(3), true));
    assert_eq!(plain.http.tls_ca_cert, Some(PathBuf::from("/etc/allwell/ca.pem")));
    let varied = receiver(
        yaml,
        &[
            ("OTEL_EXPORTER_OTLP_HEADERS", "X-Key=a%2Cb%3D, other = 1 "),
            ("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "only=logs"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1500"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"),
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/cert.pem"),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/key.pem"),
        ],
    );
    let shown = |headers: &BTreeMap<String, Secret>| {
        let pairs = headers.iter().map(|(key, value)| format!("{key}={}", value.expose()));
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(shown(&varied.metrics.headers), ["other=1", "x-key=a,b="]);
    assert_eq!(shown(&varied.logs.headers), ["only=logs"]);
    assert_eq!((varied.http.timeout, varied.compressed), (Duration::from_millis(1500), false));
    assert_eq!(varied.http.tls_ca_cert, Some(PathBuf::from("/ca.pem")));
    assert_eq!(varied.http.tls_cert, Some(PathBuf::from("/cert.pem")));
    assert_eq!(varied.http.tls_private_key, Some(PathBuf::from("/key.pem")));
}

fn encoding(yaml: &str, variables: &[(&str, &str)]) -> EncodingOptions {
    let variables =
        Variables::read(&ground(variables).environment).expect("the variables are good");
    options(yaml).encoding(&variables)
}

#[test]
fn what_is_told_may_be_chosen_by_variables() {
    let temporality = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    let histogram = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    assert_eq!(encoding("{}", &[]), EncodingOptions::default());
    for (text, expected) in [
        ("cumulative", otlp::Temporality::Cumulative),
        ("DELTA", otlp::Temporality::Delta),
        ("lowmemory", otlp::Temporality::Delta),
    ] {
        assert_eq!(encoding("temporality: delta", &[(temporality, text)]).temporality, expected);
    }
    let explicit =
        encoding("histogram_bounds: [1, 2]", &[(histogram, "explicit_bucket_histogram")]);
    assert_eq!(explicit.histograms, HistogramForm::Explicit { bounds: vec![1.0, 2.0] });
    let resource = encoding(
        "resource: {a: file, b: file}",
        &[
            ("OTEL_RESOURCE_ATTRIBUTES", "b=a%20b,service.name=other"),
            ("OTEL_SERVICE_NAME", "shop"),
        ],
    );
    let expected = [("a", "file"), ("b", "a b"), ("service.name", "shop")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(resource.resource, BTreeMap::from(expected));
}

#[test]
fn a_variable_that_means_nothing_is_told() {
    let cases = [
        (
            PROTOCOL,
            "http/json",
            "`OTEL_EXPORTER_OTLP_PROTOCOL` is `http/json`, which is not supported",
        ),
        (
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "0",
            "`OTEL_EXPORTER_OTLP_TIMEOUT` is `0`, which is no number of milliseconds",
        ),
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            "secret",
            "`OTEL_EXPORTER_OTLP_HEADERS` is not a list of pairs",
        ),
        ("OTEL_RESOURCE_ATTRIBUTES", "=x", "`OTEL_RESOURCE_ATTRIBUTES` is not a list of pairs"),
    ];
    for (name, value, expected) in cases {
        let unmade =
            Variables::read(&ground(&[(name, value)]).environment).expect_err("it is wrong");
        assert_eq!(unmade.message, expected);
    }
}

#[test]
fn two_outputs_to_one_receiver_are_refused_and_two_tenants_are_not() {
    let ground = ground(&[]);
    let made = |yaml: &str| options(yaml).make(&ground).map(|_| ());
    assert!(made("endpoint: http://a").is_ok());
    assert!(made("{endpoint: http://a, headers: {x-scope-orgid: two}}").is_ok());
    assert!(made("endpoint: http://b").is_ok());
    let unmade = made("endpoint: http://a/").expect_err("it is there already");
    assert!(unmade.message.contains("`otlp` sends to the same receiver"), "{}", unmade.message);
}

#[test]
fn requests_wait_on_the_disk_unless_it_is_not_wanted_and_no_signal_waits_for_the_other() {
    let forward = |yaml: &str| options(yaml).forward(&ground(&[]));
    let directory = |yaml: &str| forward(yaml).spool.map(|spool| spool.directory);
    assert_eq!(directory("{}"), Some(PathBuf::from("/spool/otlp")));
    assert_eq!(directory("spool_bytes: 0"), None);
    assert_eq!(forward("{}").concurrency, 2);
}

#[test]
fn in_memory_there_is_room_for_a_request() {
    let read = |yaml: &str| {
        let root = yaml::parse(yaml).root.expect("a mapping");
        Otlp::read(&mut Section::new(&root, None, &mut Reader::new()))
    };
    assert!(read("{max_bytes: 1048576, memory_bytes: 2097152}").is_some());
    assert!(read("{max_bytes: 1048576, memory_bytes: 2097151}").is_none());
}
