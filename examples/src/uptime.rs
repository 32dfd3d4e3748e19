//! How long the host has been up.

use allwell::prelude::*;
use procfs::Current as _;

/// How long the host has been up.
#[check(enabled_by_default)]
pub fn uptime() -> Result<Uptime> {
    Ok(Uptime { uptime: procfs::Uptime::current()?.uptime.into() })
}

/// The age of the running system.
#[derive(Metrics)]
#[metrics(namespace = "system")]
pub struct Uptime {
    /// Time since the host was started, that of its sleep included.
    uptime: Gauge<Second>,
}
