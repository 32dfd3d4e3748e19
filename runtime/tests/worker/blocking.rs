//! Checks that run on the blocking pool.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

use allwell::prelude::*;
use allwell::run::{RunOutcome, Worker};
use allwell::testing::instance;

use crate::worker;

static STUBBORN_BEGAN: Barrier = Barrier::new(2);
static STUBBORN_MAY_GO_ON: Barrier = Barrier::new(2);
static STUBBORN_ENDED: Barrier = Barrier::new(2);
static STUBBORN_WAS_TOLD: AtomicBool = AtomicBool::new(false);

#[derive(Metrics)]
#[metrics(namespace = "stubborn")]
struct Stubborn {
    #[tag]
    when: &'static str,
    /// Steps.
    steps: Count<Unitless>,
}

/// Blocks in its first run until the test lets it go, whatever it is told.
#[check(timeout = "10s")]
fn stubborn(cx: &Context<Stubborn>) {
    let step = |when| cx.submit(Stubborn { when, steps: 1.into() });
    if cx.cache().get("ran").is_some() {
        return step("second run");
    }
    cx.cache().set("ran", "yes");
    step("before");
    STUBBORN_BEGAN.wait();
    STUBBORN_MAY_GO_ON.wait();
    STUBBORN_WAS_TOLD.store(cx.cancellation().is_cancelled(), Ordering::SeqCst);
    step("late");
    cx.warn("late");
    STUBBORN_ENDED.wait();
}

#[tokio::test(start_paused = true)]
async fn blocking_run_that_goes_on_after_its_timeout_is_left_behind() {
    let mut worker = worker::<stubborn>("{}");
    let timeout = async {
        STUBBORN_BEGAN.wait();
        tokio::time::advance(Duration::from_secs(10)).await;
    };
    let (report, ()) = tokio::join!(worker.run(), timeout);
    let in_time = submitted(&worker);
    // Nothing is asserted before the check has ended: a test that fails would wait for its thread for ever.
    STUBBORN_MAY_GO_ON.wait();
    STUBBORN_ENDED.wait();
    assert_eq!(report.outcome, RunOutcome::TimedOut(Duration::from_secs(10)));
    assert_eq!(in_time, ["when:before"]);
    assert!(STUBBORN_WAS_TOLD.load(Ordering::SeqCst));
    assert_eq!(submitted(&worker), ["when:before"]);

    let report = worker.run().await;
    assert_eq!((report.outcome, report.warnings.len()), (RunOutcome::Ok, 0));
    assert_eq!(submitted(&worker), ["when:second run"]);
}

fn submitted(worker: &Worker) -> Vec<String> {
    worker.output(|batch, _| {
        batch.samples().flat_map(|sample| sample.tags).map(str::to_owned).collect()
    })
}

/// Panics on the blocking pool.
#[check(timeout = "10s")]
fn blocking_panic() {
    panic!("{} and {}", "this", "that");
}

#[tokio::test]
async fn panic_of_a_blocking_check_is_that_of_its_run() {
    let run = instance::<blocking_panic>("").run().await;
    assert_eq!(run.report.outcome, RunOutcome::Panicked("this and that".to_owned()));
}
