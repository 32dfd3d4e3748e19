//! What ends a run, and what becomes of the others.

use std::time::Duration;

use allwell::check::Entry;
use allwell::run::{Activity, Concurrency, InstanceStatus, RunOutcome, Skip};

use crate::house::{House, blocks, pass, specs};

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
async fn runs_that_were_due_while_another_went_on_are_told_and_counted() {
    let house = House::new();
    house.apply("  - {id: 1, order: '3.5', min_collection_interval: 1}\n");
    pass(10.0).await;
    let status = house.only();
    assert!(status.statistics.runs >= 2, "{:?}", status.statistics);
    assert_eq!(status.skips.still_running, 3 * status.statistics.runs);
    let told = house.told.count(&format!("skipped: {}", Skip::StillRunning)) as u64;
    assert_eq!(told, status.statistics.runs, "once a run");
}

#[tokio::test(start_paused = true)]
async fn the_last_failure_and_the_last_warning_are_known_after_runs_that_are_well() {
    let house = House::new();
    house.apply("  - {id: 1, order: unsteady, min_collection_interval: 1}\n");
    pass(5.0).await;
    let statistics = house.only().statistics;
    assert!(statistics.runs > 3 && statistics.errors == 1, "{statistics:?}");
    assert!(statistics.last.is_some_and(|last| last.outcome.is_ok() && last.warnings.is_empty()));
    let failure = statistics.last_failure.expect("one failed");
    assert_eq!(failure.text, "the first one fails");
    let warning = statistics.last_warning.expect("one warned");
    assert_eq!(warning.text, "the second one warns");
    assert!(failure.time < warning.time && Some(warning.time) < statistics.last_success);
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
