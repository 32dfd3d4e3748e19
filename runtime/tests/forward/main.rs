//! What stands between an encoder and an endpoint, against endpoints and servers that misbehave.
#![cfg(feature = "outputs")]

mod disk;
mod order;
mod support;
