//! The load of the host: how many processes run or wait for a processor.

use allwell::prelude::*;
use procfs::{Current as _, CurrentSI as _, KernelStats, LoadAverage};

/// How many processes run or wait for a processor.
#[check(enabled_by_default)]
pub fn load() -> Result<Load> {
    let average = LoadAverage::current()?;
    let processors = KernelStats::current()?.cpu_time.len() as f64;
    let [one, five, fifteen] = [average.one, average.five, average.fifteen].map(hundredths);
    Ok(Load {
        one: one.into(),
        five: five.into(),
        fifteen: fifteen.into(),
        one_each: (one / processors).into(),
        five_each: (five / processors).into(),
        fifteen_each: (fifteen / processors).into(),
    })
}

/// The kernel writes two decimals, which a single-precision number holds only nearly.
fn hundredths(average: f32) -> f64 {
    (f64::from(average) * 100.0).round() / 100.0
}

/// Averages of the number of processes that run or wait.
#[derive(Metrics)]
#[metrics(namespace = "system.load")]
pub struct Load {
    /// Processes that ran or waited, on average of the last minute.
    #[metric(name = "1", short_name = "load 1")]
    one: Gauge<Process>,
    /// Processes that ran or waited, on average of the last five minutes.
    #[metric(name = "5", short_name = "load 5")]
    five: Gauge<Process>,
    /// Processes that ran or waited, on average of the last quarter of an hour.
    #[metric(name = "15", short_name = "load 15")]
    fifteen: Gauge<Process>,
    /// The last minute's average for each processor; above 1 there are more processes than processors.
    #[metric(name = "norm.1", short_name = "load 1 each", orientation = lower_is_better)]
    one_each: Gauge<Per<Process, Core>>,
    /// The last five minutes' average for each processor.
    #[metric(name = "norm.5", short_name = "load 5 each", orientation = lower_is_better)]
    five_each: Gauge<Per<Process, Core>>,
    /// The last quarter of an hour's average for each processor.
    #[metric(name = "norm.15", short_name = "load 15 each", orientation = lower_is_better)]
    fifteen_each: Gauge<Per<Process, Core>>,
}
