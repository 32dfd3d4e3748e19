//! The process check, against processes that the test starts.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use allwell::metric::Status;
use allwell::testing::{instance, problems_of, run};
use allwell_examples::process::Processes;

/// Longer than the 15 bytes that the kernel keeps of a name.
const NAME: &str = "allwell-test-sleeper";

/// Processes of a program that nobody else runs, killed when they go out of scope.
struct Sleepers(Vec<Child>);

impl Sleepers {
    fn start(name: &str, number: usize) -> Self {
        let program = copy_of_sleep(name);
        Self((0..number).map(|_| Command::new(&program).arg("600").spawn().unwrap()).collect())
    }
}

impl Drop for Sleepers {
    fn drop(&mut self) {
        for child in &mut self.0 {
            child.kill().expect("it sleeps");
            child.wait().expect("it was killed");
        }
    }
}

fn copy_of_sleep(name: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::copy("/bin/sleep", &program).expect("there is `/bin/sleep`");
    program
}

#[tokio::test]
async fn processes_are_found_by_their_whole_name() {
    let name = format!("{NAME}-1");
    let sleepers = Sleepers::start(&name, 2);
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
    let _sleepers = Sleepers::start(&name, 3);
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
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("allwell-test-spinner");
    std::fs::copy("/bin/sh", &program).expect("there is `/bin/sh`");
    let spinner = Command::new(&program).args(["-c", "while :; do :; done"]).spawn().unwrap();
    let _killed_at_the_end = Sleepers(vec![spinner]);
    let mut instance = instance::<Processes>("name: s\nsearch_string: [allwell-test-spinner]");
    instance.run().await.assert_ok();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let run = instance.run().await;
    let [cpu, normalized] =
        ["cpu.pct", "cpu.normalized_pct"].map(|n| run.values(&format!("system.processes.{n}"))[0]);
    assert!(cpu > 20.0 && cpu < 110.0, "{cpu} % of a processor");
    let processors = std::fs::read_to_string("/proc/stat").unwrap();
    let processors = processors.lines().filter(|line| line.starts_with("cpu")).count() - 1;
    assert!((normalized - cpu / processors as f64).abs() < 1e-9);
}

#[test]
fn something_to_search_for_must_be_given() {
    let problems = problems_of::<Processes>("name: s\nsearch_string: []");
    assert!(problems.contains("search_string"), "{problems}");
}
