//! Runs the command line in memory, and keeps the files that it reads.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use allwell::check::Registry;
use allwell::cli::{self, Screen};
use serde_json::Value;

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("the output is JSON")
    }
}

/// Runs a command on a screen of unlimited width. Durations of runs, which differ from time to time, are printed as `…`.
pub(crate) fn allwell(arguments: &[&str]) -> Ran {
    ran(arguments, None)
}

/// Runs a command on a screen of a width.
pub(crate) fn allwell_at(width: u16, arguments: &[&str]) -> Ran {
    ran(arguments, Some(width))
}

fn ran(arguments: &[&str], width: Option<u16>) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen::plain(&mut out, &mut err);
    if let Some(width) = width {
        screen = screen.width(width);
    }
    let arguments = ["allwell"].iter().chain(arguments).map(OsString::from);
    let exit = cli::run(arguments, &Registry::collect(), &mut screen);
    drop(screen);
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    Ran { code: exit.code(), out: without_durations(&text(out)), err: text(err) }
}

fn without_durations(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" run, ") {
        Some((runs, rest)) => format!("{runs} run, …{}", &rest[rest.find(':').unwrap_or(0)..]),
        None => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}

/// A directory that goes away with the test.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("allwell-cli-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("a directory can be made");
        Self(path)
    }

    /// A directory with one file.
    pub(crate) fn with(file: &str, text: &str) -> Self {
        Self::new().and(file, text)
    }

    pub(crate) fn and(self, file: &str, text: &str) -> Self {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a directory");
        fs::write(path, text).expect("a file can be written");
        self
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().expect("the path is text")
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(Path::new(&self.0).join(file)).expect("the file is there")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A directory that stays behind does not matter to any test.
        let _ = fs::remove_dir_all(&self.0);
    }
}
