//! Runs of an instance: what ends one, what is kept from it, and what the next one begins with.
#![forbid(unsafe_code)]

use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::SystemTime;

use allwell::check::{Clock, Definition, Entry, load};
use allwell::config::confd;
use allwell::prelude::*;
use allwell::run::{Host, RunOutcome, Worker};
use allwell::testing::{Run, instance};

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

fn worker<D: Definition>(options: &str) -> Worker {
    let text = format!("instances:\n  - {options}\n");
    let file = confd::File::parse(D::META.name, Path::new("conf.yaml"), text.into());
    let loaded = load(Entry::of::<D>(), &file);
    let clock = Clock::starting_at(SystemTime::UNIX_EPOCH);
    let host = Host { hostname: "here".into(), clock };
    Worker::new(loaded.instances.into_iter().next().expect("one instance"), &host)
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

/// Sends one of everything in its first run.
#[check]
fn talkative(cx: &Context) -> Result<()> {
    if cx.cache().get("cursor").as_deref() == Some("7") {
        return Ok(());
    }
    cx.cache().set("cursor", "7");
    cx.version("v1.22.3-rc.1+abc");
    cx.metadata("flavour", "vanilla");
    cx.warn(anyhow!("inner").context("outer"));
    cx.event(Event::new("restarted", "again").tag("unit", 5));
    cx.log(Log::new("a line"));
    bail!("{} on {}", cx.check_name(), cx.hostname());
}

#[tokio::test(start_paused = true)]
async fn what_a_run_sends_is_gone_at_the_next_but_for_cache_and_metadata() {
    let mut talkative = instance::<talkative>("");
    let run = talkative.run().await;
    assert_eq!(run.report.outcome, RunOutcome::Failed("talkative on test-host".to_owned()));
    assert_eq!(run.report.warnings, ["outer: inner"]);
    assert_eq!((run.report.events, run.report.logs), (1, 1));
    assert_eq!(run.events, [Event::new("restarted", "again").tag("unit", 5)]);
    assert_eq!(run.logs, [Log::new("a line")]);
    let metadata: Vec<_> = run.metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let expected = [
        ("flavour", "vanilla"),
        ("version.build", "abc"),
        ("version.major", "1"),
        ("version.minor", "22"),
        ("version.patch", "3"),
        ("version.raw", "v1.22.3-rc.1+abc"),
        ("version.release", "rc.1"),
        ("version.scheme", "semver"),
    ];
    assert_eq!(metadata, expected);

    let second = talkative.run().await;
    assert_eq!(second.assert_ok().report.warnings, [""; 0]);
    assert_eq!((second.events.len(), second.logs.len()), (0, 0));
    assert_eq!(second.metadata, run.metadata);
}

static FAREWELLS: AtomicU32 = AtomicU32::new(0);

struct Farewell {
    cx: Context,
}

/// Says goodbye.
#[check]
impl Check for Farewell {
    type Config = ();
    type Metrics = ();

    async fn start(_config: (), cx: &Context) -> Result<Self> {
        Ok(Self { cx: cx.clone() })
    }

    async fn run(&mut self, cx: &Context) -> Result<()> {
        ensure!(!cx.cancellation().is_cancelled(), "told to end too early");
        Ok(())
    }

    async fn stop(self) {
        self.cx.cancellation().cancelled().await;
        FAREWELLS.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn instance_is_stopped_once_if_it_was_started() {
    instance::<Farewell>("").stop().await;
    assert_eq!(FAREWELLS.load(Ordering::SeqCst), 0);
    let mut farewell = instance::<Farewell>("");
    farewell.run().await.assert_ok();
    farewell.run().await.assert_ok();
    assert_eq!(FAREWELLS.load(Ordering::SeqCst), 0);
    farewell.stop().await;
    assert_eq!(FAREWELLS.load(Ordering::SeqCst), 1);
}

/// Cannot even be dropped.
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

/// Hangs with a state that panics when it is dropped.
#[check(name = "fragile", timeout = "5s")]
impl Check for Fragile {
    type Config = ();
    type Metrics = ();

    async fn start(_config: (), _cx: &Context) -> Result<Self> {
        Ok(Self)
    }

    async fn run(&mut self, _cx: &Context) -> Result<()> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn state_that_panics_when_it_is_dropped_fails_its_run_only() {
    let mut fragile = instance::<Fragile>("");
    for _ in 0..2 {
        let run = fragile.run().await;
        assert_eq!(run.report.outcome, RunOutcome::TimedOut(Duration::from_secs(5)));
    }
}

/// Watches what is upgraded between two runs.
#[check]
fn upgraded(cx: &Context) {
    let before = cx.cache().get("before").is_some();
    cx.version(if before { "rolling" } else { "1.2.3" });
    cx.cache().set("before", "yes");
}

#[tokio::test(start_paused = true)]
async fn version_leaves_no_parts_of_the_last_one() {
    let mut upgraded = instance::<upgraded>("");
    assert_eq!(upgraded.run().await.metadata["version.major"], "1");
    let metadata = upgraded.run().await.metadata;
    assert_eq!(
        metadata.into_iter().collect::<Vec<_>>(),
        [("version.raw".into(), "rolling".into())]
    );
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
