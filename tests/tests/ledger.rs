//! The daemon, killed again and again, over an outage and restarts: every point that its checks have yielded is accepted, or counted
//! as lost; what may have been accepted twice is counted as well.
#![allow(clippy::print_stdout, reason = "figures for those who look")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use allwell_tests::daemon::{Daemon, write};
use allwell_tests::{Answers, Sink};
use serde_json::Value;
use tempfile::TempDir;

const HOUSE: &str = env!("CARGO_BIN_EXE_house");

const INSTANCES: u64 = 40;

const POINTS: u64 = 5;

/// What the receiver does, how long the process lives in milliseconds, of more than half a second from when it has started, and whether it
/// is killed or told to end.
type Life = (Answers, u64, bool);

const LATE: Answers = Answers::AcceptedLate(Duration::from_millis(300));

/// Lives that end at any time: while it starts, gathers, encodes, sends, waits for an answer, writes to the disk, reads from there.
const LIVES: [Life; 17] = [
    (Answers::Accepted, 1730, true),
    (LATE, 2110, true),
    (Answers::Accepted, 40, true),
    (LATE, 1290, true),
    (Answers::Accepted, 810, true),
    // The outage.
    (Answers::Unavailable, 1470, true),
    (Answers::Unavailable, 4130, true),
    (Answers::Unavailable, 90, true),
    (Answers::Unavailable, 1610, false),
    (Answers::Unavailable, 1190, true),
    // After it, while what waits is sent.
    (LATE, 170, true),
    (LATE, 410, true),
    (Answers::Accepted, 70, true),
    (LATE, 1330, true),
    (Answers::AcceptedSilently, 1010, true),
    (Answers::Unavailable, 1010, false),
    (Answers::Accepted, 1570, true),
];

fn arrange(directory: &Path, sink: &Sink) {
    let settings = format!(
        "hostname: web-1\nown_metrics: false\nrun_path: run\nlog_format: json\noutputs:\n  - datadog:\n      \
         dd_url: {0}\n      series_version: v1\n      compression: none\n  - otlp: {{endpoint: '{0}', skip_proxy: true}}\n",
        sink.url()
    );
    write(directory, "allwell.yaml", &settings);
    let mut instances = String::from("instances:\n");
    for number in 0..INSTANCES {
        let points = format!("number: {number}, points: {POINTS}");
        writeln!(instances, "  - {{directory: noted, {points}}}").expect("a string takes it");
    }
    write(directory, "conf.d/noted.yaml", &instances);
    fs::create_dir(directory.join("noted")).expect("it can be made");
}

/// What became of all points, as the daemon tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    taken: u64,
    delivered: u64,
    dropped: u64,
    killed: u64,
    again: u64,
}

impl Told {
    /// Of one output.
    fn of(output: &Value) -> Self {
        let sum = |what: &str| output["lasting"][what]["series"].as_u64().unwrap_or_default();
        Self {
            taken: sum("taken"),
            delivered: sum("delivered"),
            dropped: sum("dropped") + sum("refused"),
            killed: sum("killed"),
            again: sum("again"),
        }
    }

    /// Nothing waits any more.
    fn is_settled(&self) -> bool {
        self.taken == self.delivered + self.dropped + self.killed
    }
}

/// What the daemon tells of both outputs as soon as all has been settled.
fn settled(directory: &Path) -> [Told; 2] {
    let begun = Instant::now();
    loop {
        let mut ask = Command::new(HOUSE);
        ask.args(["status", "--format", "json"]).current_dir(directory);
        let text = ask.output().expect("the binary can be started").stdout;
        let status: Value = serde_json::from_slice(&text).unwrap_or(Value::Null);
        let told = [0, 1].map(|output| Told::of(&status["outputs"][output]));
        let no_checks =
            status["runnerStats"]["Checks"].as_object().is_some_and(serde_json::Map::is_empty);
        if no_checks && told.iter().all(Told::is_settled) {
            return told;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{told:?}, {:#}", status["outputs"]);
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn killed_at_any_time_over_an_outage_it_accounts_for_every_point() {
    let (directory, sink) = (TempDir::new().expect("a directory"), Sink::start());
    arrange(directory.path(), &sink);
    for (answers, time, kill) in LIVES {
        sink.answer(answers);
        let mut daemon = Daemon::start(HOUSE, directory.path(), &[]);
        if time > 500 {
            daemon.told("started");
        }
        thread::sleep(Duration::from_millis(time));
        if answers == Answers::AcceptedSilently {
            accepts_something(&sink);
        }
        if kill {
            daemon.kill();
        } else {
            daemon.signal("TERM");
            daemon.ends();
        }
    }
    sink.answer(Answers::Accepted);
    let mut daemon = Daemon::start(HOUSE, directory.path(), &[]);
    daemon.told("started");
    fs::remove_file(directory.path().join("conf.d/noted.yaml")).expect("it is there");
    let [told, by_otlp] = settled(directory.path());
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code(), Some(0));
    check(directory.path(), &sink, told);
    println!("by OTLP: {by_otlp:?}");
    // It may be killed between telling the one and the other.
    assert!(told.taken.abs_diff(by_otlp.taken) <= LIVES.len() as u64 * POINTS);
    assert!(by_otlp.delivered > 0 && by_otlp.killed > 0, "{by_otlp:?}");
}

/// Waits until the receiver accepts something.
fn accepts_something(sink: &Sink) {
    let received = || sink.accepted().values().sum::<u64>();
    let (begun, before) = (Instant::now(), received());
    while received() == before {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing comes");
        thread::sleep(Duration::from_millis(10));
    }
}

fn check(directory: &Path, sink: &Sink, told: Told) {
    let accepted = sink.accepted();
    let once = accepted.len() as u64;
    let twice = accepted.values().map(|times| times - 1).sum::<u64>();
    let noted = (0..INSTANCES).map(|number| {
        let file = directory.join("noted").join(number.to_string());
        fs::metadata(file).map_or(0, |file| file.len()) * POINTS
    });
    let noted = noted.sum::<u64>();
    println!(
        "{noted} points noted by the checks, {} taken: {once} accepted, {} lost with a process, {} dropped; \
         {twice} accepted twice, {} perhaps",
        told.taken, told.killed, told.dropped, told.again
    );
    assert_eq!(once + told.killed + told.dropped, told.taken, "{told:?}");
    assert_eq!(told.delivered, once);
    assert!(twice <= told.again, "{told:?}");
    // A run that is being done with when the process is killed has noted itself and yielded nothing.
    assert!(told.taken <= noted && noted - told.taken <= 8 * LIVES.len() as u64 * POINTS);
    assert!(once > 0 && told.killed > 0 && told.again > 0, "all of it has happened");
}
