//! Monitoring checks from plain Rust, for the world of the Datadog Agent.
//!
//! A check is a function from its configuration to its metrics, and the types say the rest:
//!
//! ```
//! use allwell::prelude::*;
//!
//! /// How many messages wait in a queue.
//! #[check]
//! async fn queue(config: &Queue) -> Result<Depth> {
//!     Ok(Depth { depth: config.name.len().into() })
//! }
//!
//! /// One queue.
//! #[derive(Config)]
//! struct Queue {
//!     /// Its name.
//!     #[config(tag = "queue", example = "mail")]
//!     name: String,
//! }
//!
//! #[derive(Metrics)]
//! #[metrics(namespace = "queue")]
//! struct Depth {
//!     /// Messages that wait.
//!     depth: Gauge<Message>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let run = allwell::testing::run::<queue>("name: mail").await;
//! run.assert_metric("queue.depth", 4.0, ["queue:mail"]).assert_all_covered();
//! # }
//! ```
//!
//! # The map
//!
//! - What an author uses: [`prelude`], the macros [`check`](macro@check), [`Config`](derive@Config), [`Metrics`](derive@Metrics) and
//!   [`TagValue`](derive@TagValue), [`reply`], [`testing`], `http`; [`link!`] and `main!` make the binary, `agent_library!` the Agent's
//!   library.
//! - What a run yields: [`metric`]. What is configured: [`config`]. The contract between them: [`mod@check`].
//! - What is done with checks: [`run`] runs them, [`aggregate`] makes series of their samples, [`export`] writes what is known about them,
//!   `cli` is the command line, `host` is for the Datadog Agent.
//!
//! # Features
//!
//! | feature | what it brings | default |
//! | --- | --- | --- |
//! | `agent` | checks within the Datadog Agent, `agent_library!` | no |
//! | `cli` | the command line, `main!`, and `outputs` | yes |
//! | `outputs` | the outputs that need a network | with `cli` |
//! | `encrypted-keys` | `tls_private_key_password`: keys of TLS that are encrypted (PKCS #8) | yes |
//! | `http` | `HttpOptions`, `Context::http`, and `url` | yes |
//! | `openmetrics` | `openmetrics`: scrapes expositions of Prometheus and `OpenMetrics`; and `http` | yes |
//! | `tls` | `TlsOptions`, and `tls`: who is at the other end of a connection that is not HTTP | with `http` |
//! | `url` | `Url` as the type of an option and of a tag | with `http` |
//! | `mock` | `testing::http`, a web server that a test scripts | no |
//!
//! A crate of checks takes `default-features = false` and what it names; the contract alone has 29 crates in its tree.

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
#[cfg(all(feature = "agent", unix))]
pub mod host;
#[cfg(feature = "http")]
pub mod http;
pub mod metric;
#[cfg(feature = "openmetrics")]
pub mod openmetrics;
pub mod output;
pub mod prelude;
pub mod reply;
pub mod run;
pub mod state;
pub mod testing;
#[cfg(feature = "tls")]
pub mod tls;

pub use allwell_macros::{Metrics, TagValue, check};
pub use check::{Check, Context, Error, Result};
pub use config::{Config, Secret};
pub use metric::units;
pub use metric::{Metrics, TagValue};

#[cfg(feature = "http")]
pub use http::HttpOptions;
#[cfg(feature = "tls")]
pub use tls::TlsOptions;
#[cfg(feature = "url")]
pub use url::Url;

#[cfg(all(doctest, feature = "http", feature = "cli"))]
mod documents {
    //! The code in the guide and the README compiles and runs.

    #[doc = include_str!("../../docs/guide.md")]
    mod guide {}

    #[cfg(all(feature = "agent", unix))]
    #[doc = include_str!("../../docs/agent.md")]
    mod agent {}

    #[doc = include_str!("../../README.md")]
    mod readme {}
}
