//! Files: a certificate that is looked at without a server, and those that are shown to one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use allwell::testing::{instance, run};
use allwell_server_checks::tls::Tls;
use allwell_tests::{Authority, Nginx};
use tempfile::TempDir;

use crate::{AFTER, BEFORE, assert_days_left, january, status, trusting};

/// The certificate of thirty days to come, in PEM.
fn certificate() -> (TempDir, PathBuf) {
    let directory = TempDir::new().expect("a directory");
    let (certificate, _) = Authority::new().issue_between(BEFORE, AFTER, directory.path());
    (directory, certificate.into())
}

fn in_der(pem: &Path) -> PathBuf {
    let der = pem.with_extension("der");
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-outform", "DER", "-in"]).arg(pem).arg("-out").arg(&der);
    assert!(openssl.status().expect("openssl is installed").success());
    der
}

fn look_at(file: &Path, more: &str) -> String {
    format!("local_cert_path: {}\n{more}", file.display())
}

#[tokio::test]
async fn a_certificate_in_a_file_is_looked_at_without_a_server() {
    let (_directory, pem) = certificate();
    for file in [pem.clone(), in_der(&pem)] {
        let options = look_at(&file, "name: file\nserver_hostname: 127.0.0.1");
        let run = run::<Tls>(&options).await;
        run.assert_ok();
        assert_eq!(status(&run, "cert_validation"), "OK");
        assert_eq!(status(&run, "cert_expiration"), "OK");
        assert_eq!(status(&run, "can_connect") + &status(&run, "version"), "");
        assert_days_left(&run, 30.0);
        let days = run.values("tls.days_left")[0];
        run.assert_metric("tls.days_left", days, ["name:file", "server_hostname:127.0.0.1"]);
    }
}

#[tokio::test]
async fn the_name_in_a_file_matters_unless_it_is_not_to() {
    let (_directory, pem) = certificate();
    let other = run::<Tls>(&look_at(&pem, "server_hostname: a.example")).await;
    let validation = status(&other, "cert_validation");
    assert!(validation.starts_with("CRITICAL invalid peer certificate: "), "{validation}");
    assert_eq!(status(&other, "cert_expiration"), "OK");
    let any = run::<Tls>(&look_at(&pem, "tls_validate_hostname: false")).await;
    assert_eq!(status(&any, "cert_validation"), "OK");
    let days = any.values("tls.days_left")[0];
    any.assert_metric::<&str>("tls.days_left", days, []);
}

#[tokio::test]
async fn the_time_for_which_a_certificate_was_issued_is_told_if_it_is_wanted() {
    let (_directory, pem) = certificate();
    let without = look_at(&pem, "tls_validate_hostname: false");
    assert!(run::<Tls>(&without).await.values("tls.issued_days").is_empty());
    let run = run::<Tls>(&format!("{without}\nsend_cert_duration: true")).await;
    assert_eq!(run.values("tls.issued_days"), [60.0]);
    assert_eq!(run.values("tls.issued_seconds"), [5_184_000.0]);
    run.assert_all_covered_except(["tls.can_connect", "tls.version"]);
}

#[tokio::test]
async fn a_file_without_a_certificate_is_critical() {
    let directory = TempDir::new().expect("a directory");
    let cases: [(&str, Option<&[u8]>, &str); 4] = [
        ("missing.pem", None, "cannot be read: No such file or directory"),
        ("key.pem", Some(b"-----BEGIN NOTHING-----\n-----END NOTHING-----\n"), "it holds no"),
        ("cut.pem", Some(b"-----BEGIN CERTIFICATE-----\nAAAA"), "cannot be read: "),
        ("garbage.der", Some(b"\x30\x82garbage"), "the certificate cannot be read"),
    ];
    for (name, content, expected) in cases {
        let file = directory.path().join(name);
        if let Some(content) = content {
            fs::write(&file, content).expect("the directory is the test's own");
        }
        let run = run::<Tls>(&look_at(&file, "tls_validate_hostname: false")).await;
        run.assert_ok();
        let validation = status(&run, "cert_validation");
        assert!(validation.starts_with("CRITICAL "), "{name}: {validation}");
        assert!(validation.contains(expected), "{name}: {validation}");
        assert!(run.values("tls.days_left").is_empty(), "{run}");
        assert_eq!(status(&run, "cert_expiration"), "");
    }
}

/// A server that demands a certificate by TLS 1.2, where its refusal comes within the handshake.
fn demanding(authority: &Authority) -> Nginx {
    let file = authority.certificate();
    let ask = format!(
        "ssl_protocols TLSv1.2; ssl_client_certificate {}; ssl_verify_client on;",
        file.display()
    );
    january(authority, &ask)
}

#[tokio::test]
async fn a_certificate_is_shown_and_one_that_replaces_it_is_seen() {
    let authority = Authority::new();
    let nginx = demanding(&authority);
    let directory = TempDir::new().expect("a directory");
    let (certificate, key) = authority.issue_for("DNS:client", directory.path());
    for names in [("tls_cert", "tls_private_key"), ("cert", "private_key")] {
        let shown = format!("{}: {certificate}\n{}: {key}", names.0, names.1);
        let mut watched = instance::<Tls>(&trusting(&nginx, &authority, &shown));
        assert_eq!(status(&watched.run().await, "cert_validation"), "OK");
        let good = fs::read(&certificate).expect("it was written");
        fs::write(&certificate, "no certificate").expect("the directory is the test's own");
        let failed = watched.run().await;
        failed.assert_failed("`tls_private_key`");
        fs::write(&certificate, good).expect("the directory is the test's own");
        assert_eq!(status(&watched.run().await, "cert_validation"), "OK");
    }
}

#[tokio::test]
async fn a_key_that_is_encrypted_is_opened_by_its_password() {
    let authority = Authority::new();
    let nginx = demanding(&authority);
    let directory = TempDir::new().expect("a directory");
    let (certificate, key) = authority.issue_for("DNS:client", directory.path());
    let key = Authority::encrypt(&key, "hush-hush", &["pkcs8", "-topk8"]);
    let shown = format!("tls_cert: {certificate}\ntls_private_key: {key}");
    let with = format!("{shown}\ntls_private_key_password: hush-hush");
    let run_with = run::<Tls>(&trusting(&nginx, &authority, &with)).await;
    assert_eq!(status(&run_with, "cert_validation"), "OK");
    let without = run::<Tls>(&trusting(&nginx, &authority, &shown)).await;
    without.assert_failed("it is encrypted, and there is no `tls_private_key_password`");
}
