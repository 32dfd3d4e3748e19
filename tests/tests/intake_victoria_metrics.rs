//! VictoriaMetrics takes our series of version 1, and its API returns our values.

use std::time::{Duration, Instant};

use allwell::HttpOptions;
use allwell::http::Http;
use allwell::output::Output;
use allwell::output::forward::ForwardOptions;
use allwell::output::intake::{
    Addresses, ApiKey, Compression, Destination, Form, Intake, IntakeOptions, SeriesVersion,
};
use allwell_tests::Door;
use allwell_tests::daemon::{Daemon, write};
use allwell_tests::intake::{VictoriaMetrics, disks};
use serde_json::{Value, json};
use tempfile::TempDir;

const HOUSE: &str = env!("CARGO_BIN_EXE_house");

const KEY: &str = "0123456789abcdef0123456789abcdef";

const DISKS: u32 = 5_000;

fn intake(server: &VictoriaMetrics, form: Form) -> Intake {
    let addresses = Addresses::of_url(&server.url("/datadog"));
    let options = IntakeOptions {
        name: "datadog".to_owned(),
        destinations: vec![Destination { addresses, key: ApiKey::new("none") }],
        form,
        logs: false,
        http: HttpOptions::default(),
        forward: ForwardOptions::default(),
    };
    Intake::new(options).expect("good options")
}

/// What a query yields, once it is something.
async fn query(server: &VictoriaMetrics, query: &str) -> Value {
    query_until(server, query, |result| *result != json!([])).await
}

/// What a query yields, once it is as expected.
async fn query_until(
    server: &VictoriaMetrics,
    query: &str,
    expected: impl Fn(&Value) -> bool,
) -> Value {
    let http = Http::new(&HttpOptions::default()).expect("good options");
    let begun = Instant::now();
    loop {
        let _ = http.get(server.url("/internal/force_flush")).await;
        let answer: Value = http
            .json(server.url(&format!("/api/v1/query?query={query}")))
            .await
            .expect("an answer of the API");
        let result = answer["data"]["result"].clone();
        if expected(&result) {
            return result;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{query} yields {result}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn it_takes_series_of_version_1_and_returns_our_values() {
    let server = VictoriaMetrics::start();
    let form = Form { compression: Compression::Deflate, series: SeriesVersion::V1 };
    let intake = intake(&server, form);
    let mut delivery = (*disks(DISKS)).clone();
    delivery.sketches.clear();
    delivery.logs.clear();
    intake.deliver(&[delivery.into()]).await.expect("taken");
    let begun = Instant::now();
    while intake.held().queued.total() > 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", intake.held());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let held = intake.held();
    assert_eq!((held.last_error, (held.dropped + held.refused).total()), (None, 0));
    let one = query(&server, "{__name__=\"sent.disk.used\",device=\"sd7\"}").await;
    assert_eq!(
        one[0]["metric"],
        json!({
            "__name__": "sent.disk.used", "env": "test", "team": "größe", "host": "web-1",
            "device": "sd7", "mount": "/srv/7",
        })
    );
    assert_eq!(one[0]["value"][1], "3.5");
    let number = query(&server, "count({__name__=\"sent.disk.used\"})").await;
    assert_eq!(number[0]["value"][1], DISKS.to_string());
    let sum = query(&server, "sum({__name__=\"sent.disk.used\"})").await;
    let expected = f64::from(DISKS) * f64::from(DISKS - 1) / 4.0;
    assert_eq!(sum[0]["value"][1], expected.to_string());
}

#[tokio::test]
async fn a_trial_tells_which_form_it_takes() {
    let server = VictoriaMetrics::start();
    let seen = intake(&server, Form::default()).diagnose().await;
    let complaint = seen[1].outcome.clone().expect_err("it does not know version 2");
    assert!(complaint.hint.contains("`series_version: v1`"), "{complaint:?}");
    let form = Form { compression: Compression::Deflate, series: SeriesVersion::V1 };
    let seen = intake(&server, form).diagnose().await;
    let errors: Vec<_> = seen.iter().filter(|seen| seen.outcome.is_err()).collect();
    assert!(errors.is_empty() && seen.len() == 2, "{seen:?}");
}

fn settings(directory: &TempDir, address: &str) {
    let text = format!(
        "run_path: run\nown_metrics: false\noutputs:\n  - datadog: {{api_key: {KEY}, dd_url: '{address}', \
         series_version: v1, compression: deflate, logs_enabled: false}}\n"
    );
    write(directory.path(), "allwell.yaml", &text);
}

/// Every file below a directory, as text.
fn contents(directory: &std::path::Path) -> String {
    let entries = std::fs::read_dir(directory).expect("a directory");
    let of = |path: std::path::PathBuf| match path.is_dir() {
        true => contents(&path),
        // A socket cannot be read.
        false => String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned(),
    };
    entries.map(|entry| of(entry.expect("an entry").path())).collect()
}

#[tokio::test]
async fn what_could_not_be_sent_before_a_restart_arrives_once_after_it_and_the_key_is_nowhere() {
    let directory = TempDir::new().expect("a directory");
    let door = Door::closed();
    settings(&directory, &format!("http://127.0.0.1:{}/datadog", door.port));
    write(directory.path(), "conf.d/counter.yaml", "instances:\n  - file: number\n");
    write(directory.path(), "number", "1000");
    let mut daemon = Daemon::start(HOUSE, directory.path(), &[]);
    daemon.told("started");
    daemon.told("Connection refused");
    tokio::time::sleep(Duration::from_secs(4)).await;
    write(directory.path(), "number", "1042");
    tokio::time::sleep(Duration::from_secs(4)).await;
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
    let spooled = directory.path().join("run/spool/datadog");
    let on_disk = contents(&spooled);
    assert!(on_disk.contains("/api/v1/series"), "{spooled:?} has nothing of series");
    assert!(!contents(&directory.path().join("run")).contains(KEY));
    assert!(!daemon.all_told().contains(KEY), "{}", daemon.all_told());
    let server = VictoriaMetrics::start();
    door.open(server.port());
    write(directory.path(), "number", "1050");
    let daemon = Daemon::start(HOUSE, directory.path(), &[]);
    daemon.told("started");
    let grown = "sum(sum_over_time({__name__=\"counter.total\"}[10m]))";
    query_until(&server, grown, |result| result[0]["value"][1] == "50").await;
}
