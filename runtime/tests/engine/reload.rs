//! What a reload leaves alone.

use std::time::Duration;

use allwell::check::{Entry, InstanceSpec};
use allwell::output::Amount;
use allwell::run::{Activity, Change};

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

/// The same instance, whose secret has another value now.
fn with_another_secret(instances: &str) -> Vec<InstanceSpec> {
    let mut specs = specs(Entry::of::<obeys>(), instances);
    for spec in &mut specs {
        spec.fingerprint += 1;
    }
    specs
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_is_started_anew_in_a_run_counts_every_interval_once() {
    // One rests meanwhile, the run of one ends in time, and one is cut off.
    for (order, in_a_run) in [("''", false), ("'0.3'", true), ("'4'", true)] {
        let house = House::new();
        let instances = format!("  - {{id: 1, order: {order}}}\n");
        house.apply(&instances);
        let begun =
            |house: &House| matches!(house.only().activity, Activity::Running(_)) == in_a_run;
        pass(20.0).await;
        while !begun(&house) {
            pass(0.1).await;
        }
        let change = house.engine.apply(with_another_secret(&instances));
        assert_eq!(change, Change { restarted: 1, ..Change::default() });
        pass(60.0).await;
        let deliveries = house.memory.take();
        let all = |name: &str| -> Vec<f64> {
            let series = deliveries.iter().flat_map(|delivery| &delivery.series);
            series.filter(|one| one.name == name).map(|one| one.value).collect()
        };
        let (totals, runs) = (all("obeys.total"), all("obeys.runs"));
        let last = runs.last().copied().unwrap_or_default();
        // The first total is only what the next ones are compared with.
        assert_eq!(totals.iter().sum::<f64>(), 10.0 * (last - 1.0), "{order}: {totals:?} {runs:?}");
        assert!(runs.windows(2).all(|pair| pair[1] == pair[0] + 1.0), "its texts go on: {runs:?}");
    }
}
