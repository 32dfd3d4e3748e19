//! The check of TLS against real servers, good ones and bad ones.

mod clear;
mod files;
mod options;
mod servers;

use allwell::testing::Run;
use allwell_tests::{Authority, Nginx};

const DAY: f64 = 86_400.0;

/// A server with a certificate from before the tests' time of day, the first of January 2026, to thirty days after it.
fn january(authority: &Authority, directives: &str) -> Nginx {
    Nginx::start_tls_of(|directory| authority.issue_between(BEFORE, AFTER, directory), directives)
}

const BEFORE: &str = "20251202000000Z";
const AFTER: &str = "20260131000000Z";

fn watch(nginx: &Nginx, more: &str) -> String {
    format!("server: 127.0.0.1\nport: {}\n{more}", nginx.port())
}

fn trusting(nginx: &Nginx, authority: &Authority, more: &str) -> String {
    watch(nginx, &format!("tls_ca_cert: {}\n{more}", authority.certificate().display()))
}

/// The status of a service check, and its message.
fn status(run: &Run, check: &str) -> String {
    match run.status(&format!("tls.{check}")) {
        Some(status) => format!("{} {}", status.name(), status.message()).trim_end().to_owned(),
        None => String::new(),
    }
}

/// The days that are left, which may have become a minute less since the run began.
fn assert_days_left(run: &Run, days: f64) {
    let [seconds] = run.values("tls.seconds_left")[..] else { panic!("{run}") };
    assert!((days * DAY - seconds).abs() < 60.0, "{seconds} s are not {days} days");
    assert_eq!(run.values("tls.days_left"), [seconds / DAY], "{run}");
}
