//! A library of checks that do what checks should not, and of those that do all that they may.

pub mod hangs;
pub mod kinds;
pub mod odd;
pub mod panics;
pub mod partial;
pub mod state;

allwell::agent_library!();
