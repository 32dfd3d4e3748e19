//! A host of shared-library checks that does what the Agent's loader does: the same layouts, the same flags, the same rules of who
//! frees what.

mod ffi;
mod permission;
mod python;
mod recorded;
mod serve;

pub use ffi::{Library, Table};
pub use permission::refusal;
pub use recorded::{forget, recorded};
pub use serve::serve;
