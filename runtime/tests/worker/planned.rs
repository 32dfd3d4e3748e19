//! Runs that go as planned: how they end, and what is remembered of them.

use std::time::SystemTime;

use allwell::prelude::*;
use allwell::run::RunOutcome;
use allwell::testing::{Run, instance};

use crate::worker;

/// What becomes of each run, in turn.
#[derive(Config)]
struct Plan {
    /// One word a run; once they are used up, all goes well.
    plan: Vec<String>,
}

/// A step of a run.
#[derive(Metrics)]
#[metrics(namespace = "planned")]
struct Step {
    /// Starts of the instance so far.
    starts: Gauge<Unitless>,
    /// Runs of this start so far.
    runs: Gauge<Unitless>,
}

struct Planned {
    plan: Vec<String>,
    runs: u32,
}

/// Does what its plan says.
#[check(timeout = "5s", can_connect = "planned.can_connect")]
impl Check<Step> for Planned {
    type Config = Plan;
    type Metrics = ();

    async fn start(config: Plan, cx: &Context<Step>) -> Result<Self> {
        count_up(cx, "starts");
        let word = word(&config.plan, cx);
        if word.starts_with("start ") {
            count_up(cx, "runs");
        }
        match word {
            "start fails" => bail!("connection refused"),
            "start panics" => panic!("at the start"),
            "start hangs" => std::future::pending().await,
            _ => Ok(Self { plan: config.plan, runs: 0 }),
        }
    }

    async fn run(&mut self, cx: &Context<Step>) -> Result<()> {
        let word = word(&self.plan, cx);
        count_up(cx, "runs");
        self.runs += 1;
        cx.submit(Step { starts: counted(cx, "starts").into(), runs: self.runs.into() });
        match word {
            "fail" => Err(anyhow!("no answer")).context("the plan was read"),
            "panic" => panic!("as planned"),
            "hang" => std::future::pending().await,
            word => {
                tokio::time::sleep(Duration::from_secs(word.parse().unwrap_or(0))).await;
                Ok(())
            }
        }
    }
}

fn word<'a>(plan: &'a [String], cx: &Context<Step>) -> &'a str {
    plan.get(counted(cx, "runs") as usize).map_or("go on", String::as_str)
}

fn counted<M>(cx: &Context<M>, key: &str) -> u32 {
    cx.cache().get(key).map_or(0, |count| count.parse().unwrap())
}

fn count_up<M>(cx: &Context<M>, key: &str) {
    cx.cache().set(key, (counted(cx, key) + 1).to_string());
}

/// The metrics of a run of [`Planned`]: starts so far and runs of this start.
fn steps(run: &Run) -> (Vec<f64>, Vec<f64>) {
    (run.values("planned.starts"), run.values("planned.runs"))
}

#[tokio::test(start_paused = true)]
async fn timeout_ends_a_run_and_the_state() {
    let mut planned = instance::<Planned>("plan: [hang]");
    let run = planned.run().await;
    assert_eq!(run.report.outcome, RunOutcome::TimedOut(Duration::from_secs(5)));
    assert_eq!(run.report.elapsed, Duration::from_secs(5));
    assert_eq!(steps(&run), (vec![1.0], vec![1.0]));
    let error = "the run did not end within 5s";
    run.assert_service_check("planned.can_connect", Status::critical(error));

    let run = planned.run().await;
    assert_eq!(run.report.elapsed, Duration::ZERO);
    assert_eq!(steps(run.assert_ok()), (vec![2.0], vec![1.0]));
    run.assert_service_check("planned.can_connect", Status::Ok);
}

#[tokio::test(start_paused = true)]
async fn run_that_ends_just_in_time_is_good() {
    let run = instance::<Planned>("plan: ['4']").run().await;
    assert_eq!(run.assert_ok().report.elapsed, Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn panic_ends_the_run_and_the_state() {
    let mut planned = instance::<Planned>("plan: [go on, panic]");
    planned.run().await.assert_ok();
    let run = planned.run().await;
    assert_eq!(run.report.outcome, RunOutcome::Panicked("as planned".to_owned()));
    assert_eq!(steps(&run), (vec![1.0], vec![2.0]));
    let error = "the check panicked: as planned";
    run.assert_service_check("planned.can_connect", Status::critical(error));
    assert_eq!(steps(planned.run().await.assert_ok()), (vec![2.0], vec![1.0]));
}

#[tokio::test(start_paused = true)]
async fn error_keeps_the_state_and_what_was_submitted() {
    let mut planned = instance::<Planned>("plan: [fail]");
    let run = planned.run().await;
    let error = "the plan was read: no answer";
    assert_eq!(run.report.outcome, RunOutcome::Failed(error.to_owned()));
    assert_eq!((run.report.samples, run.report.service_checks), (2, 1));
    assert_eq!(steps(&run), (vec![1.0], vec![1.0]));
    run.assert_service_check("planned.can_connect", Status::critical(error));
    assert_eq!(steps(planned.run().await.assert_ok()), (vec![1.0], vec![2.0]));
}

#[tokio::test(start_paused = true)]
async fn failed_start_is_tried_again_at_the_next_run() {
    let mut planned = instance::<Planned>("plan: [start fails, start fails]");
    for _ in 0..2 {
        let run = planned.run().await;
        assert_eq!(run.report.outcome, RunOutcome::Failed("connection refused".to_owned()));
        run.assert_not_submitted("planned.starts");
        run.assert_service_check("planned.can_connect", Status::critical("connection refused"));
    }
    assert_eq!(steps(planned.run().await.assert_ok()), (vec![3.0], vec![1.0]));
    assert_eq!(steps(planned.run().await.assert_ok()), (vec![3.0], vec![2.0]));
}

#[tokio::test(start_paused = true)]
async fn start_that_panics_or_hangs_is_tried_again() {
    let mut planned = instance::<Planned>("plan: [start panics, start hangs]");
    let run = planned.run().await;
    assert_eq!(run.report.outcome, RunOutcome::Panicked("at the start".to_owned()));
    let run = planned.run().await;
    assert_eq!(run.report.outcome, RunOutcome::TimedOut(Duration::from_secs(5)));
    assert_eq!(run.report.elapsed, Duration::from_secs(5));
    assert_eq!(steps(planned.run().await.assert_ok()), (vec![3.0], vec![1.0]));
}

#[tokio::test(start_paused = true)]
async fn statistics_count_runs_and_how_they_ended() {
    let mut worker = worker::<Planned>("plan: [fail, panic, hang, '3', start fails]");
    assert_eq!(worker.statistics().average_duration(), Duration::ZERO);
    for _ in 0..5 {
        worker.run().await;
    }
    let statistics = worker.statistics();
    assert_eq!((statistics.runs, statistics.errors), (5, 3));
    assert_eq!((statistics.timeouts, statistics.panics), (1, 1));
    assert_eq!((statistics.samples, statistics.service_checks), (10, 5));
    let seconds: Vec<_> = statistics.durations().map(|duration| duration.as_secs()).collect();
    assert_eq!(seconds, [0, 0, 5, 3, 0]);
    assert_eq!(statistics.average_duration(), Duration::from_millis(1600));
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    assert_eq!(statistics.last_success, Some(at(8)));
    let last = statistics.last.as_ref().expect("there were runs");
    assert_eq!((&last.outcome, last.started), (&RunOutcome::Ok, at(8)));
}

#[tokio::test(start_paused = true)]
async fn average_is_of_the_last_32_runs() {
    let mut worker = worker::<Planned>("plan: ['4', '2']");
    for _ in 0..33 {
        worker.run().await;
    }
    let statistics = worker.statistics();
    assert_eq!((statistics.runs, statistics.durations().len()), (33, 32));
    assert_eq!(statistics.durations().next(), Some(Duration::from_secs(2)));
    assert_eq!(statistics.average_duration(), Duration::from_secs(2) / 32);
}

/// Takes as long as it may.
#[check(interval = "20s")]
async fn endless() {
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn without_a_timeout_of_its_own_a_run_may_take_the_interval() {
    let seconds = Duration::from_secs;
    let cases = [("{}", 20, 20), ("min_collection_interval: 7", 7, 7)];
    let once = ("min_collection_interval: 0", 0, 20);
    for (options, interval, timeout) in cases.into_iter().chain([once]) {
        let mut worker = worker::<endless>(options);
        assert_eq!((worker.interval(), worker.timeout()), (seconds(interval), seconds(timeout)));
        let report = worker.run().await;
        assert_eq!(report.outcome, RunOutcome::TimedOut(seconds(timeout)));
        assert_eq!(report.elapsed, seconds(timeout));
    }
}
