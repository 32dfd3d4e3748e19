//! The engine under virtual time: when instances run, what ends a run, what a reload leaves alone.
#![forbid(unsafe_code)]
#![allow(
    clippy::format_collect,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "small numbers, and lists that read as what they are"
)]

mod busy;
mod delivered;
mod faults;
mod house;
mod reload;
mod schedule;
