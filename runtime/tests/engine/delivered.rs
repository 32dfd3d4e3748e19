//! What an engine hands on: what runs yield, and what it reports of itself.

use std::sync::Arc;
use std::time::Duration;

use allwell::export::metadata;
use allwell::output::{Amount, Delivery};
use allwell::run::{InstanceStatus, OWN, Own};

use crate::house::{House, pass};

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
        Some(4.0),
        "it counts from the start"
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
    assert_eq!((of_checks.count(), of_outputs.count()), (18, 5));
    assert!(rows.iter().all(|row| !row.description.is_empty()));
}
