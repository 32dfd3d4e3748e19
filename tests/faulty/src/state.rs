//! An instance that counts its runs.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use allwell::prelude::*;

/// How many instances have been started and stopped in this process.
static STARTS: AtomicU32 = AtomicU32::new(0);
static STOPS: AtomicU32 = AtomicU32::new(0);

/// Counts runs.
#[check(name = "state", timeout = "5s")]
impl Check for Counting {
    type Config = Pace;
    type Metrics = Runs;

    async fn start(config: Pace, _cx: &Context) -> Result<Self> {
        STARTS.fetch_add(1, Ordering::Relaxed);
        Ok(Self { runs: 0, pause: config.pause })
    }

    async fn run(&mut self, _cx: &Context) -> Result<Runs> {
        if !self.pause.is_zero() {
            tokio::time::sleep(self.pause).await;
        }
        self.runs += 1;
        let count = |counter: &AtomicU32| counter.load(Ordering::Relaxed).into();
        Ok(Runs { runs: self.runs.into(), starts: count(&STARTS), stops: count(&STOPS) })
    }

    async fn stop(self) {
        STOPS.fetch_add(1, Ordering::Relaxed);
    }
}

/// What it remembers.
pub struct Counting {
    runs: u32,
    pause: Duration,
}

/// How fast it runs.
#[derive(Config)]
pub struct Pace {
    /// How long a run takes.
    #[config(default = 0)]
    pause: Duration,
}

/// What it has counted.
#[derive(Metrics)]
#[metrics(namespace = "state")]
pub struct Runs {
    /// Runs of this instance.
    runs: Gauge<Operation>,
    /// Instances that were started.
    starts: Gauge<Operation>,
    /// Instances that were stopped.
    stops: Gauge<Operation>,
}
