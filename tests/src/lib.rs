//! What the tests need: real servers on free ports, stopped when they go out of scope, an Agent in miniature, and what the kernel says.

#![expect(clippy::missing_panics_doc, reason = "what a test relies on is there, or the test fails")]

pub mod agent;
mod authority;
pub mod daemon;
mod dnsmasq;
mod door;
mod exporters;
mod exposed;
mod exposition;
pub mod intake;
pub mod kernel;
mod lighttpd;
mod nginx;
mod otlp;
mod process;
mod redis;
mod relay;
pub mod rows;
pub mod scraped;
mod scrapers;
mod sdk;
mod sink;
pub mod submitted;
pub mod wheel;

pub use authority::Authority;
pub use dnsmasq::Dnsmasq;
pub use door::{Door, pass_on};
pub use exporters::{Exporter, read_by_python};
pub use exposed::{STRANGE, exposed};
pub use exposition::{EVERY_KIND, Exposition};
pub use lighttpd::Lighttpd;
pub use nginx::Nginx;
pub use otlp::OtlpReceiver;
pub use process::free_port;
pub use redis::Redis;
pub use relay::Relay;
pub use scrapers::{Sample, Scraper, Target};
pub use sdk::Sdk;
pub use sink::{Answers, Sink};
