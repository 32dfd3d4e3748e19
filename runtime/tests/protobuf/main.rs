//! Prometheus's Protocol Buffers: what is read of messages, and what is made of native histograms.

mod damage;
mod decoded;
mod mapped;
mod messages;
