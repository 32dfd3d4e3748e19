//! Keeps panics within the library: one that left a function with C's calling convention would end the Agent.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::run::text_of;

/// What the work yields, or the text of its panic. A payload that panics when it is dropped is left behind.
///
/// What the work has changed may be in a state that nobody meant; who calls this gives it up after a panic.
pub(super) fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(text_of)
}

/// The same of work that may fail: a panic is a failure that says what it is.
pub(super) fn outcome<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    guard(work).unwrap_or_else(|panic| Err(format!("the check panicked: {panic}")))
}

/// Drops what may panic when it is dropped.
pub(super) fn dispose<T>(thing: T) {
    // It is gone either way, and its panic has been printed.
    let _ = guard(|| drop(thing));
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            std::panic::panic_any(Self);
        }
    }

    #[test]
    fn a_panic_is_a_text() {
        assert_eq!(guard(|| 1), Ok(1));
        assert_eq!(guard(|| panic!("no {}", 1)), Err::<(), _>("no 1".to_owned()));
        assert_eq!(guard(|| panic!("no")), Err::<(), _>("no".to_owned()));
    }

    #[test]
    fn a_payload_that_panics_is_left_behind() {
        assert!(guard(|| std::panic::panic_any(Bomb)).is_err());
        dispose(Bomb);
    }
}
