//! `run`: the daemon.
#![allow(dead_code, reason = "the verb itself, which uses it, is still to come")]

mod configured;
mod watch;
