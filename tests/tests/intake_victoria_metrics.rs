//! VictoriaMetrics takes our series of version 1, and its API returns our values.

use std::time::{Duration, Instant};

use allwell::HttpOptions;
use allwell::http::Http;
use allwell::output::Output;
use allwell::output::forward::ForwardOptions;
use allwell::output::intake::{
    Addresses, ApiKey, Compression, Destination, Form, Intake, IntakeOptions, SeriesVersion,
};
use allwell_tests::intake::{VictoriaMetrics, disks};
use serde_json::{Value, json};

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

/// The values that a query yields, by device.
async fn query(server: &VictoriaMetrics, query: &str) -> Value {
    let http = Http::new(&HttpOptions::default()).expect("good options");
    let begun = Instant::now();
    loop {
        let _ = http.get(server.url("/internal/force_flush")).await;
        let answer: Value = http
            .json(server.url(&format!("/api/v1/query?query={query}")))
            .await
            .expect("an answer of the API");
        let result = answer["data"]["result"].clone();
        if result != json!([]) {
            return result;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{query} yields nothing");
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
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", intake.held());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let held = intake.held();
    assert_eq!((held.last_error, (held.dropped + held.refused).total()), (None, 0));
    let one = query(&server, "sent.disk.used{device=\"sd7\"}").await;
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
