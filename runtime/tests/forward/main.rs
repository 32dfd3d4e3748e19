//! What stands between an encoder and an endpoint, against endpoints and servers that misbehave.
#![cfg(feature = "outputs")]

mod damage;
mod disk;
mod faults;
mod killed;
mod login;
mod order;
mod random;
mod server;
mod support;
