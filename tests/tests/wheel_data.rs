//! What a check in a wheel submits by Datadog's own SDK is what it submits elsewhere.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use allwell_examples as example;
use allwell_server_checks as server;
use allwell_tests::agent::examples;
use allwell_tests::scraped::{SCRAPED, exporter};
use allwell_tests::submitted::{bucket_line, lines, sorted};
use allwell_tests::wheel::{Sdk, Wheels, said, sdk};
use allwell_tests::{Authority, Dnsmasq, EVERY_KIND, Exposition, Nginx, Redis};
use serde_json::{Value, json};

allwell::link!(allwell_examples, allwell_server_checks);

fn wheels() -> Option<&'static Wheels> {
    static WHEELS: OnceLock<Option<Wheels>> = OnceLock::new();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel_data");
    WHEELS.get_or_init(|| Some(Wheels::new(sdk()?, &root, &examples()))).as_ref()
}

/// What the SDK's stub was given, as the lines of [`lines`].
fn lines_of_sdk(ran: &Value) -> Vec<String> {
    let rows = |name: &str| ran[name].as_array().expect("a list").iter();
    let tags = |row: &Value| {
        let tags = row["tags"].as_array().expect("tags").iter();
        sorted(tags.map(|tag| tag.as_str().expect("a text").to_owned()).collect())
    };
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let metrics = rows("metrics").map(|row| {
        let (kind, name, host) = (&row["type"], text(row, "name"), text(row, "hostname"));
        format!("{kind} {name} {:?} {host:?} {}", tags(row), row["flush_first_value"])
    });
    let buckets = rows("buckets").map(|row| {
        let (name, host) = (text(row, "name"), text(row, "hostname"));
        let (count, monotonic) =
            (row["value"].as_i64().expect("a count"), row["monotonic"] == true);
        bucket_line(&name, count, monotonic, &tags(row), &host, row["flush_first_value"] == true)
    });
    let checks = rows("service_checks").map(|row| {
        let (name, message) = (text(row, "name"), text(row, "message"));
        format!("{name} {:?} {} {message:?}", tags(row), row["status"])
    });
    let events = rows("events")
        .map(|row| format!("event {} {}", text(row, "msg_title"), text(row, "msg_text")));
    sorted(metrics.chain(buckets).chain(checks).chain(events).collect())
}

/// Runs a check twice here and twice in its wheel, and compares the second runs.
async fn same_data<C: allwell::check::Definition>(
    wheels: &Wheels,
    sdk: &mut Sdk,
    mut instance: Value,
) {
    let name = C::META.name;
    wheels.install(name);
    instance["tags"] = json!(["env:test"]);
    let mut own = allwell::testing::instance::<C>(&instance.to_string());
    own.run().await;
    assert_eq!(sdk.make(name, &json!({}), &instance), Ok(()), "{name}");
    sdk.run(name);
    // As long as the kernel's clocks take to move on, for both.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (own, theirs) = (own.run().await, sdk.run(name));
    assert_eq!(theirs["error"], Value::Null, "{name}");
    assert_eq!(lines(&own), lines_of_sdk(&theirs), "{name}");
    assert!(!lines(&own).is_empty(), "{name} submitted nothing");
}

/// The same, and the SDK compares what the wheel submits with the check's metadata.
async fn same<C: allwell::check::Definition>(
    wheels: &Wheels,
    sdk: &mut Sdk,
    instance: Value,
    submits_all: bool,
) {
    same_data::<C>(wheels, sdk, instance).await;
    let name = C::META.name;
    let differs = sdk.compare(&wheels.folder(name), submits_all);
    assert_eq!(differs, Value::Null, "{name}");
}

#[tokio::test]
async fn every_example_submits_the_same_as_in_the_runtime() {
    let Some(wheels) = wheels() else { return };
    let sdk = &mut wheels.host();
    let (nginx, redis) = (Nginx::start(), Redis::start(&[]));
    same::<example::uptime::uptime>(wheels, sdk, json!({}), true).await;
    same::<example::load::load>(wheels, sdk, json!({}), true).await;
    same::<example::memory::memory>(wheels, sdk, json!({}), true).await;
    same::<example::cpu::Cpu>(wheels, sdk, json!({}), true).await;
    same::<example::disk::disk>(wheels, sdk, json!({}), true).await;
    same::<example::io::Io>(wheels, sdk, json!({}), true).await;
    let states = json!({ "collect_connection_state": true });
    same::<example::network::network>(wheels, sdk, states, true).await;
    let processes =
        json!({ "name": "self", "search_string": ["wheel_data-"], "exact_match": false });
    same::<example::process::Processes>(wheels, sdk, processes, true).await;
    let page = json!({ "url": nginx.url("/"), "search_string": "x" });
    same::<example::awesome::awesome>(wheels, sdk, page, true).await;
    let status = json!({ "nginx_status_url": nginx.url("/nginx_status") });
    same::<server::nginx::nginx>(wheels, sdk, status, true).await;
    let page = json!({ "name": "site", "url": nginx.url("/") });
    // Its address has no certificate.
    same::<server::http_check::http_check>(wheels, sdk, page, false).await;
    let port = json!({
        "name": "port", "host": "127.0.0.1", "port": nginx.port(), "collect_response_time": true,
    });
    same::<server::tcp_check::tcp_check>(wheels, sdk, port, true).await;
    let authority = Authority::new();
    let secure = Nginx::start_tls(&authority);
    let server = json!({
        "server": "127.0.0.1", "port": secure.port(), "tls_ca_cert": authority.certificate(),
        "days_warning": 0, "days_critical": 0, "send_cert_duration": true,
    });
    same::<server::tls::Tls>(wheels, sdk, server, true).await;
    let names = Dnsmasq::start("host-record=a.example,192.0.2.1");
    let name = json!({
        "hostname": "a.example", "nameserver": "127.0.0.1", "nameserver_port": names.port(),
    });
    same::<server::dns_check::dns_check>(wheels, sdk, name, true).await;
    let server = json!({ "host": "127.0.0.1", "port": redis.port() });
    // It has neither a replica nor an append-only file.
    same::<server::redis::Redis>(wheels, sdk, server, false).await;
    let exporter = exporter(SCRAPED).await;
    let endpoint = || json!({ "openmetrics_endpoint": format!("{}/metrics", exporter.uri()) });
    same::<server::exporters::ai_firewall::ai_firewall>(wheels, sdk, endpoint(), true).await;
    same::<server::exporters::cloudnatix::cloudnatix>(wheels, sdk, endpoint(), true).await;
    // Of the two exporters of pools, one speaks.
    same::<server::exporters::hikaricp::hikaricp>(wheels, sdk, endpoint(), false).await;
}

/// Its names are the endpoint's, so that no metadata tells of them.
#[tokio::test]
async fn an_exposition_is_submitted_as_in_the_runtime() {
    let Some(wheels) = wheels() else { return };
    let sdk = &mut wheels.host();
    let page = Exposition::start();
    page.serve("text/plain; version=0.0.4", EVERY_KIND.as_bytes());
    for distributions in [false, true] {
        let instance = json!({
            "openmetrics_endpoint": page.address(), "namespace": "shop", "metrics": [".+"],
            "histogram_buckets_as_distributions": distributions,
        });
        same_data::<example::openmetrics::OpenMetrics>(wheels, sdk, instance).await;
    }
    let instance = json!({
        "openmetrics_endpoint": page.address(), "metrics": [".+"],
        "collect_histograms_as_distributions": true,
    });
    wheels.install("openmetrics");
    assert_eq!(sdk.make("openmetrics", &json!({}), &instance), Ok(()));
    let mut grown = |count: u64| {
        let text = format!("# TYPE lat histogram\nlat_bucket{{le=\"+Inf\"}} {count}\n");
        page.serve("text/plain; version=0.0.4", text.as_bytes());
        let ran = sdk.run("openmetrics");
        assert_eq!(ran["error"], Value::Null);
        let buckets = ran["buckets"].as_array().expect("a list");
        buckets.iter().map(|row| (row["value"].as_i64(), row["monotonic"].as_bool())).collect()
    };
    // The Agent would take all buckets with the same tags for one.
    let seen: [Vec<_>; 3] = [7, 9, 9].map(&mut grown);
    assert_eq!(seen, [vec![], vec![(Some(2), Some(false))], vec![]]);
}

/// The Agent may refuse files that a configuration names which came from a pod's annotations, say.
#[test]
fn a_file_of_a_provider_that_is_not_trusted_is_not_opened() {
    let Some(wheels) = wheels() else { return };
    wheels.install("http_check");
    let sdk = &mut wheels.host();
    let instance =
        json!({ "name": "x", "url": "https://127.0.0.1:1/", "tls_ca_cert": "/etc/shadow" });
    let config = json!({
        "integration_ignore_untrusted_file_params": true, "integration_trusted_providers": ["file"],
    });
    for (provider, told) in [
        ("kubernetes-container", "Field 'tls_ca_cert' is not allowed from untrusted provider"),
        ("file", "`tls_ca_cert` `/etc/shadow` cannot be used"),
    ] {
        assert_eq!(sdk.make("http_check", &json!({}), &instance), Ok(()));
        sdk.be(json!({ "config": config, "provider": provider }));
        let ran = sdk.run("http_check");
        let said = ran.to_string();
        assert!(said.contains(told), "{said}");
        assert_eq!(said.contains("cannot be used"), provider == "file", "{said}");
    }
}

/// The tag is the oldest glibc that has what the library needs, and `auditwheel` finds the same.
#[test]
fn a_wheel_says_for_which_platform_it_is() {
    let Some(wheels) = wheels() else { return };
    let wheel = wheels.wheel("load");
    let name = wheel.file_name().expect("a name").to_string_lossy().into_owned();
    let platform = name
        .strip_prefix("datadog_load-0.1.0-py3-none-")
        .and_then(|rest| rest.strip_suffix(".whl"))
        .unwrap_or_else(|| panic!("{name}"));
    let audited = said(Command::new(wheels.program("auditwheel")).arg("show").arg(&wheel));
    let needed = audited.split("GLIBC_").skip(1).filter_map(|rest| {
        let version: Option<Vec<u32>> =
            rest.split('\'').next()?.split('.').map(|part| part.parse().ok()).collect();
        version
    });
    let newest = needed.max().expect("a version of glibc");
    let [major, minor] = newest[..2] else { panic!("{newest:?}") };
    let machine = std::env::consts::ARCH;
    assert_eq!(platform, format!("manylinux_{major}_{minor}_{machine}"), "{audited}");
    // Any other library would have to be brought along.
    assert!(!audited.contains("not whitelisted") && audited.contains("manylinux_"), "{audited}");
}
