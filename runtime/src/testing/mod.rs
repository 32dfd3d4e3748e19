//! The test kit of authors: run a check from a snippet of YAML, say what it must have submitted.
//!
//! A test of a check is one line for the run and one for each thing that matters:
//!
//! ```
//! use allwell::prelude::*;
//!
//! /// Counts to a number.
//! #[check]
//! fn count(config: &Limit) -> Counted {
//!     Counted { steps: config.up_to.into() }
//! }
//!
//! /// How far to count.
//! #[derive(Config)]
//! struct Limit {
//!     /// The last number.
//!     #[config(default = 3)]
//!     up_to: u32,
//! }
//!
//! #[derive(Metrics)]
//! #[metrics(namespace = "count")]
//! struct Counted {
//!     /// Steps taken.
//!     steps: Gauge<Operation>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let run = allwell::testing::run::<count>("up_to: 5\ntags: [env:test]").await;
//! run.assert_ok().assert_metric("count.steps", 5.0, ["env:test"]).assert_all_covered();
//! assert_eq!(run.to_string(), "gauge count.steps 5 operation [env:test]\n");
//! # }
//! ```
//!
//! A check that keeps state is made with [`instance`] and run several times. Time is the runtime's: under
//! `#[tokio::test(start_paused = true)]`, a timeout of ten seconds passes at once (of an
//! async check; while a blocking one runs, a test advances the time itself). The clock that [`Context::now`](crate::Context::now)
//! shows starts at the same time of day in every test.

mod assert;
mod configure;
mod display;
mod seen;

pub use configure::{Instance, instance, problems_of, run};
pub use seen::{Run, SeenBucket, SeenMetric, SeenServiceCheck};

#[cfg(feature = "mock")]
pub use wiremock as http;
