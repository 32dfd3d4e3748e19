//! What a reload leaves alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use allwell::check::{Entry, InstanceSpec};
use allwell::output::{Amount, Delivery};
use allwell::prelude::*;
use allwell::run::{Activity, Change, Concurrency, Keeper};
use allwell::state::Store;

use crate::house::{House, obeys, pass, specs};

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

/// The same instance, whose secret has changed so many times.
fn with_other_secrets(check: &'static Entry, instances: &str, times: u64) -> Vec<InstanceSpec> {
    let mut specs = specs(check, instances);
    for spec in &mut specs {
        spec.fingerprint += times;
    }
    specs
}

/// All values of a metric, in their order.
fn all(deliveries: &[Arc<Delivery>], name: &str) -> Vec<f64> {
    let series = deliveries.iter().flat_map(|delivery| &delivery.series);
    series.filter(|one| one.name == name).map(|one| one.value).collect()
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_is_started_anew_in_a_run_counts_every_interval_once() {
    // One rests meanwhile, the run of one ends in time, and one is cut off.
    // The last ones are started anew again before they have begun.
    for (order, in_a_run, times) in [
        ("''", false, 1),
        ("'0.3'", true, 1),
        ("'4'", true, 1),
        ("'0.3'", true, 3),
        ("'4'", true, 3),
    ] {
        let house = House::new();
        let instances = format!("  - {{id: 1, order: {order}}}\n");
        house.apply(&instances);
        let begun =
            |house: &House| matches!(house.only().activity, Activity::Running(_)) == in_a_run;
        pass(20.0).await;
        while !begun(&house) {
            pass(0.1).await;
        }
        for time in 1..=times {
            let change =
                house.engine.apply(with_other_secrets(Entry::of::<obeys>(), &instances, time));
            assert_eq!(change, Change { restarted: 1, ..Change::default() });
        }
        pass(60.0).await;
        let deliveries = house.memory.take();
        let (totals, runs) = (all(&deliveries, "obeys.total"), all(&deliveries, "obeys.runs"));
        let last = runs.last().copied().unwrap_or_default();
        // The first total is only what the next ones are compared with.
        assert_eq!(totals.iter().sum::<f64>(), 10.0 * (last - 1.0), "{order}: {totals:?} {runs:?}");
        assert!(runs.windows(2).all(|pair| pair[1] == pair[0] + 1.0), "its texts go on: {runs:?}");
    }
}

static RUNS: AtomicU32 = AtomicU32::new(0);
static IS_SHUT: AtomicBool = AtomicBool::new(false);

/// Keeps its thread until a gate opens, although it should not.
#[check(interval = "1s")]
#[expect(clippy::unused_async, reason = "it never waits")]
pub(crate) async fn keeps_its_thread() -> Grown {
    let runs = RUNS.fetch_add(1, Ordering::SeqCst) + 1;
    if runs == 3 {
        IS_SHUT.store(true, Ordering::SeqCst);
    }
    while runs == 3 && IS_SHUT.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
    Grown { total: (10 * runs).into() }
}

#[derive(Metrics)]
#[metrics(namespace = "keeps_its_thread")]
pub(crate) struct Grown {
    /// Grows by ten a run.
    total: MonotonicCount<Unitless>,
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..6000 {
        if is_so() {
            return;
        }
        pass(0.01).await;
    }
    panic!("{what}: not within a minute");
}

/// What is counted when, in a run that keeps its thread, an instance is taken away and comes back.
async fn counts_once_if(comes_back: impl Fn(&House, &'static Entry)) {
    RUNS.store(0, Ordering::SeqCst);
    let dir = tempfile::tempdir().unwrap();
    let keeper = Keeper::new(Store::open(dir.path()).unwrap().0);
    let house = House::of(Concurrency::default(), Some(keeper));
    let check = Entry::of::<keeps_its_thread>();
    house.engine.apply(specs(check, "  - {}\n"));
    until("the third run", || IS_SHUT.load(Ordering::SeqCst)).await;
    comes_back(&house, check);
    until("its other runs", || house.only().statistics.runs >= 2).await;
    let told = house.told.count("ran");
    IS_SHUT.store(false, Ordering::SeqCst);
    until("the end of the third run", || house.told.count("ran") > told + 1).await;
    house.engine.shut_down(Duration::from_secs(5)).await;
    let runs = f64::from(RUNS.load(Ordering::SeqCst));
    let totals = all(&house.memory.take(), "keeps_its_thread.total");
    assert_eq!(totals.iter().sum::<f64>(), 10.0 * (runs - 1.0), "{totals:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_run_that_outlasts_its_instance_is_not_counted_as_well() {
    let replaced = |house: &House, check| {
        house.engine.apply(with_other_secrets(check, "  - {}\n", 1));
    };
    counts_once_if(replaced).await;
    let taken_out_and_put_back = |house: &House, check| {
        house.engine.apply(Vec::new());
        house.engine.apply(specs(check, "  - {}\n"));
    };
    counts_once_if(taken_out_and_put_back).await;
}
