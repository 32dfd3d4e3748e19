//! A library of checks that do what checks should not, and of those that do all that they may.

#![allow(
    clippy::unused_async,
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    clippy::missing_panics_doc,
    clippy::manual_assert,
    reason = "these checks are at fault on purpose"
)]

pub mod changes;
pub mod hangs;
pub mod kinds;
pub mod odd;
pub mod panics;
pub mod partial;
pub mod remembers;
pub mod state;

allwell::agent_library!();
