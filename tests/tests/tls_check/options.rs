//! What an instance may say of a server, and what is refused.

use allwell::testing::{problems_of, run};
use allwell_server_checks::tls::Tls;
use allwell_tests::Authority;

use crate::{january, status};

#[tokio::test]
async fn a_server_is_a_name_an_address_or_a_url_with_its_port() {
    let authority = Authority::new();
    let nginx = january(&authority, "");
    let port = nginx.port();
    let trust = format!("tls_ca_cert: {}", authority.certificate().display());
    for server in [
        format!("127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}/path"),
        format!("postgres://127.0.0.1:{port}"),
        format!("127.0.0.1:1\nport: {port}"),
        format!("127.0.0.1\ntransport: tcp\nport: {port}"),
    ] {
        let run = run::<Tls>(&format!("server: {server}\n{trust}")).await;
        assert_eq!(status(&run, "cert_validation"), "OK", "{server}");
        let tags = ["server_hostname:127.0.0.1", "server:127.0.0.1", &format!("port:{port}")];
        run.assert_metric("tls.days_left", run.values("tls.days_left")[0], tags);
    }
    let named = run::<Tls>(&format!("server: LOCALHOST:{port}\n{trust}")).await;
    let validation = status(&named, "cert_validation");
    assert!(validation.contains(r#"not valid for name "localhost""#), "{validation}");
}

#[tokio::test]
async fn an_address_of_ipv6_needs_no_brackets() {
    let Ok(listener) = std::net::TcpListener::bind("[::1]:0") else {
        // This machine has no IPv6.
        return;
    };
    let port = listener.local_addr().expect("an address").port();
    for server in [format!("'::1'\nport: {port}"), format!("'[::1]:{port}'")] {
        let run = run::<Tls>(&format!("server: {server}\ntimeout: 0.2")).await;
        assert_eq!(status(&run, "can_connect"), "OK", "{run}");
        assert!(run.to_string().contains("server:::1"), "{run}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let cases = [
        ("name: x", "it needs a `server`, or a `local_cert_path`"),
        ("server: 'a b'", "`server: a b` is neither a name nor an address"),
        (
            "local_cert_path: /x",
            "`local_cert_path` needs a `server_hostname`, or `tls_validate_hostname: false`",
        ),
        ("server: a\ntransport: UDP", "`transport` can be `TCP` alone"),
        (
            "server: a\nallowed_versions: [TLSv1.4]",
            "`allowed_versions` names `TLSv1.4`, which is no version of TLS",
        ),
        (
            "server: a\nfetch_intermediate_certs: true",
            "`fetch_intermediate_certs` is not built in; let the server send the certificates in between",
        ),
        ("server: a\nstart_tls: imap", "`postgres`, `mysql`"),
        ("server: a\ntls_private_key: /x", "`tls_private_key` needs a `tls_cert`"),
        ("server: a\ndays_warning: -1", "days_warning"),
    ];
    for (options, expected) in cases {
        let problems = problems_of::<Tls>(options);
        assert!(problems.contains(expected), "{options}: {problems}");
    }
    let told = problems_of::<Tls>("server: a\nvalidate_cert: false");
    assert!(told.contains("use `tls_verify`") && told.contains("warning"), "{told}");
    assert_eq!(problems_of::<Tls>("server: a\nfetch_intermediate_certs: false"), "");
}
