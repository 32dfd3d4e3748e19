//! Panics of checks: caught, with the place where they happened, and told by whoever runs the check instead of printed.
//!
//! The text of a panic may have a secret in it, and comes with every run. So it is not for standard error, but for the report of
//! the run, which is scrubbed and told once a while.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::{Cell, RefCell};
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static WITHIN_A_CHECK: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on, what panics within [`guard`] is not printed. Other panics are, as before.
#[cfg_attr(
    not(any(feature = "cli", feature = "agent")),
    expect(dead_code, reason = "only a program of ours has a say in what is printed")
)]
pub(crate) fn leave_to_reports() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let former = take_hook();
        set_hook(Box::new(
            move |panic| {
                if WITHIN_A_CHECK.get() { note(panic) } else { former(panic) }
            },
        ));
    });
}

/// Remembers the place. A backtrace is printed for whoever has asked for one by the environment, without the text.
fn note(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        // It is a help only; there may be nobody to read it.
        let _ = writeln!(std::io::stderr(), "a check panicked at {place}\n{backtrace}");
    }
    PLACE.set(Some(place));
}

/// What the work yields, or the text of its panic, and its place in brackets where it is known.
///
/// What the work has changed may be in a state that nobody meant; who calls this gives it up after a panic.
pub(crate) fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = WITHIN_A_CHECK.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let place = PLACE.take();
        let text = text_of(panic);
        place.map_or_else(|| text.clone(), |place| format!("{text} ({place})"))
    });
    WITHIN_A_CHECK.set(before);
    result
}

/// The text of a panic. What it carries may panic again when it is dropped, and is then left behind.
fn text_of(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
    text.unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::guard;

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
        assert!(guard(|| drop(Bomb)).is_err());
    }
}
