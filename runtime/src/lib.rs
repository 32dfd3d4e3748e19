//! Monitoring checks from plain Rust.

extern crate self as allwell;

#[doc(hidden)]
pub mod __private;
pub mod aggregate;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
mod entrance;
pub mod export;
#[cfg(feature = "http")]
pub mod http;
pub mod metric;
pub mod prelude;
pub mod reply;
pub mod run;
pub mod testing;

pub use allwell_macros::{Config, Metrics, TagValue, check};
pub use check::{Check, Context, Error, Result};
pub use config::{Config, Secret};
pub use metric::units;
pub use metric::{Metrics, TagValue};

#[cfg(feature = "http")]
pub use http::HttpOptions;
#[cfg(feature = "url")]
pub use url::Url;
