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

#[tokio::test]
async fn a_directory_of_authorities_is_trusted_too() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls(&authority);
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::copy(authority.certificate(), directory.path().join("a.pem")).expect("a copy");
    std::fs::write(directory.path().join("README"), "no certificate").expect("a file");
    let options = format!("tls_ca_cert: {}", directory.path().display());
    run::<awesome>(&watch(&nginx, &options))
        .await
        .assert_service_check("awesome.search", Status::Ok);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_taken_only_if_that_is_asked_for() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let nginx = Nginx::start_tls_with(&authority, "DNS:elsewhere.example", "");
    let options = format!("tls_ca_cert: {}", authority.certificate().display());
    let refused = run::<awesome>(&watch(&nginx, &options)).await;
    let message = refused.status("awesome.search").map(Status::message).unwrap_or_default();
    assert!(message.contains("certificate not valid for name"), "{message}");
    let options = format!("{options}\ntls_validate_hostname: false");
    run::<awesome>(&watch(&nginx, &options))
        .await
        .assert_service_check("awesome.search", Status::Ok);
    let options =
        format!("tls_ca_cert: {}\ntls_validate_hostname: false", stranger.certificate().display());
    let refused = run::<awesome>(&watch(&nginx, &options)).await;
    let message = refused.status("awesome.search").map(Status::message).unwrap_or_default();
    assert!(message.contains("invalid peer certificate"), "who issued it counts: {message}");
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_is_shown_one() {
    let authority = Authority::new();
    let ask = format!(
        "ssl_client_certificate {}; ssl_verify_client on;",
        authority.certificate().display()
    );
    let nginx = Nginx::start_tls_with(&authority, "IP:127.0.0.1", &ask);
    let trust = format!("tls_ca_cert: {}", authority.certificate().display());
    let refused = run::<awesome>(&watch(&nginx, &trust)).await;
    let message = refused.status("awesome.search").map(Status::message).unwrap_or_default();
    assert!(message.contains("400 Bad Request"), "{message}");
    let directory = tempfile::tempdir().expect("a directory");
    let (certificate, key) = authority.issue_for("DNS:client", directory.path());
    let options = format!("{trust}\ntls_cert: {certificate}\ntls_private_key: {key}");
    run::<awesome>(&watch(&nginx, &options))
        .await
        .assert_service_check("awesome.search", Status::Ok);
}

#[tokio::test]
async fn versions_and_suites_are_those_of_the_options() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls_with(&authority, "IP:127.0.0.1", "ssl_protocols TLSv1.2;");
    let trust = format!("tls_ca_cert: {}", authority.certificate().display());
    for (options, is_good) in [
        ("tls_protocols_allowed: [SSLv3, TLSv1.2]", true),
        ("tls_protocols_allowed: [TLSv1.3]", false),
        ("tls_ciphers: [ECDHE-ECDSA-AES128-GCM-SHA256]", true),
        ("tls_ciphers: [TLS_AES_256_GCM_SHA384]", false),
    ] {
        let run = run::<awesome>(&watch(&nginx, &format!("{trust}\n{options}"))).await;
        let status = run.status("awesome.search").cloned();
        assert_eq!(status == Some(Status::Ok), is_good, "{options}: {status:?}");
    }
}
