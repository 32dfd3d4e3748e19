//! The settings of the OpenMetrics endpoint, and what `diagnose` sees of it.

use std::net::TcpListener;

use crate::run::{Directory, Ran, allwell};

/// Runs a verb with an endpoint of these options.
fn with(options: &str, arguments: &[&str]) -> Ran {
    let settings = format!("outputs:\n  - openmetrics: {options}\n");
    let directory = Directory::with("allwell.yaml", &settings);
    let config = format!("{}/allwell.yaml", directory.path());
    let mut ran = allwell(&[arguments, &["--config", &config]].concat());
    ran.err = ran.err.replace(directory.path(), "DIR");
    ran
}

#[test]
fn an_endpoint_that_can_listen_is_scraped() {
    let ran = with("{address: '127.0.0.1:0', path: /own, bearer_token: secret}", &["diagnose"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("listening at `127.0.0.1:0`: it can\n"), "{}", ran.out);
    assert!(ran.out.contains("/own`: 0 samples of 0 metrics\n"), "{}", ran.out);
    assert!(!ran.out.contains("secret"), "{}", ran.out);
}

#[test]
fn a_port_that_somebody_else_has_is_told_with_what_to_do() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let address = taken.local_addr().expect("it has an address");
    std::thread::spawn(move || taken.incoming().for_each(drop));
    let ran = with(&format!("{{address: '{address}'}}"), &["diagnose"]);
    assert_eq!(ran.code, 7, "{}", ran.out);
    assert!(ran.out.contains("something else listens there"), "{}", ran.out);
    assert!(ran.out.contains("`address` names another port"), "{}", ran.out);
}

#[test]
fn options_that_do_not_go_together_are_told() {
    for (options, expected) in [
        ("{username: a}", "`username` and `password` need each other"),
        ("{tls_cert: a.pem}", "`tls_cert` and `tls_key` need each other"),
        ("{path: metrics}", "path"),
        ("{path: /-/healthy}", "`path` must not be that of another page"),
        (
            "{histogram_bounds: [1, 1]}",
            "`histogram_bounds` must be finite numbers in ascending order",
        ),
        ("{address: localhost}", "an IP address and port"),
        ("{stale_after: 0}", "stale_after"),
        ("{most_contexts: 0}", "most_contexts"),
    ] {
        let ran = with(options, &["config", "validate"]);
        assert_eq!(ran.code, 3, "{options}: {}", ran.err);
        assert!(ran.err.contains(expected), "{options}: {}", ran.err);
    }
}

#[test]
fn a_certificate_that_is_none_is_told_at_the_start() {
    let ran = with("{tls_cert: none.pem, tls_key: none.pem}", &["diagnose"]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.err.contains("`outputs[0]`: `DIR/none.pem` cannot be used: "), "{}", ran.err);
    assert!(ran.err.contains("hint: `tls_cert` and `tls_key` name files in PEM"), "{}", ran.err);
}
