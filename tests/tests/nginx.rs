//! The nginx check against a real nginx.
#![expect(
    clippy::float_cmp,
    reason = "what is computed in the same way is the same to the last bit"
)]

use allwell::metric::Status;
use allwell::testing::{Run, instance, run};
use allwell_server_checks::nginx::nginx;
use allwell_tests::{Nginx, free_port};

fn status_of(server: &Nginx) -> String {
    format!("nginx_status_url: {}\ntags: [env:test]", server.url("/nginx_status"))
}

#[tokio::test]
async fn all_metrics_of_the_status_page() {
    let server = Nginx::start();
    let run = run::<nginx>(&status_of(&server)).await;
    let tags = ["env:test"];
    // Waiting for the server's start took a connection, on which nothing was asked; this run took the other.
    run.assert_ok()
        .assert_metric("nginx.net.connections", 1.0, tags)
        .assert_metric("nginx.net.reading", 0.0, tags)
        .assert_metric("nginx.net.writing", 1.0, tags)
        .assert_metric("nginx.net.waiting", 0.0, tags)
        .assert_metric("nginx.net.conn_opened_per_s", 2.0, tags)
        .assert_metric("nginx.net.conn_dropped_per_s", 0.0, tags)
        .assert_metric("nginx.net.request_per_s", 1.0, tags)
        .assert_service_check("nginx.can_connect", Status::Ok)
        .assert_all_covered();
}

#[tokio::test]
async fn every_run_asks_on_the_same_connection() {
    let server = Nginx::start();
    let mut instance = instance::<nginx>(&status_of(&server));
    let first = instance.run().await;
    let second = instance.run().await;
    let requests = |run: &Run| run.values("nginx.net.request_per_s")[0];
    let connections = |run: &Run| run.values("nginx.net.conn_opened_per_s")[0];
    assert_eq!(requests(&second) - requests(&first), 1.0);
    assert_eq!(connections(&second), connections(&first));
}

#[tokio::test]
async fn a_server_that_is_down_is_critical() {
    let url = format!("http://127.0.0.1:{}/nginx_status", free_port());
    let run = run::<nginx>(&format!("nginx_status_url: {url}")).await;
    run.assert_failed("refused");
    let Some(Status::Critical(message)) = run.status("nginx.can_connect") else {
        panic!("the service check is not critical: {run}");
    };
    assert!(message.contains(&url), "{message}");
    assert!(run.metrics.is_empty(), "{run}");
}

#[tokio::test]
async fn a_page_of_something_else_is_critical() {
    let server = Nginx::start();
    let run = run::<nginx>(&format!("nginx_status_url: {}", server.url("/"))).await;
    let error = format!("{} is not a `stub_status` page", server.url("/"));
    run.assert_failed(&error);
    run.assert_service_check("nginx.can_connect", Status::critical(&error));
}

#[tokio::test]
async fn a_page_that_is_not_there_is_critical() {
    let server = Nginx::start();
    let url = server.url("/nginx_status/elsewhere").replace("/nginx_status/", "/%00");
    let run = run::<nginx>(&format!("nginx_status_url: {url}")).await;
    run.assert_failed("400");
}
