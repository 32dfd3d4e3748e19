//! What is told of servers: of their versions, their certificates and who vouches for them.

use std::fs;
use std::net::TcpListener;

use allwell::metric::Status;
use allwell::testing::{Instance, run};
use allwell_server_checks::tls::Tls;
use allwell_tests::{Authority, Nginx, free_port};

use crate::{AFTER, BEFORE, assert_days_left, january, status, trusting, watch};

#[tokio::test]
async fn a_server_that_is_as_it_should_be_is_well() {
    let authority = Authority::new();
    let nginx = january(&authority, "");
    let run = run::<Tls>(&trusting(&nginx, &authority, "name: site\ntags: [env:test]")).await;
    run.assert_ok();
    for check in ["can_connect", "version", "cert_validation", "cert_expiration"] {
        run.assert_service_check(&format!("tls.{check}"), Status::Ok);
    }
    assert_days_left(&run, 30.0);
    let port = format!("port:{}", nginx.port());
    let tags = ["env:test", "name:site", "server_hostname:127.0.0.1", "server:127.0.0.1", &port];
    run.assert_metric("tls.days_left", run.values("tls.days_left")[0], tags)
        .assert_metric("tls.seconds_left", run.values("tls.seconds_left")[0], tags)
        .assert_all_covered_except(["tls.issued_days", "tls.issued_seconds"]);
}

#[tokio::test]
async fn nobody_vouches_for_a_certificate_that_signs_itself() {
    let nginx = Nginx::start_tls_of(Authority::nobody, "");
    let by_system = status(&run::<Tls>(&watch(&nginx, "")).await, "cert_validation");
    assert!(by_system.starts_with("CRITICAL invalid peer certificate: "), "{by_system}");
    let stranger = run::<Tls>(&trusting(&nginx, &Authority::new(), "")).await;
    let unknown = "CRITICAL invalid peer certificate: UnknownIssuer";
    assert_eq!(status(&stranger, "cert_validation"), unknown);
    assert_eq!(status(&stranger, "can_connect"), "OK");
    // What can be told is told.
    assert_eq!(status(&stranger, "version"), "OK");
    assert_eq!(status(&stranger, "cert_expiration"), "OK");
    assert_eq!(stranger.values("tls.days_left").len(), 1);
    let welcome = run::<Tls>(&watch(&nginx, "tls_verify: false")).await;
    assert_eq!(status(&welcome, "cert_validation"), "OK");
    // The name is another matter.
    let misnamed =
        run::<Tls>(&watch(&nginx, "tls_verify: false\nserver_hostname: a.example")).await;
    assert!(status(&misnamed, "cert_validation").starts_with("CRITICAL"), "{misnamed}");
}

#[tokio::test]
async fn a_server_that_signs_for_itself_may_be_trusted_by_its_own_certificate() {
    for (from, to, expected) in [
        (BEFORE, AFTER, "OK"),
        ("20200101000000Z", "20200102000000Z", "CRITICAL invalid peer certificate: Expired"),
        ("20260102000000Z", AFTER, "CRITICAL invalid peer certificate: NotValidYet"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let (certificate, key) = Authority::of_itself(from, to, directory.path());
        let nginx = Nginx::start_tls_of(|_| (certificate.clone(), key.clone()), "");
        let trust = format!("tls_ca_cert: {certificate}");
        let run_it = run::<Tls>(&watch(&nginx, &trust)).await;
        assert_eq!(status(&run_it, "cert_validation"), expected);
        let other = run::<Tls>(&watch(&nginx, &format!("{trust}\nserver_hostname: b.example")));
        assert!(status(&other.await, "cert_validation").starts_with("CRITICAL "));
    }
}

#[tokio::test]
async fn a_certificate_that_has_ended_is_critical_twice() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls_ended(&authority);
    let run = run::<Tls>(&trusting(&nginx, &authority, "")).await;
    let validation = status(&run, "cert_validation");
    assert!(
        validation.starts_with("CRITICAL invalid peer certificate: certificate expired"),
        "{validation}"
    );
    assert_eq!(status(&run, "cert_expiration"), "CRITICAL the certificate has ended");
    // From the second of January 2020 to the first of January 2026.
    assert_days_left(&run, -2191.0);
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_yet_is_critical() {
    let authority = Authority::new();
    let issue = |directory: &std::path::Path| {
        authority.issue_between("20260102000000Z", "20260131000000Z", directory)
    };
    let nginx = Nginx::start_tls_of(issue, "");
    let run = run::<Tls>(&trusting(&nginx, &authority, "")).await;
    let validation = status(&run, "cert_validation");
    assert!(
        validation.starts_with("CRITICAL invalid peer certificate: certificate not valid yet"),
        "{validation}"
    );
    assert_eq!(status(&run, "cert_expiration"), "OK");
    assert_days_left(&run, 30.0);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_critical_unless_names_do_not_matter() {
    let authority = Authority::new();
    let nginx = Nginx::start_tls_with(&authority, "DNS:*.elsewhere.example", "");
    let run = async |more: &str| run::<Tls>(&trusting(&nginx, &authority, more)).await;
    let refused = status(&run("").await, "cert_validation");
    assert!(
        refused.starts_with(
            r#"CRITICAL invalid peer certificate: certificate not valid for name "127.0.0.1""#
        ),
        "{refused}"
    );
    for (more, is_right) in [
        ("server_hostname: a.elsewhere.example", true),
        ("server_hostname: a.b.elsewhere.example", false),
        ("server_hostname: elsewhere.example", false),
        ("tls_validate_hostname: false", true),
        ("validate_hostname: false", true),
        ("validate_hostname: false\ntls_verify: false", true),
    ] {
        let run = run(more).await;
        assert_eq!(status(&run, "cert_validation") == "OK", is_right, "{more}: {run}");
        assert_eq!(status(&run, "version"), "OK", "{more}");
    }
}

#[tokio::test]
async fn a_chain_must_lead_to_who_is_trusted() {
    let root = Authority::new();
    let between = Authority::under(&root);
    let alone = Nginx::start_tls(&between);
    let unknown = "CRITICAL invalid peer certificate: UnknownIssuer";
    let broken = run::<Tls>(&trusting(&alone, &root, "")).await;
    assert_eq!(status(&broken, "cert_validation"), unknown);
    // It may be trusted itself.
    let direct = run::<Tls>(&trusting(&alone, &between, "")).await;
    assert_eq!(status(&direct, "cert_validation"), "OK");
    let with_chain = |directory: &std::path::Path| {
        let (certificate, key) = between.issue(directory);
        let own = fs::read_to_string(&certificate).expect("it was written");
        let others = fs::read_to_string(between.certificate()).expect("it was written");
        fs::write(&certificate, own + &others).expect("the directory is the test's own");
        (certificate, key)
    };
    let whole = Nginx::start_tls_of(with_chain, "");
    let run = run::<Tls>(&trusting(&whole, &root, "")).await;
    assert_eq!(status(&run, "cert_validation"), "OK", "{run}");
}

#[tokio::test]
async fn a_version_that_is_not_allowed_is_critical() {
    let authority = Authority::new();
    let nginx = january(&authority, "ssl_protocols TLSv1.2;");
    let newest = "CRITICAL the version TLSv1.2 is not allowed";
    for (allowed, expected) in [
        ("[TLSv1.2, TLSv1.3]", "OK"),
        ("[TLSv1.3]", newest),
        ("[TLSv1, TLSv1.1]", newest),
        ("['1.2']", "OK"),
        ("[v1.2]", "OK"),
        ("[1.2]", "OK"),
        ("[tlsv1.2]", "OK"),
        ("[]", "OK"),
    ] {
        let options = trusting(&nginx, &authority, &format!("allowed_versions: {allowed}"));
        let run = run::<Tls>(&options).await;
        assert_eq!(status(&run, "version"), expected, "{allowed}");
        assert_eq!(status(&run, "cert_validation"), "OK", "{allowed}");
    }
    let of_all = "allowed_versions: [TLSv1.3]";
    let mut instance = Instance::with_init_config::<Tls>(of_all, &trusting(&nginx, &authority, ""));
    assert_eq!(status(&instance.run().await, "version"), newest);
    let newer = january(&authority, "ssl_protocols TLSv1.3;");
    let run = run::<Tls>(&trusting(&newer, &authority, "allowed_versions: [TLSv1.2]")).await;
    assert_eq!(status(&run, "version"), "CRITICAL the version TLSv1.3 is not allowed");
}

#[tokio::test]
async fn a_server_that_has_old_versions_only_is_told_as_such() {
    let old = "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;";
    let authority = Authority::new();
    let nginx = january(&authority, old);
    let run = async |more: &str| run::<Tls>(&trusting(&nginx, &authority, more)).await;
    let refused = run("").await;
    let reason = "the server speaks no version of TLS that is spoken here";
    let version = status(&refused, "version");
    assert!(version.starts_with(&format!("CRITICAL {reason}: ")), "{version}");
    assert_eq!(status(&refused, "cert_validation"), version);
    assert_eq!(status(&refused, "can_connect"), "OK");
    assert_eq!(status(&refused, "cert_expiration"), "", "nobody has seen it");
    // Which of the old ones it is cannot be told.
    let unsure = status(&run("allowed_versions: [TLSv1.1, TLSv1.2]").await, "version");
    assert!(unsure.starts_with(&format!("UNKNOWN {reason}: ")), "{unsure}");
}

#[tokio::test]
async fn an_end_that_is_near_is_told_in_time() {
    let authority = Authority::new();
    let nginx = january(&authority, "");
    for (options, expected) in [
        ("days_warning: 29.9", "OK"),
        ("days_warning: 30.1", "WARNING 29 days until the certificate ends"),
        ("days_critical: 30.1", "CRITICAL only 29 days until the certificate ends"),
        ("days_warning: 1\nseconds_warning: 2592001", "WARNING 29 days until the certificate ends"),
        ("days_warning: 31\nseconds_warning: 2591000", "OK"),
        ("seconds_critical: 2592001", "CRITICAL only 29 days until the certificate ends"),
        ("days_critical: 31\nseconds_critical: 1", "OK"),
    ] {
        let run = run::<Tls>(&trusting(&nginx, &authority, options)).await;
        assert_eq!(status(&run, "cert_expiration"), expected, "{options}");
        assert_eq!(status(&run, "cert_validation"), "OK", "{options}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_critical_and_nothing_else_is_told() {
    let port = free_port();
    let down = run::<Tls>(&format!("server: 127.0.0.1\nport: {port}")).await;
    let refused = status(&down, "can_connect");
    assert!(refused.starts_with(&format!("CRITICAL `127.0.0.1:{port}` cannot be reached: ")));
    let nobody = run::<Tls>("server: nobody.invalid\ntimeout: 5").await;
    let unknown = status(&nobody, "can_connect");
    assert!(unknown.starts_with("CRITICAL `nobody.invalid:443` cannot be reached: "), "{unknown}");
    for run in [down, nobody] {
        for check in ["version", "cert_validation", "cert_expiration"] {
            assert_eq!(status(&run, check), "");
        }
        assert!(run.values("tls.days_left").is_empty(), "{run}");
    }
}

#[tokio::test]
async fn a_server_that_is_silent_or_speaks_something_else_has_no_certificate() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let run_silent = run::<Tls>(&format!("server: 127.0.0.1\nport: {port}\ntimeout: 0.2")).await;
    assert_eq!(status(&run_silent, "can_connect"), "OK");
    assert_eq!(status(&run_silent, "cert_validation"), "CRITICAL no handshake within 200ms");
    let plain = Nginx::start();
    let other = run::<Tls>(&watch(&plain, "")).await;
    let validation = status(&other, "cert_validation");
    assert!(validation.starts_with("CRITICAL the handshake failed: "), "{validation}");
    assert_eq!(status(&other, "version"), "");
}
