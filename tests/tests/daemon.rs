//! `run`, as a process: what survives its death, what a change of its files does, what systemd hears of it.

use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use allwell_tests::daemon::{Daemon, write};
use serde_json::Value;
use tempfile::TempDir;

const HOUSE: &str = env!("CARGO_BIN_EXE_house");

const JSON: &str = "outputs:\n  - console: {format: json}\n";

fn directory(settings: &str, confd: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "allwell.yaml", settings);
    for (name, text) in confd {
        write(directory.path(), &format!("conf.d/{name}"), text);
    }
    directory
}

fn start(directory: &TempDir) -> Daemon {
    let daemon = Daemon::start(HOUSE, directory.path(), &[]);
    daemon.told("started");
    daemon
}

fn instances(count: usize, changed: Option<usize>) -> String {
    let mut text = String::from("instances:\n");
    for number in 0..count {
        let tags = if changed == Some(number) { ", tags: [new]" } else { "" };
        writeln!(text, "  - {{file: number, number: {number}{tags}}}").expect("a string takes it");
    }
    text
}

#[test]
fn a_killed_daemon_loses_no_interval_of_a_count_and_reports_none_twice() {
    let directory = directory(JSON, &[("counter.yaml", "instances:\n  - file: number\n")]);
    let set = |number: u64| write(directory.path(), "number", &number.to_string());
    set(1000);
    let mut daemon = start(&directory);
    // The first total is only a base; it has been kept once a second run has been reported.
    daemon.adds_up("counter.total", 0.0);
    std::thread::sleep(Duration::from_millis(2500));
    set(1010);
    daemon.adds_up("counter.total", 10.0);
    for (number, grown) in [(1100, 90.0), (1250, 150.0), (1251, 1.0)] {
        daemon.kill();
        set(number);
        daemon = start(&directory);
        daemon.adds_up("counter.total", grown);
    }
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
}

#[test]
fn a_change_of_one_of_a_thousand_instances_restarts_that_one_within_a_second() {
    let directory = directory(JSON, &[("counter.yaml", &instances(1000, None))]);
    write(directory.path(), "number", "1");
    let daemon = start(&directory);
    daemon.told("started: instances 1000 new");
    std::thread::sleep(Duration::from_millis(500));
    let written = Instant::now();
    write(directory.path(), "conf.d/counter.yaml", &instances(1000, Some(7)));
    let (at, _) = daemon.told("reloaded: instances 1 new, 1 gone, 999 as before");
    assert!(at - written < Duration::from_secs(1), "{:?}", at - written);
}

#[test]
fn a_broken_edit_restarts_nothing_and_is_told_with_its_place_within_a_second() {
    let directory = directory(JSON, &[("counter.yaml", &instances(1000, None))]);
    write(directory.path(), "number", "1");
    let daemon = start(&directory);
    std::thread::sleep(Duration::from_millis(500));
    let written = Instant::now();
    write(
        directory.path(),
        "conf.d/counter.yaml",
        &instances(1000, None).replace("number: 7}", "nmuber: 7}"),
    );
    let (at, _) = daemon.told("reloaded: instances 1000 as before");
    assert!(at - written < Duration::from_secs(1), "{:?}", at - written);
    let told = daemon.all_told();
    assert!(told.contains("conf.d/counter.yaml:9:20"), "{told}");
    assert!(told.contains("`nmuber`") && told.contains("`number`"), "{told}");
    assert!(told.contains("counter.yaml` goes on as it was before"), "{told}");
}

#[test]
fn a_file_that_changes_while_it_is_first_read_is_read_again() {
    let settings = format!("{JSON}secret_backend_command: backend\n");
    let counter = "instances:\n  - {file: number, number: 0, tags: ['ENC[tag]']}\n";
    let directory = directory(&settings, &[("counter.yaml", counter)]);
    write(directory.path(), "number", "1");
    // Files have been read when secrets are asked for.
    let script = format!(
        "#!/bin/sh\nprintf '{}' > conf.d/counter.yaml\necho '{{\"tag\": {{\"value\": \"a:b\"}}}}'\n",
        instances(3, None).replace('\n', "\\n"),
    );
    write(directory.path(), "backend", &script);
    let backend = directory.path().join("backend");
    std::fs::set_permissions(&backend, std::fs::Permissions::from_mode(0o700)).expect("ours");
    let daemon = start(&directory);
    daemon.told("started: instances 1 new");
    daemon.told("reloaded: instances 3 new, 1 gone");
}

#[test]
fn a_signal_has_it_read_its_files_where_they_are_not_watched() {
    let directory =
        directory(&format!("{JSON}watch: false\n"), &[("counter.yaml", &instances(2, None))]);
    write(directory.path(), "number", "1");
    let mut daemon = start(&directory);
    write(directory.path(), "conf.d/counter.yaml", &instances(3, None));
    std::thread::sleep(Duration::from_millis(700));
    assert!(!daemon.all_told().contains("reloaded"));
    daemon.signal("HUP");
    daemon.told("reloaded: instances 1 new, 2 as before");
    daemon.signal("INT");
    assert_eq!(daemon.ends().code(), Some(0));
}

#[test]
fn two_daemons_do_not_share_what_survives_a_restart() {
    let directory = directory(JSON, &[("counter.yaml", &instances(1, None))]);
    write(directory.path(), "number", "1");
    let _first = start(&directory);
    let mut second = Daemon::start(HOUSE, directory.path(), &[]);
    assert_eq!(second.ends().code(), Some(3));
    second.told("is in use by another process");
}

#[test]
fn systemd_hears_when_it_is_ready_alive_reading_and_ending() {
    let directory = directory(JSON, &[("counter.yaml", &instances(2, None))]);
    write(directory.path(), "number", "1");
    let path = directory.path().join("notify");
    let manager = UnixDatagram::bind(&path).expect("a socket");
    manager.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let hears = |wanted: &str| {
        let mut buffer = [0; 1024];
        loop {
            let length = manager.recv(&mut buffer).expect("it is told within 20 seconds");
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if text.contains(wanted) {
                return text;
            }
        }
    };
    let variables = [("NOTIFY_SOCKET", path.clone()), ("WATCHDOG_USEC", PathBuf::from("200000"))];
    let mut daemon = Daemon::start(HOUSE, directory.path(), &variables);
    assert_eq!(hears("READY=1"), "READY=1\nSTATUS=2 instances");
    hears("WATCHDOG=1");
    daemon.signal("HUP");
    assert!(hears("RELOADING=1").contains("\nMONOTONIC_USEC="));
    hears("READY=1");
    daemon.signal("TERM");
    hears("STOPPING=1");
    assert_eq!(daemon.ends().code(), Some(0));
}

#[test]
fn it_ends_in_time_although_a_run_hangs_and_others_fail() {
    let troubles = "instances:\n  - kind: hang\n  - kind: panic\n  - kind: fail\n";
    let directory = directory(JSON, &[("trouble.yaml", troubles)]);
    let mut daemon = start(&directory);
    std::thread::sleep(Duration::from_millis(1500));
    let told = Instant::now();
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(3), "{:?}", told.elapsed());
}

#[test]
fn a_backend_of_secrets_that_hangs_keeps_nothing_else_waiting() {
    let settings = format!(
        "{JSON}secret_backend_command: backend\nsecret_refresh_interval: 1s\nsecret_refresh_scatter: false\nlog_level: debug\n"
    );
    let counter = "instances:\n  - file: number\n    tags: ['ENC[tag]']\n";
    let directory = directory(&settings, &[("counter.yaml", counter)]);
    write(directory.path(), "number", "1");
    let script = "#!/bin/sh\n[ -e $0.asked ] && exec sleep 25\ntouch $0.asked\n\
                  echo '{\"tag\": {\"value\": \"a:b\"}}'\n";
    let backend = directory.path().join("backend");
    write(directory.path(), "backend", script);
    std::fs::set_permissions(&backend, std::fs::Permissions::from_mode(0o700)).expect("ours");
    let (manager, mut daemon) = {
        let path = directory.path().join("notify");
        let manager = UnixDatagram::bind(&path).expect("a socket");
        let variables = [("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", PathBuf::from("500000"))];
        (manager, Daemon::start(HOUSE, directory.path(), &variables))
    };
    daemon.told("started");
    std::thread::sleep(Duration::from_millis(2500));
    let begun = Instant::now();
    assert_eq!(status(&directory, &[]).1, Some(0));
    manager.set_nonblocking(true).expect("a socket");
    let mut buffer = [0; 256];
    while manager.recv(&mut buffer).is_ok() {}
    manager.set_nonblocking(false).expect("a socket");
    manager.set_read_timeout(Some(Duration::from_secs(2))).expect("a socket");
    let length = manager.recv(&mut buffer).expect("the watchdog is served");
    assert_eq!(&buffer[..length], b"WATCHDOG=1");
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_backend_that_refuses_to_refresh_a_secret_is_told_of_once() {
    let settings = format!(
        "{JSON}secret_backend_command: backend\nsecret_refresh_interval: 100ms\nsecret_refresh_scatter: false\n"
    );
    let counter = "instances:\n  - file: number\n    tags: ['ENC[tag]']\n";
    let directory = directory(&settings, &[("counter.yaml", counter)]);
    write(directory.path(), "number", "1");
    let script = "#!/bin/sh\necho >> $0.calls\n[ -e $0.asked ] && echo sealed >&2 && exit 1\n\
                  touch $0.asked\necho '{\"tag\": {\"value\": \"a:b\"}}'\n";
    write(directory.path(), "backend", script);
    let backend = directory.path().join("backend");
    std::fs::set_permissions(&backend, std::fs::Permissions::from_mode(0o700)).expect("ours");
    let daemon = start(&directory);
    daemon.told("`ENC[tag]` is not refreshed and stays as it was: the backend");
    let calls = || std::fs::read(directory.path().join("backend.calls")).map_or(0, |all| all.len());
    let deadline = Instant::now() + Duration::from_secs(20);
    while calls() < 6 {
        assert!(Instant::now() < deadline, "it is asked again and again");
        std::thread::sleep(Duration::from_millis(20));
    }
    let told = daemon.all_told();
    assert_eq!(told.matches("`ENC[tag]` is not refreshed").count(), 1, "{told}");
    assert_eq!(told.matches("the backend of secrets says: sealed").count(), 1, "{told}");
}

/// What `status` of the same binary prints, and its exit code.
fn status(directory: &TempDir, arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(HOUSE);
    let output = command.arg("status").args(arguments).current_dir(directory.path()).output();
    let output = output.expect("the binary can be started");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

/// The status as soon as it is as it should be; as it is at last if it never is.
fn status_when(directory: &TempDir, is_right: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let (text, _) = status(directory, &["--format", "json"]);
        let now: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if is_right(&now) {
            return now;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{text}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn status_tells_of_every_fault_with_its_count() {
    let troubles = "instances:\n  - kind: hang\n  - kind: panic\n  - kind: fail\n";
    let confd = [("trouble.yaml", troubles), ("counter.yaml", "instances:\n  - file: number\n")];
    let directory = directory(JSON, &confd);
    write(directory.path(), "number", "1");
    let daemon = Daemon::start(HOUSE, directory.path(), &[("RUST_BACKTRACE", "0".into())]);
    let status_of = status_when(&directory, |status| {
        let instances = status["runnerStats"]["Checks"]["trouble"].as_object();
        let failed_twice = |one: &Value| one["TotalErrors"].as_u64() >= Some(2);
        instances.is_some_and(|all| all.len() == 3 && all.values().all(failed_twice))
    });
    let code = status(&directory, &[]).1;
    assert_eq!(code, Some(1));
    let instances = status_of["runnerStats"]["Checks"]["trouble"].as_object().expect("instances");
    let of = |error: &str| {
        let begins = |one: &&Value| one["LastError"].as_str().is_some_and(|e| e.starts_with(error));
        let found = instances.values().find(begins);
        found.unwrap_or_else(|| panic!("`{error}` is not in {status_of}"))
    };
    for (error, counter) in [
        ("the run did not end within 2s", "Timeouts"),
        ("the check panicked: as told (tests/src/bin/house.rs:", "Panics"),
        ("as told", "FailuresInARow"),
    ] {
        let one = of(error);
        assert_eq!(one["Allwell"][counter], one["TotalErrors"], "{one}");
        assert_eq!(one["Allwell"]["LastFailure"]["Text"], one["LastError"]);
        assert_eq!(one["Allwell"]["LastFailure"]["Date"], one["UpdateTimestamp"], "{one}");
    }
    let (text, code) = status(&directory, &["trouble"]);
    assert_eq!(code, Some(1));
    let lines = text.lines().filter(|line| line.starts_with("      Last Failure: "));
    assert_eq!(lines.filter(|line| line.contains(": as told")).count(), 2, "{text}");
    let said = daemon.all_told();
    assert!(!said.contains("panicked at"), "a panic is for the log, as the report has it: {said}");
    assert_eq!(said.matches("the check panicked: as told (").count(), 1, "once a minute: {said}");
    assert_eq!(status_of["outputs"][0]["name"], "console");
    let (text, code) = status(&directory, &["counter"]);
    assert_eq!(code, Some(0), "the check that is asked for is well");
    assert!(text.contains("\n      Configuration Source: file:conf.d/counter.yaml\n"), "{text}");
    assert!(text.contains(" [OK]\n") && !text.contains("trouble"), "{text}");
}

#[test]
fn a_check_that_keeps_its_thread_takes_none_of_the_time_that_the_outputs_have_in_the_end() {
    let confd =
        [("trouble.yaml", "instances:\n  - kind: keep\n"), ("counter.yaml", &*instances(20, None))];
    let directory = directory(JSON, &confd);
    write(directory.path(), "number", "1");
    let mut daemon = start(&directory);
    status_when(&directory, |status| {
        let instances = status["runnerStats"]["Checks"]["trouble"].as_object();
        instances.is_some_and(|all| all.values().all(|one| one["Allwell"]["Activity"] == "running"))
    });
    let begun = Instant::now();
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(!daemon.all_told().contains("could not be delivered"));
}

#[test]
fn outputs_are_served_when_checks_have_taken_every_thread() {
    let settings = format!("{JSON}limits: {{blocking_runs: 300, runs_of_one_check: 300}}\n");
    let numbers = (0..900).map(|number| format!("  - number: {number}\n"));
    let blocks = format!("instances:\n{}", numbers.collect::<String>());
    let directory = directory(&settings, &[("blocks.yaml", &blocks)]);
    let daemon = Daemon::start(HOUSE, directory.path(), &[]);
    daemon.told("started");
    status_when(&directory, |status| {
        let instances = status["runnerStats"]["Checks"]["blocks"].as_object();
        let is_stuck = |one: &&Value| one["Allwell"]["Activity"] == "stuck";
        instances.is_some_and(|all| all.values().filter(is_stuck).count() >= 800)
    });
    // What is reported of the runtime itself needs no thread of a check.
    let delivered = |status: &Value| status["outputs"][0]["delivered"]["series"].as_u64();
    let before = status_when(&directory, |status| delivered(status).is_some());
    status_when(&directory, |status| delivered(status) > delivered(&before));
}

#[test]
fn nobody_to_ask_for_the_status_is_an_error_of_its_own() {
    let directory = directory(JSON, &[]);
    assert_eq!(status(&directory, &[]), (String::new(), Some(6)));
}

#[test]
fn the_socket_is_the_users_own_and_is_gone_in_the_end() {
    let directory = directory(JSON, &[("counter.yaml", &instances(1, None))]);
    write(directory.path(), "number", "1");
    let path = directory.path().join("run/status.sock");
    // As a daemon that was killed leaves it behind.
    std::fs::create_dir_all(directory.path().join("run")).expect("a directory");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    let mut daemon = start(&directory);
    let mode = std::fs::metadata(&path).expect("the socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
    assert!(!path.exists());
}

#[test]
fn logs_are_objects_where_the_settings_say_so_and_an_instance_is_heard_of_once_a_minute() {
    let settings = format!("{JSON}log_format: json\n");
    let directory = directory(
        &settings,
        &[("trouble.yaml", "instances:\n  - kind: fail\n    min_collection_interval: 1\n")],
    );
    let daemon = start(&directory);
    daemon.told("a run failed");
    write(directory.path(), "conf.d/trouble.yaml", "instances:\n  - kind: none\n");
    daemon.told("the configuration has problems");
    std::thread::sleep(Duration::from_millis(2500));
    let told = daemon.all_told();
    let events: Vec<Value> =
        told.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let failures: Vec<_> = events.iter().filter(|event| event["how"] == "failed").collect();
    assert_eq!(failures.len(), 1, "{told}");
    assert_eq!(failures[0]["message"], "a run failed: as told");
    assert_eq!(failures[0]["level"], "WARN");
    assert!(failures[0]["instance"].as_str().is_some_and(|id| id.starts_with("trouble:")));
    let report = events.iter().find_map(|event| event["report"].as_str()).expect("a report");
    assert!(report.contains("conf.d/trouble.yaml:2:11"), "{report}");
}
