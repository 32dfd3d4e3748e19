//! What an engine reports of itself, to the last run: from the start, over reloads, and of rare runs once.
#![forbid(unsafe_code)]
#![allow(missing_docs)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use allwell::check::{Clock, Entry, load};
use allwell::config::confd;
use allwell::output::{Delivery, Hub, HubOptions, Memory};
use allwell::prelude::*;
use allwell::run::{Concurrency, Engine, Host, Keeper, Own, Surroundings};
use allwell::state::Store;

/// Takes its time, then does what it is told.
#[check(timeout = "10s")]
async fn obeys(config: &Orders) -> Result<Answer> {
    tokio::time::sleep(Duration::from_secs(config.seconds)).await;
    if config.fails {
        bail!("as told");
    }
    Ok(Answer { answers: 1.into() })
}

/// What it is told.
#[derive(Config)]
struct Orders {
    /// Tells it from others.
    id: u32,
    /// How long a run takes.
    #[config(default = 0)]
    seconds: u64,
    /// Whether it fails.
    #[config(default = false)]
    fails: bool,
}

#[derive(Metrics)]
#[metrics(namespace = "obeys")]
struct Answer {
    /// Answers.
    answers: Gauge<Unitless>,
}

struct House {
    engine: Engine,
    hub: Arc<Hub>,
    memory: Memory,
    own: Own,
}

impl House {
    fn new() -> Self {
        Self::with(None)
    }

    fn with(keeper: Option<Arc<Keeper>>) -> Self {
        let memory = Memory::new();
        let hub = Arc::new(Hub::new(vec![Arc::new(memory.clone())], HubOptions::default()));
        let mut host = Host::new("test-host");
        host.clock = Clock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000));
        let surroundings = Surroundings {
            limits: Concurrency::default(),
            hub: Arc::clone(&hub),
            keeper,
            observer: Arc::new(()),
        };
        let engine = Engine::new(host, surroundings);
        Self { engine, hub, memory, own: Own::new(Arc::from([])) }
    }

    fn apply(&self, instances: &str) {
        let entry = Entry::of::<obeys>();
        let text = format!("instances:\n{instances}");
        let path = Path::new("conf.d/obeys.d/conf.yaml");
        let loaded = load(entry, &confd::File::parse(entry.name(), path, text.into()));
        assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems);
        self.engine.apply(loaded.instances);
    }

    fn report(&mut self) -> Delivery {
        self.own.report(&self.engine, &self.hub.statistics())
    }

    /// Runs and failures of the check since the last report.
    fn counts(&mut self) -> [Option<f64>; 2] {
        let report = self.report();
        ["allwell.check.runs", "allwell.check.failures"].map(|name| value(&report, name))
    }
}

fn value(delivery: &Delivery, name: &str) -> Option<f64> {
    delivery.series.iter().find(|one| one.name == name).map(|one| one.value)
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn what_happened_before_the_first_report_is_in_it() {
    let mut house = House::new();
    house.apply("  - {id: 1, min_collection_interval: 0}\n  - {id: 2, fails: true, min_collection_interval: 0}\n");
    pass(15).await;
    assert_eq!(house.counts(), [Some(2.0), Some(1.0)]);
    pass(15).await;
    assert_eq!(house.counts(), [Some(0.0), Some(0.0)]);
}

#[tokio::test(start_paused = true)]
async fn a_reload_takes_no_run_from_the_counts() {
    let mut house = House::new();
    let instances =
        "  - {id: 1, min_collection_interval: 0}\n  - {id: 2, min_collection_interval: 0}\n";
    house.apply(instances);
    pass(15).await;
    assert_eq!(house.counts()[0], Some(2.0));
    house.apply("  - {id: 3, min_collection_interval: 0}\n");
    pass(15).await;
    assert_eq!(house.counts()[0], Some(1.0), "two are gone, one is new");
    house.apply(instances);
    house.apply("  - {id: 3, min_collection_interval: 0}\n");
    pass(15).await;
    assert_eq!(house.counts()[0], Some(1.0), "the others had no time to run");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_after_its_instance_is_counted() {
    let mut house = House::new();
    house.apply("  - {id: 1, seconds: 2, fails: true, min_collection_interval: 0}\n");
    // It began within the first second and has less than the grace of half a second to go.
    while house.engine.status()[0].statistics.runs == 0 && !nearly_done(&house) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    house.apply("  - {id: 2, min_collection_interval: 0}\n");
    pass(15).await;
    assert_eq!(house.counts(), [Some(2.0), Some(1.0)]);
}

fn nearly_done(house: &House) -> bool {
    let activity = house.engine.status()[0].activity;
    matches!(activity, allwell::run::Activity::Running(time) if time > Duration::from_millis(1700))
}

#[tokio::test(start_paused = true)]
async fn the_duration_of_a_rare_run_is_reported_once() {
    let mut house = House::new();
    house.apply("  - {id: 1, seconds: 3, min_collection_interval: 0}\n");
    pass(15).await;
    let report = house.report();
    assert_eq!(value(&report, "allwell.check.duration.max"), Some(3.0));
    pass(15).await;
    assert_eq!(value(&house.report(), "allwell.check.duration.max"), None);
}

#[tokio::test(start_paused = true)]
async fn what_an_output_took_is_counted_from_the_start() {
    let mut house = House::new();
    house.apply("  - {id: 1, min_collection_interval: 0}\n");
    pass(15).await;
    assert_eq!(house.memory.take().len(), 1);
    let report = house.report();
    assert_eq!(value(&report, "allwell.output.delivered"), Some(1.0));
    assert_eq!(value(&report, "allwell.output.queued"), Some(0.0));
    assert_eq!(value(&report, "allwell.output.dropped"), Some(0.0));
}

#[tokio::test(start_paused = true)]
async fn the_process_and_all_its_instances_are_reported() {
    let mut house = House::new();
    house.apply("  - {id: 1}\n  - {id: 2}\n  - {id: 3}\n");
    let first = house.report();
    assert_eq!(value(&first, "allwell.instances"), Some(3.0));
    assert_eq!(value(&first, "allwell.state.errors"), None, "no state is kept");
    house.apply("  - {id: 3}\n");
    pass(15).await;
    let second = house.report();
    assert_eq!(value(&second, "allwell.instances"), Some(1.0));
    assert_eq!(value(&second, "allwell.check.instances"), Some(1.0));
    if cfg!(target_os = "linux") {
        assert!(value(&second, "allwell.process.memory") > Some(100_000.0));
        assert!((Some(0.0)..Some(1.0)).contains(&value(&second, "allwell.process.cpu")));
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_state_are_reported_if_there_is_one() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(directory.path()).unwrap();
    let mut house = House::with(Some(Keeper::new(store)));
    assert_eq!(value(&house.report(), "allwell.state.errors"), Some(0.0));
}
