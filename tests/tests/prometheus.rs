//! The OpenMetrics endpoint against Prometheus: what it scrapes is what was measured, and `promtool` has nothing to say.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use allwell::http::Http;
use allwell::output::exposition::{
    Access, Exposition, ExpositionOptions, Format, Syntax, TlsFiles,
};
use allwell::{HttpOptions, Secret};
use allwell_tests::daemon::{Daemon, write};
use allwell_tests::{Authority, STRANGE, Scraper, Target, exposed, free_port};
use tempfile::TempDir;

fn options() -> ExpositionOptions {
    ExpositionOptions { address: ([127, 0, 0, 1], 0).into(), ..ExpositionOptions::default() }
}

fn text(exposition: &Exposition, syntax: Syntax) -> String {
    let pieces = exposition.text(Format { syntax, utf8_names: false });
    String::from_utf8(pieces.flatten().collect()).expect("it is text")
}

/// What `promtool` says of a text.
fn promtool(text: &str) -> String {
    let mut tool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`promtool` cannot be started\nhint: apt-get install prometheus");
    tool.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    let output = tool.wait_with_output().expect("it ends");
    format!(
        "{}{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output
            .status
            .code()
            .filter(|code| *code != 0)
            .map(|code| code.to_string())
            .unwrap_or_default()
    )
}

#[test]
fn promtool_finds_nothing_to_say() {
    let exposition = exposed(options());
    assert_eq!(promtool(&text(&exposition, Syntax::Text)), "");
    assert_ne!(promtool("a{ 1\n"), "", "it would say something");
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_give_what_was_measured() {
    let exposition = exposed(options());
    let target = Target::plain(exposition.listen().expect("a port is free"));
    let prometheus = Scraper::prometheus(&target);
    let labels: BTreeMap<_, _> = [
        ("__name__", "shop_till_filling_percent"),
        ("env", "test"),
        ("host", "shop-1"),
        ("instance", &target.address.to_string()),
        ("job", "test"),
        ("strange", STRANGE),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    assert_eq!(prometheus.comes("shop_till_filling_percent").await, [(labels, 15.5)]);
    for (query, expected) in [
        ("shop_till_space_bytes", 1e15),
        ("shop_till_receipts_total", 9.0),
        ("shop_till_printed_bytes_total", 2000.0),
        ("shop_till_printed_bytes_created", 1_700_000_030.0),
        ("shop_till_customers_per_second", 2.0),
        ("shop_till_taken_avg_seconds", 0.25),
        ("shop_till_taken_count_value", 1.0),
        ("shop_till_waited_seconds_count", 3.0),
        ("shop_till_waited_seconds_sum", 0.7 + 0.7 * 2.0 + 0.7 * 3.0),
        ("shop_till_waited_seconds_bucket{le=\"0.5\"}", 0.0),
        ("shop_till_waited_seconds_bucket{le=\"1.0\"}", 1.0),
        ("shop_till_waited_seconds_bucket{le=\"2.5\"}", 3.0),
        ("shop_till_waited_seconds_bucket{le=\"+Inf\"}", 3.0),
        ("shop_till_open", 1.0),
        ("count({host=\"shop-1\",strange!=\"\"}) by (job)", 36.0),
    ] {
        is_exactly(expected, &prometheus, query).await;
    }
    let types = metadata(&prometheus).await;
    let of = |name: &str| types.get(name).cloned().unwrap_or_default();
    assert_eq!(of("shop_till_space_bytes"), ["gauge", "Space for receipts.", "bytes"]);
    assert_eq!(of("shop_till_receipts"), ["counter", "Receipts printed.", ""]);
    assert_eq!(
        of("shop_till_waited_seconds"),
        ["histogram", "How long a customer takes.", "seconds"]
    );
    let help = "Money in the \"till\", in all coins.";
    assert_eq!(of("shop_till_filling_percent"), ["gauge", help, "percent"]);
}

/// What a query gives is this, to the last bit.
async fn is_exactly(expected: f64, scraper: &Scraper, query: &str) {
    let value = scraper.value(query).await;
    assert_eq!(value.to_bits(), expected.to_bits(), "{query}: {value} and not {expected}");
}

/// Type, help and unit of every metric, by name.
async fn metadata(prometheus: &Scraper) -> BTreeMap<String, [String; 3]> {
    let http = Http::new(&HttpOptions::default()).expect("good options");
    let url = format!("{}/api/v1/metadata", prometheus.address());
    let answer: serde_json::Value = http.json(url).await.expect("it answers");
    let all = answer["data"].as_object().expect("an object of metrics").iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|(name, of)| (name.clone(), ["type", "help", "unit"].map(|key| text(&of[0][key]))))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_scraped_over_tls_by_who_has_the_token() {
    let (authority, directory) = (Authority::new(), TempDir::new().expect("a directory"));
    let (certificate, key) = authority.issue(directory.path());
    let tls = TlsFiles { certificate: certificate.into(), key: key.into() };
    let access = Access { bearer_token: Some(Secret::new("right")), user: None };
    let exposition = exposed(ExpositionOptions { tls: Some(tls), access, ..options() });
    let address = exposition.listen().expect("a port is free");
    let known = Some(authority.certificate());
    let right = Target { address, authority: known.clone(), token: Some("right".to_owned()) };
    let prometheus = Scraper::prometheus(&right);
    is_exactly(1.0, &prometheus, "shop_till_open").await;
    let wrong = Target { address, authority: known, token: Some("wrong".to_owned()) };
    let prometheus = Scraper::prometheus(&wrong);
    is_exactly(0.0, &prometheus, "up").await;
}

/// A certificate that is renewed in its place is shown from then on; one that cannot be used is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_taken_up() {
    let directory = TempDir::new().expect("a directory");
    let (old, new) = (Authority::new(), Authority::new());
    let (certificate, key) = old.issue(directory.path());
    let tls = TlsFiles { certificate: certificate.into(), key: key.into() };
    let exposition = exposed(ExpositionOptions { tls: Some(tls), ..options() });
    let url = format!("https://{}/-/healthy", exposition.listen().expect("a port is free"));
    let trusts = async |authority: &Authority| {
        let tls_ca_cert = Some(authority.certificate());
        let options = HttpOptions { tls_ca_cert, skip_proxy: true, ..HttpOptions::default() };
        Http::new(&options).expect("good options").get(&url).await.is_ok()
    };
    assert!(trusts(&old).await && !trusts(&new).await);
    new.issue(directory.path());
    assert!(trusts(&new).await && !trusts(&old).await);
    write(directory.path(), "server.pem", "nonsense");
    assert!(trusts(&new).await);
}

/// The whole way: a daemon whose settings name the endpoint, its checks and its own metrics, and its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_is_scraped() {
    let directory = TempDir::new().expect("a directory");
    let port = free_port();
    let settings = format!("outputs:\n  - openmetrics: {{address: '127.0.0.1:{port}'}}\n");
    write(directory.path(), "allwell.yaml", &settings);
    write(directory.path(), "conf.d/counter.yaml", "instances:\n  - file: number\n");
    write(directory.path(), "number", "1000");
    let mut daemon = Daemon::start(env!("CARGO_BIN_EXE_house"), directory.path(), &[]);
    daemon.told("started");
    let prometheus = Scraper::prometheus(&Target::plain(([127, 0, 0, 1], port).into()));
    is_exactly(0.0, &prometheus, "counter_total").await;
    write(directory.path(), "number", "1017");
    prometheus.comes("counter_total > 0").await;
    is_exactly(17.0, &prometheus, "counter_total").await;
    prometheus.comes("allwell_check_runs_total").await;
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
}
