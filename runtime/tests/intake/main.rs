//! Datadog's intake: what is encoded, held against other implementations; how it is split, and where it goes.
#![allow(missing_docs, unreachable_pub, clippy::float_cmp)]

mod messages;
#[cfg(feature = "mock")]
mod sending;
mod series;
mod split;
mod spools;
mod support;
