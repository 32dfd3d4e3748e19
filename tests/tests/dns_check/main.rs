//! The check of names against a real name server, and against ones that misbehave.

mod bad;
mod good;

use allwell::testing::Run;

fn ask(port: u16, hostname: &str, more: &str) -> String {
    format!("hostname: {hostname}\nnameserver: 127.0.0.1\nnameserver_port: {port}\n{more}")
}

/// The status of the service check, and its message.
fn status(run: &Run) -> String {
    let status = run.status("dns.can_resolve").unwrap_or_else(|| panic!("{run}"));
    format!("{} {}", status.name(), status.message()).trim_end().to_owned()
}

/// It is well, and says how long it took.
fn assert_resolved(run: &Run) {
    run.assert_ok();
    assert_eq!(status(run), "OK");
    let [seconds] = run.values("dns.response_time")[..] else { panic!("{run}") };
    assert!(seconds > 0.0 && seconds < 10.0, "{seconds}");
}

fn assert_not_resolved(run: &Run, expected: &str) {
    run.assert_ok();
    assert_eq!(status(run), format!("CRITICAL {expected}"));
    assert!(run.values("dns.response_time").is_empty(), "{run}");
}
