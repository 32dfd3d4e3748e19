//! How the state of an instance comes to its end.

use std::sync::atomic::{AtomicU32, Ordering};

use allwell::prelude::*;
use allwell::run::RunOutcome;
use allwell::testing::instance;

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
