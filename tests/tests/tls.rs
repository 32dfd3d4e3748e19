//! TLS of the client that checks are given, against a real nginx: who is trusted, and what is said of who is not.

use allwell::metric::Status;
use allwell::testing::run;
use allwell_examples::awesome::awesome;
use allwell_tests::{Authority, Nginx};

fn watch(nginx: &Nginx, more: &str) -> String {
    format!("url: {}\nsearch_string: Welcome\n{more}", nginx.url("/"))
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let nginx = Nginx::start_tls(&Authority::new());
    let run = run::<awesome>(&watch(&nginx, "")).await;
    let reason = "cannot be reached: invalid peer certificate: UnknownIssuer";
    run.assert_service_check(
        "awesome.search",
        Status::critical(format!("`{}` {reason}", nginx.url("/"))),
    );
}

#[tokio::test]
async fn the_authority_of_the_file_is_trusted() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let options = format!("tls_ca_cert: {}", authority.certificate().display());
    run::<awesome>(&watch(&nginx, &options))
        .await
        .assert_service_check("awesome.search", Status::Ok);
}

#[tokio::test]
async fn another_authority_than_that_of_the_file_is_not() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let nginx = Nginx::start_tls(&authority);
    let options = format!("tls_ca_cert: {}", stranger.certificate().display());
    let run = run::<awesome>(&watch(&nginx, &options)).await;
    let message = run.status("awesome.search").map(Status::message).unwrap_or_default();
    assert!(message.contains("invalid peer certificate"), "{message}");
}

#[tokio::test]
async fn without_verification_anyone_is_trusted() {
    let nginx = Nginx::start_tls(&Authority::new());
    run::<awesome>(&watch(&nginx, "tls_verify: false"))
        .await
        .assert_service_check("awesome.search", Status::Ok);
}
