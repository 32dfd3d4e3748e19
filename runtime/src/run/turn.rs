//! One run of an instance, from its turn to the delivery of what it yielded.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::aggregate::Rejected;
use crate::metric::Drops;

use super::catch::catch_panic;
use super::engine::Shared;
use super::instance::{Ended, Instance, Resting};
use super::notice::Notice;
use super::past::Counts;
use super::report::{RunOutcome, RunReport};
use super::unless::unless;

/// How long a run may go on after it was told to end, and how long an instance may take to say goodbye, as in the Agent.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// Runs an instance that is due. Tells whether the driver has been woken meanwhile.
pub(super) async fn turn(shared: Arc<Shared>, instance: Arc<Instance>) -> bool {
    let permit = instance.gate.enter().await;
    let now = Instant::now();
    let Some(mut resting) = instance.begin(now) else { return false };
    shared.lag.add(now.saturating_duration_since(resting.due));
    resting.worker.lend(shared.batches.take());
    let cancellation = resting.worker.cancellation();
    let report = unless(after_grace(cancellation.cancelled()), resting.worker.run()).await;
    drop(permit);
    let Some(report) = report else {
        instance.leave(&mut resting);
        stop(&shared, &instance.id, resting).await;
        return false;
    };
    let dropped = deliver(&shared, &mut resting);
    tell(&shared, &instance, &mut resting, &report);
    match instance.rest(resting, Ended { at: Instant::now(), dropped }) {
        Ok(Some((due, skip))) => {
            if let Some(skip) = skip {
                shared.observer.notice(&instance.id, Notice::Skipped(skip));
            }
            shared.schedule(due.at, instance)
        }
        Ok(None) => false,
        Err(mut resting) => {
            instance.leave(&mut resting);
            shared.past.add(instance.entry.meta.name, last_counts(&report, dropped));
            stop(&shared, &instance.id, resting).await;
            false
        }
    }
}

/// What is counted of a run whose instance was gone when it ended.
fn last_counts(report: &RunReport, dropped: u64) -> Counts {
    Counts {
        runs: 1,
        failures: (!report.outcome.is_ok()).into(),
        timeouts: matches!(report.outcome, RunOutcome::TimedOut(_)).into(),
        panics: matches!(report.outcome, RunOutcome::Panicked(_)).into(),
        samples: report.samples as u64,
        dropped,
        ..Counts::default()
    }
}

async fn after_grace(cancelled: impl Future<Output = ()>) {
    cancelled.await;
    tokio::time::sleep(GRACE).await;
}

/// Ends what an instance is made of.
pub(super) async fn stop(shared: &Shared, id: &str, resting: Box<Resting>) {
    // A task of its own, so that a panic in there ends nothing else.
    let stopping = tokio::spawn(catch_panic(resting.worker.stop()));
    if tokio::time::timeout(GRACE, stopping).await.is_err() {
        shared.observer.notice(id, Notice::DidNotStop);
    }
}

/// Makes points of what the run yielded and hands them on. Gives the number of samples and points that were lost.
fn deliver(shared: &Shared, resting: &mut Resting) -> u64 {
    let Resting { worker, sampler, .. } = resting;
    let (delivery, rejected) = worker.collect(sampler);
    let Some(batch) = worker.take_batch() else { return 0 };
    let dropped = lost(&batch.drops(), &rejected);
    shared.batches.give_back(batch);
    let kept = shared
        .keeper
        .as_ref()
        .is_some_and(|keeper| keeper.add(worker.id(), sampler, worker.cache(), delivery.time));
    // What is kept is written when the hub hands on, even if there is nothing else.
    if kept || !delivery.is_empty() {
        shared.hub.push(delivery);
    }
    dropped
}

fn tell(shared: &Shared, instance: &Instance, resting: &mut Resting, report: &RunReport) {
    let observer = &shared.observer;
    observer.notice(&instance.id, Notice::Ran(report));
    let limit = resting.worker.timeout();
    if !report.outcome.is_ok() {
        return resting.back_off.failed(resting.timetable.interval());
    }
    if report.elapsed > limit.saturating_mul(4) / 5 {
        observer.notice(&instance.id, Notice::Slow { elapsed: report.elapsed, limit });
    }
    if resting.back_off.failures() > 0 {
        observer.notice(&instance.id, Notice::Recovered { failures: resting.back_off.failures() });
    }
    resting.back_off.succeeded();
}

const fn lost(drops: &Drops, rejected: &Rejected) -> u64 {
    drops.not_finite + drops.over_limit + rejected.total()
}
