//! A check that keeps a number from run to run.

use allwell::prelude::*;

/// Counts all runs that there ever were.
#[check]
pub async fn remembers(cx: &Context) -> Result<Ever> {
    let before: u32 = cx.cache().get("runs").map_or(Ok(0), |runs| runs.parse())?;
    cx.cache().set("runs", (before + 1).to_string());
    Ok(Ever { runs: (before + 1).into() })
}

/// What it has counted.
#[derive(Metrics)]
#[metrics(namespace = "remembers")]
pub struct Ever {
    /// Runs, those of instances before this one among them.
    runs: Gauge<Operation>,
}
