//! Panics in every phase of an instance.

use allwell::prelude::*;

/// Panics where it is told to.
#[check(timeout = "300ms")]
impl Check for Panics {
    type Config = Where;
    type Metrics = ();

    async fn start(config: Where, _cx: &Context) -> Result<Self> {
        config.phase.panics_in(Phase::Start);
        Ok(Self { phase: config.phase })
    }

    async fn run(&mut self, cx: &Context) -> Result<()> {
        if self.phase == Phase::Timeout {
            let _bomb = Bomb;
            return std::future::pending().await;
        }
        if self.phase == Phase::Payload {
            std::panic::panic_any(Bomb);
        }
        if self.phase == Phase::Task {
            tokio::spawn(async { panic!("in a task") }).await?;
        }
        cx.warn("it runs");
        self.phase.panics_in(Phase::Run);
        Ok(())
    }

    async fn stop(self) {
        self.phase.panics_in(Phase::Stop);
    }
}

/// A check that panics.
pub struct Panics {
    phase: Phase,
}

impl Drop for Panics {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.phase.panics_in(Phase::Drop);
        }
    }
}

/// Panics when it goes.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("in a destructor");
        }
    }
}

/// Where it panics.
#[derive(Config)]
pub struct Where {
    /// The phase.
    #[config(validate = Phase::check)]
    phase: Phase,
    /// Something to be changed.
    #[config(default = 0)]
    #[allow(dead_code)]
    number: u32,
}

/// A phase of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub enum Phase {
    /// When the configuration is read.
    Config,
    /// When the instance is started.
    Start,
    /// In a run.
    Run,
    /// When a run that has timed out is dropped.
    Timeout,
    /// In a run, with what panics again when it is dropped.
    Payload,
    /// In a task that a run waits for.
    Task,
    /// When the instance is stopped.
    Stop,
    /// When the instance is dropped.
    Drop,
}

impl Phase {
    fn check(&self) -> Result<(), String> {
        self.panics_in(Self::Config);
        Ok(())
    }

    fn panics_in(self, phase: Self) {
        assert!(self != phase, "in {phase:?}");
    }
}
