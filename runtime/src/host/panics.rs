//! Keeps panics within the library: one that left a function with C's calling convention would end the Agent.

pub(super) use crate::check::panics::guard;

/// Drops what may panic when it is dropped.
pub(super) fn dispose<T>(thing: T) {
    // It is gone either way.
    let _ = guard(|| drop(thing));
}
