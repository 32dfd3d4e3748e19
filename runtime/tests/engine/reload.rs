//! What a reload leaves alone.

use std::time::Duration;

use allwell::check::Entry;
use allwell::output::Amount;
use allwell::run::Change;

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
