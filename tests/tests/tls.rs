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
async fn a_server_that_signs_for_itself_is_trusted_by_its_own_certificate_and_for_its_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let (certificate, key) =
        Authority::of_itself("20200101000000Z", "20991231000000Z", directory.path());
    let nginx = Nginx::start_tls_of(|_| (certificate.clone(), key.clone()), "");
    let trust = format!("tls_ca_cert: {certificate}");
    run::<awesome>(&watch(&nginx, &trust)).await.assert_service_check("awesome.search", Status::Ok);
    let other = nginx.url("/").replace("127.0.0.1", "localhost");
    let options = format!("url: {other}\nsearch_string: Welcome\n{trust}");
    let refused = run::<awesome>(&options).await;
    let message = refused.status("awesome.search").map(Status::message).unwrap_or_default();
    assert!(message.contains("certificate not valid for name"), "{message}");
    run::<awesome>(&format!("{options}\ntls_validate_hostname: false"))
        .await
        .assert_service_check("awesome.search", Status::Ok);
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

/// Ways in which openssl encrypts a key: those of today.
const WAYS: [&[&str]; 4] = [
    &["pkcs8", "-topk8"],
    &["pkcs8", "-topk8", "-v2", "aes-128-cbc"],
    &["pkcs8", "-topk8", "-scrypt"],
    &["pkey", "-aes256"],
];

#[tokio::test]
async fn a_key_that_is_encrypted_is_opened_by_its_password() {
    let authority = Authority::new();
    let ask = format!(
        "ssl_client_certificate {}; ssl_verify_client on;",
        authority.certificate().display()
    );
    let nginx = Nginx::start_tls_with(&authority, "IP:127.0.0.1", &ask);
    let directory = tempfile::tempdir().expect("a directory");
    let (certificate, key) = authority.issue_for("DNS:client", directory.path());
    let options = |key: &str, more: &str| {
        let trust = authority.certificate();
        let own = format!("tls_ca_cert: {}\ntls_cert: {certificate}", trust.display());
        watch(&nginx, &format!("{own}\ntls_private_key: {key}\n{more}"))
    };
    for how in WAYS {
        let file = Authority::encrypt(&key, "hush-hush", how);
        run::<awesome>(&options(&file, "tls_private_key_password: hush-hush"))
            .await
            .assert_service_check("awesome.search", Status::Ok);
        let refused = run::<awesome>(&options(&file, "tls_private_key_password: wrong")).await;
        let wrong =
            format!("`tls_private_key` `{file}` cannot be used: `tls_private_key_password` does");
        refused.assert_failed(&wrong);
        let refused = run::<awesome>(&options(&file, "")).await;
        refused.assert_failed("it is encrypted, and there is no `tls_private_key_password`");
    }
    // One that is not encrypted needs none.
    run::<awesome>(&options(&key, "tls_private_key_password: hush-hush"))
        .await
        .assert_service_check("awesome.search", Status::Ok);
    let old = Authority::encrypt(&key, "hush-hush", &["ec", "-aes256"]);
    let refused = run::<awesome>(&options(&old, "tls_private_key_password: hush-hush")).await;
    refused.assert_failed("it is encrypted in an old way");
    let weak = Authority::encrypt(&key, "hush-hush", &["pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES"]);
    let refused = run::<awesome>(&options(&weak, "tls_private_key_password: hush-hush")).await;
    refused.assert_failed("hint: `openssl pkcs8 -topk8 -v2 aes-256-cbc");
    // The key may lie in one file with the certificate.
    let both = directory.path().join("both.pem");
    let encrypted = Authority::encrypt(&key, "hush-hush", WAYS[0]);
    let read = |file: &str| std::fs::read_to_string(file).expect("it was written");
    std::fs::write(&both, read(&certificate) + &read(&encrypted)).expect("a file");
    let trust = authority.certificate();
    let options = format!(
        "tls_ca_cert: {}\ntls_cert: {}\ntls_private_key_password: hush-hush",
        trust.display(),
        both.display()
    );
    run::<awesome>(&watch(&nginx, &options))
        .await
        .assert_service_check("awesome.search", Status::Ok);
}

#[tokio::test]
async fn a_server_is_asked_for_the_name_of_the_header_if_that_is_wanted() {
    let authority = Authority::new();
    let name = "location = /name { return 200 'asked $ssl_server_name, host $host'; }";
    let nginx = Nginx::start_tls_with(&authority, "DNS:site.example", name);
    let options = |more: &str| {
        let trust = authority.certificate();
        format!(
            "url: {}\nsearch_string: asked site.example, host site.example\ntls_ca_cert: {}\n{more}",
            nginx.url("/name"),
            trust.display()
        )
    };
    for headers in ["headers", "extra_headers"] {
        let host = format!("{headers}: {{Host: 'site.example:8443'}}");
        let named = run::<awesome>(&options(&format!("{host}\ntls_use_host_header: true"))).await;
        named.assert_service_check("awesome.search", Status::Ok);
        let tags = &named.service_checks[0].tags;
        assert_eq!(*tags, [format!("url:{}", nginx.url("/name"))]);
        let plain = run::<awesome>(&options(&host)).await;
        let message = plain.status("awesome.search").map(Status::message).unwrap_or_default();
        assert!(message.contains("certificate not valid for name \"127.0.0.1\""), "{message}");
    }
    // Without the header, it is as ever.
    let without = run::<awesome>(&options("tls_use_host_header: true")).await;
    let message = without.status("awesome.search").map(Status::message).unwrap_or_default();
    assert!(message.contains("certificate not valid for name \"127.0.0.1\""), "{message}");
    let address = run::<awesome>(&options("headers: {Host: 10.0.0.1}\ntls_use_host_header: true"));
    let address = address.await;
    let message = address.status("awesome.search").map(Status::message).unwrap_or_default();
    let refused = "option `tls_use_host_header` cannot be used: the header `Host` must be a name";
    assert_eq!(message, refused);
}
