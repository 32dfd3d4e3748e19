//! Keeps panics within the library: one that left a function with C's calling convention would end the Agent.

pub(super) use crate::check::panics::guard;

/// The same of work that may fail: a panic is a failure that says what it is.
pub(super) fn outcome<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    guard(work).unwrap_or_else(|panic| Err(format!("the check panicked: {panic}")))
}

/// Drops what may panic when it is dropped.
pub(super) fn dispose<T>(thing: T) {
    // It is gone either way.
    let _ = guard(|| drop(thing));
}
