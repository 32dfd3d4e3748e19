//! The binary holds the checks of all crates that it links.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

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
        "dns_check",
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
        "tls",
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

/// A proxy that answers everything itself. It gives what it was asked for.
fn proxy() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let served = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let asked = lines.next().unwrap_or_default();
        lines.take_while(|line| !line.is_empty()).for_each(drop);
        (&stream).write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").expect("it reads");
        asked
    });
    (address, served)
}

/// Runs `http_check` on a port that nobody listens on, with these options in `init_config`.
fn check_beyond(proxy: &str, init_config: &str) -> String {
    let name = init_config.replace([':', ' '], "");
    let confd = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("proxy{name}"));
    let text = format!(
        "init_config: {{{init_config}}}\ninstances:\n  - name: far\n    url: http://127.0.0.1:1/page\n"
    );
    fs::create_dir_all(confd.join("http_check.d")).expect("a directory");
    fs::write(confd.join("http_check.d/conf.yaml"), text).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_allwell"));
    command.args(["check", "http_check", "--confd"]).arg(&confd);
    let output = command.env("DD_PROXY_HTTP", proxy).output().expect("it was built");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_agents_proxy_is_taken_unless_it_is_not_wanted() {
    let (address, served) = proxy();
    let told = check_beyond(&address, "");
    assert_eq!(served.join().expect("it ends"), "GET http://127.0.0.1:1/page HTTP/1.1", "{told}");
    for refusal in ["use_agent_proxy: false", "skip_proxy: true"] {
        // It would answer.
        let (address, _unasked) = proxy();
        let told = check_beyond(&address, refusal);
        assert!(told.contains("refused"), "{refusal}: {told}");
    }
}
