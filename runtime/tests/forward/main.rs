//! What stands between an encoder and an endpoint, against endpoints and servers that misbehave.
#![cfg(feature = "outputs")]

mod order;
mod support;
