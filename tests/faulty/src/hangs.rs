//! Runs that do not end.

use std::thread;
use std::time::Duration;

use allwell::prelude::*;

/// Waits for what never comes.
#[check(timeout = "300ms")]
pub async fn waits() -> Result<()> {
    std::future::pending().await
}

/// Blocks its thread for a while, as a blocking check may.
#[check(timeout = "300ms", can_connect = "blocks.can_connect")]
pub fn blocks(config: &Length) -> Result<()> {
    thread::sleep(config.length);
    Ok(())
}

/// Blocks its thread for a while, as an async check must not.
#[check(timeout = "300ms", can_connect = "stalls.can_connect")]
pub async fn stalls(config: &Length) -> Result<()> {
    thread::sleep(config.length);
    Ok(())
}

/// How long a run takes.
#[derive(Config)]
pub struct Length {
    /// How long a run takes.
    #[config(default = 2)]
    length: Duration,
}
