//! The OpenMetrics endpoint: what is exposed, under which names, and what a scraper gets.
#![forbid(unsafe_code)]

mod client;
mod kept;
mod names;
mod negotiation;
mod oracle;
mod server;
#[cfg(feature = "mock")]
mod strangers;
mod support;
mod trials;
mod values;
