//! The process check, against processes that the test starts.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command};

use allwell::metric::Status;
use allwell::testing::{instance, problems_of, run};
use allwell_examples::process::Processes;

/// Longer than the 15 bytes that the kernel keeps of a name.
const NAME: &str = "allwell-test-sleeper";

/// Processes of a program that nobody else runs, killed when they go out of scope.
struct Started(Vec<Child>);

impl Started {
    /// Runs a program under another name.
    fn new(program: &str, name: &str, arguments: &[&str], number: usize) -> Self {
        // A link and not a copy: what is being written cannot be run, and any thread that forks just then writes, too.
        let link = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_file(&link);
        symlink(program, &link).expect("the directory can be written to");
        let start = |_| Command::new(&link).args(arguments).spawn().expect("the program is there");
        let started = Self((0..number).map(start).collect());
        started.0.iter().for_each(wait_for_its_command);
        started
    }

    fn sleeping(name: &str, number: usize) -> Self {
        Self::new("/bin/sleep", name, &["600"], number)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        for child in &mut self.0 {
            child.kill().expect("it runs for long");
            child.wait().expect("it was killed");
        }
    }
}

/// The kernel lets its parent go on a moment before a program has a name and a command line.
fn wait_for_its_command(child: &Child) {
    let file = format!("/proc/{}/cmdline", child.id());
    while std::fs::read(&file).expect("the process is there").is_empty() {
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn processes_are_found_by_their_whole_name() {
    let name = format!("{NAME}-1");
    let sleepers = Started::sleeping(&name, 2);
    let config = format!("name: sleepers\nsearch_string: [{name}]");
    let mut instance = instance::<Processes>(&config);
    let first = instance.run().await;
    let tags = ["process_name:sleepers"];
    first
        .assert_ok()
        .assert_metric("system.processes.number", 2.0, tags)
        .assert_metric("system.processes.threads", 2.0, tags)
        .assert_service_check("process.up", Status::Ok)
        .assert_not_submitted("system.processes.cpu.pct");
    let second = instance.run().await;
    second.assert_ok().assert_all_covered().assert_metric("system.processes.cpu.pct", 0.0, tags);
    let of = |name: &str| second.values(&format!("system.processes.{name}"))[0];
    assert!(of("mem.rss") > 100_000.0 && of("mem.rss") < of("mem.vms"), "{second}");
    assert!(of("mem.real") <= of("mem.rss") && of("open_file_descriptors") >= 6.0, "{second}");
    assert!(of("run_time.min") <= of("run_time.avg") && of("run_time.avg") <= of("run_time.max"));
    assert!(of("run_time.max") < 60.0, "{second}");
    drop(sleepers);
    let third = instance.run().await;
    third
        .assert_ok()
        .assert_metric("system.processes.number", 0.0, tags)
        .assert_service_check("process.up", Status::critical("there is no process `sleepers`"));
    assert_eq!(third.metrics.len(), 1, "{third}");
}

#[tokio::test]
async fn processes_are_found_by_a_pattern_of_their_command() {
    let name = format!("{NAME}-2");
    let _sleepers = Started::sleeping(&name, 3);
    let pattern = format!("name: s\nexact_match: false\nsearch_string: ['{name} 6\\d+$']");
    run::<Processes>(&pattern).await.assert_metric(
        "system.processes.number",
        3.0,
        ["process_name:s"],
    );
    let part = format!("name: s\nsearch_string: ['{NAME}']");
    run::<Processes>(&part).await.assert_metric("system.processes.number", 0.0, ["process_name:s"]);
}

#[tokio::test]
async fn a_busy_process_takes_a_processor() {
    let endless = ["-c", "while :; do :; done"];
    let _spinner = Started::new("/bin/sh", "allwell-test-spinner", &endless, 1);
    let mut instance = instance::<Processes>("name: s\nsearch_string: [allwell-test-spinner]");
    instance.run().await.assert_ok();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let run = instance.run().await;
    let [cpu, normalized] =
        ["cpu.pct", "cpu.normalized_pct"].map(|n| run.values(&format!("system.processes.{n}"))[0]);
    // It may have to share the processor with much else.
    assert!(cpu > 1.0 && cpu < 110.0, "{cpu} % of a processor");
    let processors = std::fs::read_to_string("/proc/stat").unwrap();
    let processors = processors.lines().filter(|line| line.starts_with("cpu")).count() - 1;
    assert!((normalized - cpu / processors as f64).abs() < 1e-9);
}

#[test]
fn a_wrong_pattern_is_a_problem_only_where_patterns_are_asked_for() {
    let exact = "name: s\nsearch_string: ['a(']";
    assert_eq!(problems_of::<Processes>(exact), "");
    let problems = problems_of::<Processes>(&format!("{exact}\nexact_match: false"));
    assert!(problems.contains("`a(` is not a regular expression"), "{problems}");
}

#[test]
fn something_to_search_for_must_be_given() {
    let problems = problems_of::<Processes>("name: s\nsearch_string: []");
    assert!(problems.contains("search_string"), "{problems}");
}
