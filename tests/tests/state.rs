//! The state under real deaths of real processes, and on a disk that is full.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use allwell::state::Store;
use allwell_tests::daemon::{Daemon, write};
use tempfile::TempDir;

const KEEPER: &str = env!("CARGO_BIN_EXE_keeper");
const HOUSE: &str = env!("CARGO_BIN_EXE_house");

/// How many times the process is killed.
const DEATHS: u32 = 1000;

fn keeper(directory: &Path) -> Child {
    let mut command = Command::new(KEEPER);
    command.arg(directory).stdout(Stdio::piped()).spawn().expect("the binary can be started")
}

/// Lets a process keep what it will until it is killed, at a time that differs, and gives the last number that it said it had kept.
fn killed_after(directory: &Path, time: Duration) -> u64 {
    let mut child = keeper(directory);
    let out = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(out).lines();
    let mut last =
        lines.next().expect("it keeps something").expect("a line").parse().expect("a number");
    let begun = Instant::now();
    while begun.elapsed() < time {
        last = lines.next().expect("it goes on").expect("a line").parse().expect("a number");
    }
    child.kill().expect("it runs");
    child.wait().expect("it was killed");
    // What it had said before it died is in the pipe.
    for line in lines.map_while(Result::ok) {
        last = line.parse().unwrap_or(last);
    }
    last
}

#[test]
fn a_process_killed_at_any_time_has_kept_what_it_said_it_had() {
    let directory = TempDir::new().expect("a directory");
    for death in 0..DEATHS {
        // From 0 to 10 ms, in steps that share no factor: some of them within a file that is written anew.
        let time = Duration::from_micros(u64::from(death * 7919 % 10_000));
        let said = killed_after(directory.path(), time);
        let (mut store, opened) = Store::open(directory.path()).expect("it is nobody's now");
        assert_eq!(opened.set_aside, None, "death {death}");
        let saved = store.get("number:1").expect("it can be read").expect("it was kept");
        let kept: u64 = saved.cache["number"].parse().expect("a number");
        assert!(kept == said || kept == said + 1, "death {death}: {said} was said, {kept} kept");
        assert_eq!(saved.cache["filling"].len(), 100_000);
    }
}

#[test]
fn a_full_disk_stops_no_check_and_what_was_kept_before_is_there_afterwards() {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "allwell.yaml", "outputs:\n  - console: {format: json}\n");
    let instances = (0..5).map(|number| format!("  - {{file: number, number: {number}}}\n"));
    let instances: String = instances.collect();
    write(directory.path(), "conf.d/counter.yaml", &format!("instances:\n{instances}"));
    let state = directory.path().join("run/state");
    let set = |number: u64| write(directory.path(), "number", &number.to_string());
    set(10);
    // No file may be larger than a kilobyte, and that it would is an error and no signal.
    let shell = "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\"";
    let mut daemon = Daemon::start_by(
        Command::new("sh").args(["-c", shell, HOUSE, "run"]),
        directory.path(),
        &[],
    );
    daemon.told("started");
    // The first total is only a base.
    std::thread::sleep(Duration::from_millis(1500));
    for number in 11..=20 {
        set(number);
        std::thread::sleep(Duration::from_secs(1));
    }
    daemon.adds_up("counter.total", 50.0);
    let mut ask = Command::new(HOUSE);
    ask.args(["status", "--format", "json"]).current_dir(&directory);
    let status = ask.output().expect("the binary can be started");
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    assert!(status["state"]["errors"].as_u64() > Some(0), "{status:#}");
    daemon.kill();
    let (mut store, opened) = Store::open(&state).expect("it is nobody's now");
    assert_eq!(opened.set_aside, None);
    let id = status["runnerStats"]["Checks"]["counter"].as_object().expect("instances");
    let saved = store.get(id.keys().next().expect("one")).expect("it can be read").expect("kept");
    assert!(saved.baselines.all[0].reading.total >= 10.0);
}
