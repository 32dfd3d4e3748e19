//! The binary holds the checks of all crates that it links.

use std::process::{Command, Output};

fn allwell(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_allwell")).args(arguments).output().expect("it was built")
}

#[test]
fn it_lists_exactly_these_checks() {
    let Output { status, stdout, stderr } = allwell(&["list", "--format", "json"]);
    assert!(status.success() && stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    let list: serde_json::Value = serde_json::from_slice(&stdout).expect("it prints JSON");
    let checks = list.as_array().expect("a list of checks").iter();
    let names: Vec<&str> = checks.filter_map(|check| check["name"].as_str()).collect();
    let expected = [
        "awesome",
        "cloudnatix",
        "cpu",
        "disk",
        "hikaricp",
        "http_check",
        "io",
        "load",
        "memory",
        "network",
        "nginx",
        "openmetrics",
        "process",
        "redis",
        "robust_intelligence_ai_firewall",
        "tcp_check",
        "uptime",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_checks_of_the_host_run_without_configuration() {
    let empty = env!("CARGO_TARGET_TMPDIR");
    let Output { status, stdout, .. } = allwell(&["check", "--confd", empty]);
    let text = String::from_utf8(stdout).expect("it prints text");
    assert!(status.success(), "{text}");
    for check in ["cpu", "disk", "io", "load", "memory", "network", "uptime"] {
        assert!(text.contains(&format!("{check} OK")), "{check}: {text}");
    }
    assert!(text.contains("system.mem.total"), "{text}");
}
