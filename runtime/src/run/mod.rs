//! When and how a check runs: one worker an instance, with a timeout, and what is remembered of its runs.

mod catch;
mod host;
mod report;
mod statistics;
mod worker;

pub use host::Host;
pub use report::{RunOutcome, RunReport};
pub use statistics::Statistics;
pub use worker::Worker;
