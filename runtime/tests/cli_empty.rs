//! A binary without checks.
#![allow(missing_docs)]

use std::ffi::OsString;

use allwell::check::Registry;
use allwell::cli::{self, Screen};

#[test]
fn a_binary_without_checks_says_how_to_link_them() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut out, &mut err);
    let arguments = ["allwell", "list"].map(OsString::from);
    let exit = cli::run(arguments, &Registry::collect(), &mut screen);
    drop(screen);
    assert_eq!(exit.code(), 70);
    assert_eq!(
        String::from_utf8_lossy(&err),
        "error: no checks are linked into this binary\n\
         hint: name each crate of checks once: `allwell::link!(disk_checks, nginx_check);`\n"
    );
}
