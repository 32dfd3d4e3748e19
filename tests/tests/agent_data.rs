//! What a run yields within the Agent is what it yields elsewhere.

use std::collections::BTreeSet;
use std::time::Duration;

use allwell_examples as example;
use allwell_server_checks as server;
use allwell_tests::agent::{Agent, Call, Opened, Ran, examples, faulty, hello};
use allwell_tests::scraped::{SCRAPED, exporter};
use allwell_tests::submitted::{bucket_line, lines, sorted};
use allwell_tests::{Authority, Dnsmasq, EVERY_KIND, Exposition, Nginx, Redis};
use serde_json::{Value, json};

fn host(library: &std::path::Path) -> (Agent, Opened) {
    let mut agent = Agent::new(env!("CARGO_BIN_EXE_agent-host"));
    let library = agent.open(library).expect("the library can be opened");
    (agent, library)
}

#[test]
fn every_kind_is_submitted_as_the_agent_aggregates_it() {
    let (mut agent, library) = host(&faulty());
    let ran = agent.run(library, &Call::new("kinds:1").instance("tags: [env:test]\nservice: shop"));
    ran.assert_ok();
    let metric = |name: &str, number: i32, value: f64, first: bool| json!({ "id": "kinds:1", "metric": name, "type": number, "value": value, "tags": ["env:test", "service:shop"], "host": "", "flush_first": first });
    let row = |name: &str, host: &str| {
        let tags = ["env:test".to_owned(), "service:shop".to_owned(), format!("name:{name}")];
        let size = json!({ "id": "kinds:1", "metric": "kinds.row.size", "type": 0, "value": 2.0, "tags": tags, "host": host, "flush_first": false });
        let state = json!({ "id": "kinds:1", "service_check": "kinds.row.state", "status": 1, "tags": tags, "host": host, "message": "full" });
        (size, state)
    };
    let ((a, a_state), (b, b_state)) = (row("a", ""), row("b", "other"));
    let bucket = json!({
        "id": "kinds:1", "bucket": "kinds.distribution", "value": 1, "lower": 7.25, "upper": 7.25, "monotonic": 0, "host": "",
        "tags": ["env:test", "service:shop"], "flush_first": false,
    });
    let reached = json!({ "id": "kinds:1", "service_check": "kinds.can_connect", "status": 0, "tags": ["env:test", "service:shop"], "host": "", "message": "" });
    let event = json!({
        "id": "kinds:1", "event": "title", "text": "text", "timestamp": 1_700_000_000, "priority": "low", "host": "elsewhere",
        "tags": ["env:test", "service:shop", "of:event"], "alert_type": "warning", "aggregation_key": "key", "source_type_name": "kinds",
        "event_type": "change",
    });
    let mut plain = ran.of_kind("event")[1].clone();
    let timestamp = plain["timestamp"].take();
    assert!(timestamp.as_i64().is_some_and(|time| time > 1_700_000_000), "{timestamp}");
    assert_eq!(
        plain,
        json!({
            "id": "kinds:1", "event": "plain", "text": "", "timestamp": null, "priority": "normal", "host": "", "tags": ["env:test", "service:shop"],
            "alert_type": "info", "aggregation_key": null, "source_type_name": "kinds", "event_type": null,
        })
    );
    let mut calls = ran.calls.clone();
    calls.retain(|call| call["event"] != "plain");
    let log =
        |level: i32, text: &str| json!({ "log": format!("kinds:1 | {text}"), "level": level });
    assert_eq!(
        calls,
        [
            metric("kinds.streamed", 0, 1.0, false),
            metric("kinds.gauge", 0, 1.5, false),
            metric("kinds.count", 2, 2.0, false),
            metric("kinds.total", 3, 3.0, false),
            metric("kinds.first", 3, 4.0, true),
            metric("kinds.rate", 1, 5.0, false),
            metric("kinds.histogram", 5, 6.0, false),
            bucket,
            a,
            b,
            a_state,
            b_state,
            reached,
            event,
            log(40, "a line"),
            log(20, "another [of:log]"),
            log(30, "beware"),
            log(30, "samples were not kept: 1 that are no finite numbers"),
        ]
    );
    // The same loss is told once.
    let again =
        agent.run(library, &Call::new("kinds:1").instance("tags: [env:test]\nservice: shop"));
    assert_eq!(again.of_kind("log").len(), 3);
}

/// What the example of the Agent's own crate submits. It has the event's time from the Agent, and its log line does not tell of which
/// instance it is.
#[test]
fn the_agents_own_example_submits_the_same() {
    let (mut agent, library) = host(&hello());
    let mut ran = agent.run(library, &Call::new("example:1").instance("{}"));
    ran.assert_ok();
    let event = ran.calls.iter_mut().find(|call| !call["event"].is_null()).expect("an event");
    assert!(event["timestamp"].take().as_i64().is_some());
    assert_eq!(
        ran.calls,
        [
            json!({ "id": "example:1", "metric": "hello.gauge", "type": 0, "value": 1.0, "tags": [], "host": "", "flush_first": false }),
            json!({ "id": "example:1", "service_check": "hello.service_check", "status": 0, "tags": [], "host": "", "message": "" }),
            json!({
                "id": "example:1", "event": "hello.event", "text": "hello.text", "timestamp": null, "priority": "normal", "host": "", "tags": [],
                "alert_type": "info", "aggregation_key": null, "source_type_name": "example", "event_type": null,
            }),
            json!({ "log": "example:1 | hello: example check running", "level": 20 }),
        ]
    );
}

#[test]
fn a_nul_in_a_text_loses_nothing_of_it() {
    let (mut agent, library) = host(&faulty());
    let ran = agent.run(library, &Call::new("odd:1").instance(r#"tags: ["x:\0y"]"#));
    ran.assert_ok();
    let tags = json!(["x:\u{fffd}y", "tag:a\u{fffd}b"]);
    assert_eq!(
        ran.calls,
        [
            json!({ "id": "odd:1", "metric": "odd.value", "type": 0, "value": 1.0, "tags": tags, "host": "h\u{fffd}", "flush_first": false }),
            json!({ "id": "odd:1", "service_check": "odd.state", "status": 2, "tags": tags, "host": "h\u{fffd}", "message": "me\u{fffd}ssage" }),
            json!({
                "id": "odd:1", "event": "ti\u{fffd}tle", "text": "te\u{fffd}xt", "timestamp": ran.of_kind("event")[0]["timestamp"], "priority": "normal",
                "host": "ho\u{fffd}st", "tags": ["x:\u{fffd}y", "e\u{fffd}:\u{fffd}"], "alert_type": "info", "aggregation_key": "k\u{fffd}ey",
                "source_type_name": "odd", "event_type": "ty\u{fffd}pe",
            }),
            json!({ "log": "odd:1 | lo\u{fffd}g", "level": 20 }),
            json!({ "log": "odd:1 | wa\u{fffd}rn", "level": 30 }),
        ]
    );
}

#[test]
fn filters_and_limits_of_an_instance_are_honoured() {
    let (mut agent, library) = host(&faulty());
    let filtered = "metric_patterns:\n  include: ['^kinds\\.row', count]\n  exclude: [nothing]\n";
    let ran = agent.run(library, &Call::new("kinds:1").instance(filtered));
    let names: BTreeSet<_> =
        ran.of_kind("metric").iter().map(|call| call["metric"].as_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["kinds.count", "kinds.row.size"]));
    assert!(ran.of_kind("bucket").is_empty());
    let limited = agent.run(library, &Call::new("kinds:2").instance("max_returned_metrics: 3"));
    assert_eq!(limited.of_kind("metric").len(), 3);
    let told =
        "samples were not kept: 1 that are no finite numbers, 7 beyond `max_returned_metrics`";
    assert!(
        limited.of_kind("log").iter().any(|line| line["log"] == format!("kinds:2 | {told}")),
        "{limited:?}"
    );
}

#[test]
fn a_default_host_name_that_is_not_wanted_is_told_once() {
    let (mut agent, library) = host(&faulty());
    let call = Call::new("state:1").instance("empty_default_hostname: true");
    let told = |ran: &Ran| {
        ran.of_kind("log")
            .iter()
            .filter(|line| {
                line["log"].as_str().unwrap().contains("`empty_default_hostname` is without effect")
            })
            .count()
    };
    assert_eq!(told(&agent.run(library, &call)), 1);
    assert_eq!(told(&agent.run(library, &call)), 0);
}

fn lines_of_agent(ran: &Ran) -> Vec<String> {
    let tags = |call: &Value| {
        sorted(
            call["tags"]
                .as_array()
                .unwrap()
                .iter()
                .map(|tag| tag.as_str().unwrap().to_owned())
                .collect(),
        )
    };
    let lines = ran.calls.iter().filter(|call| call["log"].is_null()).map(|call| {
        let text = |name: &str| call[name].as_str().unwrap_or_default();
        match () {
            () if !call["metric"].is_null() => {
                format!(
                    "{} {} {:?} {:?} {}",
                    call["type"],
                    text("metric"),
                    tags(call),
                    text("host"),
                    call["flush_first"]
                )
            }
            () if !call["bucket"].is_null() => {
                let (count, monotonic) = (call["value"].as_i64(), call["monotonic"] == 1);
                let (count, flush_first) = (count.expect("a count"), call["flush_first"] == true);
                let (name, host) = (text("bucket"), text("host"));
                bucket_line(name, count, monotonic, &tags(call), host, flush_first)
            }
            () if !call["service_check"].is_null() => {
                format!(
                    "{} {:?} {} {:?}",
                    text("service_check"),
                    tags(call),
                    call["status"],
                    text("message")
                )
            }
            () => format!("event {} {}", text("event"), text("text")),
        }
    });
    sorted(lines.collect())
}

/// Runs a check twice here and twice in the Agent, and compares the second runs.
macro_rules! same {
    ($agent:ident, $library:ident, $check:ty, $instance:expr) => {{
        let options: String = format!("{}\ntags: [env:test]\nservice: shop\n", $instance);
        let mut own = allwell::testing::instance::<$check>(&options);
        own.run().await;
        let name = <$check as allwell::check::Definition>::META.name;
        let call = Call::new(&format!("{name}:1")).instance(options);
        $agent.run($library, &call);
        // As long as the kernel's clocks take to move on, for both.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let (own, theirs) = (own.run().await, $agent.run($library, &call));
        assert_eq!(own.is_ok(), theirs.error.is_none(), "{name}: {:?}", theirs.error);
        assert_eq!(lines(&own), lines_of_agent(&theirs), "{name}");
        assert!(!theirs.calls.is_empty(), "{name} submitted nothing");
    }};
}

#[tokio::test]
async fn every_example_submits_the_same_as_in_the_runtime() {
    let (mut agent, library) = host(&examples());
    let (nginx, redis) = (Nginx::start(), Redis::start(&[]));
    same!(agent, library, example::uptime::uptime, "");
    same!(agent, library, example::load::load, "");
    same!(agent, library, example::memory::memory, "");
    same!(agent, library, example::cpu::Cpu, "");
    same!(agent, library, example::disk::disk, "");
    same!(agent, library, example::io::Io, "");
    same!(agent, library, example::network::network, "");
    same!(agent, library, example::process::Processes, "name: self\nsearch_string: [agent_data]");
    same!(
        agent,
        library,
        example::awesome::awesome,
        format!("url: {}\nsearch_string: x", nginx.url("/"))
    );
    same!(
        agent,
        library,
        server::nginx::nginx,
        format!("nginx_status_url: {}", nginx.url("/nginx_status"))
    );
    same!(
        agent,
        library,
        server::http_check::http_check,
        format!("name: site\nurl: {}", nginx.url("/"))
    );
    same!(
        agent,
        library,
        server::tcp_check::tcp_check,
        format!("name: port\nhost: 127.0.0.1\nport: {}", nginx.port())
    );
    let authority = Authority::new();
    let secure = Nginx::start_tls(&authority);
    same!(
        agent,
        library,
        server::tls::Tls,
        format!(
            "server: 127.0.0.1:{}\ntls_ca_cert: {}\ndays_warning: 0\ndays_critical: 0",
            secure.port(),
            authority.certificate().display()
        )
    );
    let names = Dnsmasq::start("host-record=a.example,192.0.2.1");
    same!(
        agent,
        library,
        server::dns_check::dns_check,
        format!("hostname: a.example\nnameserver: 127.0.0.1\nnameserver_port: {}", names.port())
    );
    same!(agent, library, server::redis::Redis, format!("host: 127.0.0.1\nport: {}", redis.port()));
    let exporter = exporter(SCRAPED).await;
    let endpoint = format!("openmetrics_endpoint: {}/metrics", exporter.uri());
    same!(agent, library, server::exporters::ai_firewall::ai_firewall, &endpoint);
    same!(agent, library, server::exporters::cloudnatix::cloudnatix, &endpoint);
    same!(agent, library, server::exporters::hikaricp::hikaricp, &endpoint);
}

#[tokio::test]
async fn an_exposition_is_submitted_as_in_the_runtime() {
    let (mut agent, library) = host(&examples());
    let page = Exposition::start();
    page.serve("text/plain; version=0.0.4", EVERY_KIND.as_bytes());
    for more in ["", "histogram_buckets_as_distributions: true"] {
        let address = page.address();
        let options =
            format!("openmetrics_endpoint: {address}\nnamespace: shop\nmetrics: ['.+']\n{more}");
        same!(agent, library, example::openmetrics::OpenMetrics, options);
    }
}

/// A histogram whose buckets have been filled so many times.
fn filled(times: u64) -> String {
    let [few, more, all] = [100, 110, 112].map(|count| count * times);
    format!(
        "# TYPE lat histogram\nlat_bucket{{le=\"1\"}} {few}\nlat_bucket{{le=\"2\"}} {more}\n\
         lat_bucket{{le=\"+Inf\"}} {all}\nlat_sum 5\nlat_count {all}\n"
    )
}

/// The Agent remembers one total for all buckets that have the same tags, so it is given what was added to each.
#[test]
fn buckets_that_only_bounds_tell_apart_are_given_by_their_growth() {
    let (mut agent, library) = host(&examples());
    let page = Exposition::start();
    let address = page.address();
    let call = Call::new("openmetrics:1").instance(format!(
        "openmetrics_endpoint: {address}\nmetrics: ['.+']\ncollect_histograms_as_distributions: true"
    ));
    let mut grown = |times| {
        page.serve("text/plain; version=0.0.4", filled(times).as_bytes());
        let ran = agent.run(library, &call);
        ran.assert_ok();
        let buckets = ran.of_kind("bucket");
        let seen = buckets.iter().map(|call| {
            assert_eq!((&call["monotonic"], &call["flush_first"]), (&json!(0), &json!(false)));
            assert_eq!(call["tags"], json!([format!("endpoint:{address}")]));
            (call["lower"].as_f64(), call["value"].as_i64())
        });
        seen.collect::<Vec<_>>()
    };
    let added = |counts: [i64; 3]| {
        [0.0, 1.0, 2.0].map(Some).into_iter().zip(counts.map(Some)).collect::<Vec<_>>()
    };
    assert_eq!(grown(1), []);
    assert_eq!(grown(2), added([100, 10, 2]));
    assert_eq!(grown(10), added([800, 80, 16]));
    assert_eq!(grown(10), []);
    // A server that has begun anew.
    assert_eq!(grown(3), added([300, 30, 6]));
}
