//! The check of addresses against real servers.

use std::time::{Duration, SystemTime};

use allwell::metric::Status;
use allwell::testing::run;
use allwell_server_checks::http_check::http_check;
use allwell_tests::{Authority, Nginx, free_port};

fn watch(url: &str, more: &str) -> String {
    format!("name: site\nurl: {url}\n{more}")
}

#[tokio::test]
async fn an_answer_is_up_and_its_time_is_told() {
    let nginx = Nginx::start();
    let url = nginx.url("/");
    let run = run::<http_check>(&watch(&url, "tags: [env:test]")).await;
    let tags = ["env:test", "instance:site", &format!("url:{url}")];
    run.assert_ok()
        .assert_metric("network.http.can_connect", 1.0, tags)
        .assert_metric("network.http.cant_connect", 0.0, tags)
        .assert_service_check("http.can_connect", Status::Ok);
    let [seconds] = run.values("network.http.response_time")[..] else { panic!("{run}") };
    assert!(seconds > 0.0 && seconds < 10.0, "{seconds}");
    assert!(run.status("http.ssl_cert").is_none(), "it has no certificate");
}

#[tokio::test]
async fn a_server_that_is_down_is_critical_and_has_no_time() {
    let url = format!("http://127.0.0.1:{}/", free_port());
    let run = run::<http_check>(&watch(&url, "")).await;
    let tags = ["instance:site", &format!("url:{url}")];
    run.assert_metric("network.http.can_connect", 0.0, tags).assert_metric(
        "network.http.cant_connect",
        1.0,
        tags,
    );
    assert!(run.values("network.http.response_time").is_empty(), "{run}");
    let message = run.status("http.can_connect").map(Status::message).unwrap_or_default();
    assert!(message.contains("). Connection failed after "), "{message}");
}

#[tokio::test]
async fn a_status_or_a_text_that_is_not_as_it_should_be_is_critical() {
    let nginx = Nginx::start();
    let cases = [
        ("/", "http_response_status_code: 404", "expected the status 404, got 200"),
        ("/", "http_response_status_code: '00'", "expected the status 00, got 200"),
        ("/", "content_match: nobody", "`nobody` is not in the answer"),
        (
            "/",
            "content_match: Wel+come\nreverse_content_match: true",
            "`Wel+come` is in the answer",
        ),
        (
            "/",
            "content_match: nobody\ninclude_content: true",
            "`nobody` is not in the answer\nContent: Welcome",
        ),
    ];
    for (path, options, message) in cases {
        let run = run::<http_check>(&watch(&nginx.url(path), options)).await;
        let status = run.status("http.can_connect").expect("a service check");
        assert!(matches!(status, Status::Critical(_)), "{options}: {run}");
        assert_eq!(status.message().trim_end(), message);
    }
    for options in ["content_match: Wel+come", "content_match: nobody\nreverse_content_match: true"]
    {
        let run = run::<http_check>(&watch(&nginx.url("/"), options)).await;
        run.assert_service_check("http.can_connect", Status::Ok);
    }
}

#[tokio::test]
async fn the_end_of_a_certificate_is_told_in_time() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let trust = format!("tls_ca_cert: {}", authority.certificate().display());
    let first = run::<http_check>(&watch(&nginx.url("/"), &trust)).await;
    first.assert_ok().assert_service_check("http.can_connect", Status::Ok);
    let [seconds] = first.values("http.ssl.seconds_left")[..] else { panic!("{first}") };
    let [days] = first.values("http.ssl.days_left")[..] else { panic!("{first}") };
    assert!((days - (seconds / 86_400.0).floor()).abs() < 0.5, "{days} days, {seconds} s");
    // The certificate is valid for two days from now; the run has a time of its own.
    let ends = SystemTime::now() + Duration::from_hours(48);
    let left = ends.duration_since(first.report.started).expect("a run of long ago").as_secs_f64();
    assert!(seconds <= left && seconds > left - 300.0, "{seconds} s and {left} s");
    let beyond = first.values("http.ssl.seconds_left")[0] + 86_400.0;
    for (options, is_right) in [
        (format!("seconds_warning: {beyond:.0}\nseconds_critical: 1"), "WARNING"),
        (format!("seconds_critical: {beyond:.0}"), "CRITICAL"),
        ("seconds_warning: 1\nseconds_critical: 1".to_owned(), "OK"),
    ] {
        let run = run::<http_check>(&watch(&nginx.url("/"), &format!("{trust}\n{options}"))).await;
        let status = run.status("http.ssl_cert").expect("a service check");
        assert_eq!(status.name(), is_right, "{options}: {run}");
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_or_one_that_has_ended_is_down() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let stranger = run::<http_check>(&watch(&nginx.url("/"), "")).await;
    assert_eq!(stranger.status("http.can_connect").map(Status::name), Some("CRITICAL"));
    assert_eq!(stranger.status("http.ssl_cert").map(Status::name), Some("UNKNOWN"));
    let ended = Nginx::start_tls_ended(&authority);
    let trust = format!("tls_ca_cert: {}", authority.certificate().display());
    let ended = run::<http_check>(&watch(&ended.url("/"), &trust)).await;
    ended.assert_service_check("http.ssl_cert", Status::critical("the certificate has ended"));
    assert_eq!(ended.values("http.ssl.days_left"), [0.0]);
}
