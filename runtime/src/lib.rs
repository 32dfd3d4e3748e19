//! Monitoring checks from plain Rust.

extern crate self as allwell;

#[doc(hidden)]
pub mod __private;
pub mod check;
pub mod config;
mod entrance;
pub mod export;
pub mod metric;
pub mod prelude;
pub mod run;

pub use allwell_macros::{Config, Metrics, TagValue, check};
pub use check::{Check, Context, Error, Result};
pub use config::{Config, Secret};
pub use metric::units;
pub use metric::{Metrics, TagValue};
