//! `new`: the crate that it makes is built, tested and run; what it must not do, it does not.
#![allow(missing_docs)]

mod forward;
mod made;
mod openmetrics;
mod refused;

use allwell::check::Registry;
use allwell::cli::{Screen, run};

/// Exit code, stdout and stderr of `new`.
fn new(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["allwell", "new"].iter().chain(arguments).map(Into::into);
    let exit = run(arguments, &Registry::collect(), &mut Screen::plain(&mut out, &mut err));
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    (exit.code(), text(out), text(err))
}

/// A binary without a check would be told so.
#[allwell::prelude::check(crate = allwell)]
fn nothing() {}
