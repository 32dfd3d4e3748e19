//! The engine under virtual time: when instances run, what ends a run, what a reload leaves alone.
#![forbid(unsafe_code)]
#![allow(
    clippy::format_collect,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "small numbers, and lists that read as what they are"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use allwell::check::{Clock, Entry, InstanceSpec, load};
use allwell::config::confd;
use allwell::export::metadata;
use allwell::output::{Amount, Delivery, Hub, HubOptions, Memory};
use allwell::prelude::*;
use allwell::run::{
    Activity, Change, Concurrency, Engine, Host, InstanceStatus, Notice, OWN, Observer, Own,
    RunOutcome, Skip, Surroundings,
};

/// Does what it is told.
#[check(timeout = "5s")]
async fn obeys(config: &Orders, cx: &Context) -> Result<Answer> {
    match config.order.as_str() {
        "fail" => bail!("as told"),
        "panic" => panic!("as told"),
        "hang" => std::future::pending().await,
        "warn" => cx.warn("look out"),
        "stop" => cx.cancellation().cancelled().await,
        seconds => {
            tokio::time::sleep(Duration::from_secs_f64(seconds.parse().unwrap_or(0.0))).await;
        }
    }
    let runs = cx.cache().get("runs").map_or(0, |runs| runs.parse().unwrap_or(0)) + 1;
    cx.cache().set("runs", runs.to_string());
    Ok(Answer { runs: runs.into(), total: (10 * runs).into() })
}

/// What it is told.
#[derive(Config)]
struct Orders {
    /// Tells it from others.
    #[config(tag)]
    id: u32,
    /// A word, or how many seconds a run takes.
    #[config(default = "")]
    order: String,
}

#[derive(Metrics)]
#[metrics(namespace = "obeys")]
struct Answer {
    /// Runs so far.
    runs: Gauge<Unitless>,
    /// Grows by ten a run.
    total: MonotonicCount<Unitless>,
}

/// Blocks until a file is gone.
#[check(timeout = "1s")]
fn blocks(config: &Gate) -> Answer {
    while Path::new(&config.until_gone).exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    Answer { runs: 1.into(), total: 1.into() }
}

/// A gate.
#[derive(Config)]
struct Gate {
    /// A file.
    until_gone: String,
}

/// Everything that the engine told, by instance.
#[derive(Default, Clone)]
struct Told(Arc<Mutex<Vec<(String, String)>>>);

impl Observer for Told {
    fn notice(&self, instance: &str, notice: Notice<'_>) {
        let text = match notice {
            Notice::Ran(report) => format!("ran: {}", report.outcome),
            Notice::Slow { elapsed, limit } => format!("slow: {elapsed:?} of {limit:?}"),
            Notice::Skipped(skip) => format!("skipped: {skip}"),
            Notice::Recovered { failures } => format!("recovered after {failures}"),
            Notice::DidNotStop => String::from("did not stop"),
        };
        self.0.lock().unwrap().push((instance.to_owned(), text));
    }
}

impl Told {
    fn count(&self, text: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|(_, told)| told.starts_with(text)).count()
    }
}

/// An engine, its output and what it told.
struct House {
    engine: Engine,
    memory: Memory,
    told: Told,
}

impl House {
    fn new() -> Self {
        Self::with(Concurrency::default())
    }

    fn with(limits: Concurrency) -> Self {
        let (memory, told) = (Memory::new(), Told::default());
        let hub = Arc::new(Hub::new(vec![Arc::new(memory.clone())], HubOptions::default()));
        let mut host = Host::new("test-host");
        // 00:00:07 on some day: no boundary of an interval.
        host.clock =
            Clock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 20_000 + 7));
        let observer = Arc::new(told.clone());
        let engine = Engine::new(host, Surroundings { limits, hub, keeper: None, observer });
        Self { engine, memory, told }
    }

    fn apply(&self, instances: &str) -> Change {
        self.engine.apply(specs(Entry::of::<obeys>(), instances))
    }

    fn only(&self) -> InstanceStatus {
        self.engine.status().into_iter().next().expect("an instance")
    }

    fn times(&self) -> Vec<f64> {
        self.memory.take().iter().map(|delivery| delivery.time).collect()
    }
}

fn specs(entry: &'static Entry, instances: &str) -> Vec<InstanceSpec> {
    let text = format!("instances:\n{instances}");
    let file = confd::File::parse(entry.name(), Path::new("conf.d/obeys.d/conf.yaml"), text.into());
    let loaded = load(entry, &file);
    assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems);
    loaded.instances
}

async fn pass(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn the_first_run_is_within_a_second_and_the_others_are_on_a_grid() {
    let house = House::new();
    house.apply("  - {id: 1}\n");
    pass(301.0).await;
    let times = house.times();
    let (first, second) = (times[0] - 86_400.0 * 20_000.0 - 7.0, times[1] - times[0]);
    assert!((0.0..1.01).contains(&first), "{first}");
    assert!((7.5..=22.6).contains(&second), "{second}");
    for pair in times[1..].windows(2) {
        assert!((pair[1] - pair[0] - 15.0).abs() < 0.005, "{pair:?}");
    }
    assert!((19..=21).contains(&times.len()), "{}", times.len());
}

#[tokio::test(start_paused = true)]
async fn the_phase_follows_from_the_id_and_not_from_the_start() {
    let mut phases = Vec::new();
    for wait in [0.0, 3.3] {
        let house = House::new();
        pass(wait).await;
        house.apply("  - {id: 1}\n");
        pass(100.0).await;
        phases.push(house.times().pop().unwrap() % 15.0);
    }
    assert!((phases[0] - phases[1]).abs() < 0.01, "{phases:?}");
}

#[tokio::test(start_paused = true)]
async fn instances_spread_over_the_interval() {
    let house = House::new();
    let instances: String = (0..1500).map(|id| format!("  - {{id: {id}}}\n")).collect();
    house.apply(&instances);
    pass(2.0).await;
    assert_eq!(house.times().len(), 1500, "all have run once");
    pass(48.0).await;
    let mut by_second = BTreeMap::new();
    let times = house.times();
    let until = times.iter().copied().fold(0.0, f64::max).floor();
    for time in times.into_iter().filter(|time| (until - 15.0..until).contains(time)) {
        *by_second.entry((time % 15.0) as u32).or_insert(0) += 1;
    }
    assert_eq!(by_second.values().sum::<i32>(), 1500);
    assert!(by_second.values().all(|runs| (60..=140).contains(runs)), "{by_second:?}");
}

#[tokio::test(start_paused = true)]
async fn an_interval_of_zero_means_one_run() {
    let house = House::new();
    house.apply("  - {id: 1, min_collection_interval: 0}\n");
    pass(600.0).await;
    assert_eq!(house.times().len(), 1);
    assert_eq!(house.only().activity, Activity::Done);
    assert_eq!(house.only().next_run, None);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_does_not_end_is_cancelled_at_its_timeout() {
    let house = House::new();
    house.apply("  - {id: 1, order: hang, min_collection_interval: 60}\n");
    pass(3.0).await;
    assert!(
        matches!(house.only().activity, Activity::Running(since) if since > Duration::from_secs(2))
    );
    pass(4.0).await;
    let status = house.only();
    assert_eq!(status.activity, Activity::Waiting);
    assert_eq!((status.statistics.runs, status.statistics.timeouts), (1, 1));
    assert_eq!(
        status.statistics.last.unwrap().outcome,
        RunOutcome::TimedOut(Duration::from_secs(5))
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_longer_than_its_interval_skips_what_it_overlaps() {
    let house = House::new();
    house.apply("  - {id: 1, order: '4', min_collection_interval: 3}\n");
    pass(120.0).await;
    let status = house.only();
    let runs = status.statistics.runs;
    assert!((19..=21).contains(&runs), "every second tick: {runs}");
    assert!(status.skips.still_running >= runs - 1, "{:?}", status.skips);
    assert_eq!(status.skips.late, 0);
    assert!(house.times().windows(2).skip(1).all(|pair| (pair[1] - pair[0] - 6.0).abs() < 0.01));
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_fails_pauses_longer_and_longer_up_to_a_minute() {
    let house = House::new();
    house.apply(
        "  - {id: 1, order: fail}\n  - {id: 2, order: fail, min_collection_interval: 120}\n",
    );
    pass(600.0).await;
    let mut status = house.engine.status();
    status.sort_by_key(|status| status.interval);
    let [often, rarely] = &status[..] else { panic!("two instances") };
    // Three at every tick, then one after 30 s, then one a minute.
    assert!((11..=13).contains(&often.statistics.runs), "{}", often.statistics.runs);
    assert_eq!(often.statistics.runs, often.statistics.errors);
    assert_eq!(u64::from(often.failures_in_a_row), often.statistics.runs);
    assert!((26..=30).contains(&often.skips.backed_off), "{:?}", often.skips);
    assert!((5..=6).contains(&rarely.statistics.runs), "{}", rarely.statistics.runs);
    assert_eq!(rarely.skips.total(), 0, "its interval is longer than the longest pause");
    assert_eq!(
        house.told.count("ran: as told") as u64,
        often.statistics.runs + rarely.statistics.runs
    );
    assert_eq!(
        house.told.count(&format!("skipped: {}", Skip::BackedOff)) as u64,
        often.skips.backed_off
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_fails_its_run_and_nothing_else() {
    let house = House::new();
    house.apply("  - {id: 1, order: panic}\n  - {id: 2}\n");
    pass(20.0).await;
    let mut status = house.engine.status();
    status.sort_by_key(|status| status.statistics.panics);
    assert_eq!((status[0].statistics.errors, status[0].statistics.panics), (0, 0));
    assert_eq!(status[1].statistics.panics, status[1].statistics.runs);
    assert!(status.iter().all(|status| status.statistics.runs >= 1));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_takes_more_than_four_fifths_of_its_time_is_told() {
    let house = House::new();
    house.apply(
        "  - {id: 1, order: '3.9'}\n  - {id: 2, order: '4.1', min_collection_interval: 60}\n",
    );
    pass(10.0).await;
    assert_eq!(house.told.count("slow"), 1);
    assert_eq!(house.told.count("slow: 4.1"), 1);
}

#[tokio::test(start_paused = true)]
async fn no_instance_waits_for_another_that_hangs() {
    let house = House::with(Concurrency { runs: 1024, blocking: 8, of_one_check: 512 });
    let hanging: String = (0..400).map(|id| format!("  - {{id: {id}, order: hang}}\n")).collect();
    house.apply(&format!("{hanging}  - {{id: 1000}}\n"));
    pass(120.0).await;
    let status = house.engine.status();
    let well =
        status.iter().find(|status| status.statistics.errors == 0).expect("one that is well");
    assert!(well.longest_lag < Duration::from_millis(10), "{:?}", well.longest_lag);
    assert!(well.statistics.runs >= 8);
}

#[tokio::test(start_paused = true)]
async fn a_check_at_its_limit_makes_its_own_instances_wait_and_counts_that() {
    let house = House::with(Concurrency { runs: 1024, blocking: 8, of_one_check: 1 });
    house.apply("  - {id: 1, order: '2', min_collection_interval: 60}\n  - {id: 2, order: '2', min_collection_interval: 60}\n");
    pass(6.0).await;
    let status = house.engine.status();
    let longest = status.iter().map(|status| status.longest_lag).max().unwrap();
    assert!(longest > Duration::from_secs(1), "one waited for the other: {longest:?}");
    assert!(status.iter().all(|status| status.statistics.runs == 1));
}

#[tokio::test(start_paused = true)]
async fn a_reload_touches_only_what_has_changed() {
    let house = House::new();
    let instances = |changed: &str| -> String {
        (0..1000)
            .map(|id| {
                format!("  - {{id: {id}, order: {}}}\n", if id == 7 { changed } else { "''" })
            })
            .collect()
    };
    let change = house.apply(&instances("''"));
    assert_eq!(change, Change { started: 1000, ..Change::default() });
    pass(25.0).await;
    let change = house.apply(&instances("'1'"));
    assert_eq!(change, Change { started: 1, stopped: 1, kept: 999, ..Change::default() });
    pass(2.0).await;
    let runs: Vec<_> = house.engine.status().iter().map(|status| status.statistics.runs).collect();
    assert_eq!(runs.len(), 1000);
    assert_eq!(runs.iter().filter(|runs| **runs < 2).count(), 1, "the others kept their state");
}

#[tokio::test(start_paused = true)]
async fn the_same_instance_twice_runs_once() {
    let house = House::new();
    let mut twice = specs(Entry::of::<obeys>(), "  - {id: 1}\n");
    twice.extend(specs(Entry::of::<obeys>(), "  - {id: 1}\n"));
    assert_eq!(house.engine.apply(twice), Change { started: 1, repeated: 1, ..Change::default() });
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_is_taken_out_ends_its_run() {
    let house = House::new();
    house.apply("  - {id: 1, order: stop, min_collection_interval: 60}\n  - {id: 2, order: hang, tags: [a]}\n");
    pass(2.0).await;
    house.apply("  - {id: 3}\n");
    pass(0.7).await;
    assert_eq!(house.engine.status().len(), 1);
    let closed = house.engine.shut_down(Duration::from_secs(5)).await;
    assert_eq!(closed.undelivered, Amount::default());
}

#[tokio::test(start_paused = true)]
async fn what_has_been_gathered_is_delivered_at_the_end() {
    let house = House::new();
    house.apply("  - {id: 1}\n");
    pass(1.05).await;
    let closed = house.engine.shut_down(Duration::from_secs(5)).await;
    assert_eq!(closed.undelivered, Amount::default());
    let taken = house.memory.take();
    let [delivery] = &taken[..] else { panic!("one delivery: {taken:?}") };
    let Delivery { check, host, series, .. } = &**delivery;
    assert_eq!((*check, host.as_deref(), series.len()), ("obeys", Some("test-host"), 1));
    assert_eq!(series[0].tags.iter().collect::<Vec<_>>(), ["id:1"]);
}

#[tokio::test(start_paused = true)]
async fn a_monotonic_count_grows_from_run_to_run() {
    let house = House::new();
    house.apply("  - {id: 1}\n");
    pass(60.0).await;
    let deliveries = house.memory.take();
    let totals = deliveries
        .iter()
        .flat_map(|delivery| &delivery.series)
        .filter(|one| one.name == "obeys.total");
    assert_eq!(totals.map(|one| one.value).collect::<Vec<_>>(), vec![10.0; deliveries.len() - 1]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_reports_of_itself() {
    let house = House::new();
    house.apply("  - {id: 1}\n  - {id: 2, order: fail}\n  - {id: 3, order: panic}\n  - {id: 4, order: '2'}\n");
    let mut own = Own::new(Arc::from([String::from("env:test")]));
    pass(4.0).await;
    let delivery = own.report(&house.engine, &[]);
    assert_eq!((delivery.check, delivery.host.as_deref()), ("allwell", Some("test-host")));
    let value = |delivery: &Delivery, name: &str, tags: &[&str]| {
        let found = delivery
            .series
            .iter()
            .find(|one| one.name == name && one.tags.iter().eq(tags.iter().copied()));
        found.map(|one| one.value)
    };
    let of_check = ["env:test", "check:obeys"];
    for (name, expected) in [
        ("allwell.check.instances", 4.0),
        ("allwell.check.failing", 2.0),
        ("allwell.check.stuck", 0.0),
        ("allwell.check.contexts", 4.0),
        ("allwell.check.duration.max", 2.0),
        ("allwell.check.duration.count", 4.0),
    ] {
        assert_eq!(value(&delivery, name, &of_check), Some(expected), "{name}");
    }
    assert_eq!(
        value(&delivery, "allwell.check.runs", &of_check),
        None,
        "the first total is a base"
    );
    pass(116.0).await;
    let delivery = own.report(&house.engine, &[]);
    let status = house.engine.status();
    let sum = |of: fn(&InstanceStatus) -> u64| status.iter().map(of).sum::<u64>() as f64;
    let expected = [
        ("allwell.check.runs", sum(|one| one.statistics.runs) - 4.0),
        ("allwell.check.failures", sum(|one| one.statistics.errors) - 2.0),
        ("allwell.check.panics", sum(|one| one.statistics.panics) - 1.0),
        ("allwell.check.timeouts", 0.0),
    ];
    for (name, expected) in expected {
        assert_eq!(value(&delivery, name, &of_check), Some(expected), "{name}");
    }
    let backed_off = ["env:test", "check:obeys", "reason:backed_off"];
    let skipped = value(&delivery, "allwell.check.skipped", &backed_off);
    assert_eq!(skipped, Some(sum(|one| one.skips.backed_off)));
    assert!(skipped > Some(0.0));
}

#[test]
fn what_an_engine_reports_of_itself_is_valid_metadata() {
    let rows = metadata(OWN).expect("valid metadata");
    let of_checks = rows.iter().filter(|row| row.metric_name.starts_with("allwell.check."));
    let of_outputs = rows.iter().filter(|row| row.metric_name.starts_with("allwell.output."));
    assert_eq!((of_checks.count(), of_outputs.count()), (17, 5));
    assert!(rows.iter().all(|row| !row.description.is_empty()));
}

#[tokio::test]
async fn a_blocking_run_that_hangs_is_given_up_and_not_started_again() {
    struct Opened(tempfile::NamedTempFile);
    let gate = Opened(tempfile::NamedTempFile::new().unwrap());
    let house = House::new();
    let path = gate.0.path().display();
    let instance = format!("  - {{until_gone: {path}, min_collection_interval: 2}}\n");
    house.engine.apply(specs(Entry::of::<blocks>(), &instance));
    let stuck = |status: &InstanceStatus| {
        matches!(status.activity, Activity::Stuck(_)) && status.skips.stuck > 0
    };
    let status = until(&house, stuck).await;
    assert_eq!((status.statistics.runs, status.statistics.timeouts), (1, 1));
    drop(gate);
    let status = until(&house, |status| status.statistics.runs > 1).await;
    assert_eq!(status.statistics.errors, 1, "the second run went well");
    assert!(!matches!(status.activity, Activity::Stuck(_)));
}

async fn until(house: &House, holds: impl Fn(&InstanceStatus) -> bool) -> InstanceStatus {
    for _ in 0..600 {
        let status = house.only();
        if holds(&status) {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never came: {:?}", house.only());
}
