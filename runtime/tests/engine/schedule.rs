//! When instances run.

use std::collections::BTreeMap;

use allwell::run::Activity;

use crate::house::{House, pass};

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
