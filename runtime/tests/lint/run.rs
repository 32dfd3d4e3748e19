//! Runs the command line in memory.

use std::ffi::OsString;

use allwell::check::Registry;
use allwell::cli::{self, Screen};
use serde_json::Value;

/// What the command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `export lint` with more arguments.
pub(crate) fn lint(arguments: &[&str]) -> Ran {
    allwell(&[&["export", "lint"], arguments].concat())
}

/// Runs a command.
pub(crate) fn allwell(arguments: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut out, &mut err);
    let arguments = ["allwell"].iter().chain(arguments).map(OsString::from);
    let exit = cli::run(arguments, &Registry::collect(), &mut screen);
    drop(screen);
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    Ran { code: exit.code(), out: text(out), err: text(err) }
}

/// A finding of `--format json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) file: String,
    pub(crate) rule: String,
    pub(crate) error: bool,
    pub(crate) lines: Vec<usize>,
}

/// The exit code, and the findings.
pub(crate) fn findings(arguments: &[&str]) -> (u8, Vec<Finding>) {
    let ran = lint(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.err, "");
    let json: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    let list = json["findings"].as_array().expect("a list");
    (ran.code, list.iter().map(finding).collect())
}

fn finding(json: &Value) -> Finding {
    let text = |key: &str| json[key].as_str().expect("a text").to_owned();
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let also = json["also_in_lines"].as_array().expect("a list").iter().filter_map(number);
    Finding {
        file: text("file"),
        rule: text("rule"),
        error: json["severity"] == "error",
        lines: number(&json["line"]).into_iter().chain(also).collect(),
    }
}
