//! Runs that fail after they have submitted something.

use allwell::prelude::*;

/// Submits, and fails.
#[check(timeout = "300ms", can_connect = "partial.can_connect")]
pub async fn partial(config: &How, cx: &Context<Part>) -> Result<()> {
    if config.submits {
        cx.submit(Part { number: 1.into() });
    }
    match config.fails {
        Failure::Error => Err(anyhow!("the inner cause").context("no more")),
        Failure::Panic => panic!("no more"),
        Failure::Timeout => std::future::pending().await,
    }
}

/// How it fails.
#[derive(Config)]
pub struct How {
    /// How it fails.
    fails: Failure,
    /// Whether it submits something before.
    #[config(default = true)]
    submits: bool,
}

/// How a run fails.
#[derive(Debug, Clone, Copy, Config)]
pub enum Failure {
    /// With an error.
    Error,
    /// With a panic.
    Panic,
    /// Not in time.
    Timeout,
}

/// What is submitted.
#[derive(Metrics)]
#[metrics(namespace = "partial")]
pub struct Part {
    /// A number.
    number: Gauge<Byte>,
}
