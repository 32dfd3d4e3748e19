//! Runs the command line in memory.

use std::ffi::OsString;

use allwell::check::Registry;
use allwell::cli::{self, Screen};

/// What a command printed, and its exit code.
#[derive(Debug)]
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

/// Runs a command; the arguments are separated by spaces.
pub fn allwell(arguments: &str) -> Ran {
    allwell_with(&arguments.split_whitespace().collect::<Vec<_>>())
}

pub fn allwell_with(arguments: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["allwell"].iter().chain(arguments).map(OsString::from);
    let exit = cli::run(arguments, &Registry::collect(), &mut Screen::plain(&mut out, &mut err));
    let text = |bytes| String::from_utf8(bytes).expect("output is text");
    Ran { code: exit.code(), out: text(out), err: text(err) }
}
