//! What the tests need: real servers on free ports, stopped when they go out of scope, and what the kernel says.

#![expect(clippy::missing_panics_doc, reason = "what a test relies on is there, or the test fails")]

mod authority;
pub mod daemon;
mod exposition;
pub mod intake;
pub mod kernel;
mod nginx;
mod otlp;
mod process;
mod redis;
pub mod rows;

pub use authority::Authority;
pub use exposition::Exposition;
pub use nginx::Nginx;
pub use otlp::OtlpReceiver;
pub use process::free_port;
pub use redis::Redis;
