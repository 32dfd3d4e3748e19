//! Prometheus's Protocol Buffers: what is read of messages, and what is made of native histograms.

#[cfg(feature = "mock")]
mod asked;
mod damage;
mod decoded;
mod mapped;
mod messages;
