//! Reads the assets of integrations that others wrote (`metadata.csv`, `service_checks.json`) as Datadog's validators
//! (ddev 20.1.0) do, and says what is wrong with them: with the same verdict, every finding at once, each with its place.
//!
//! Errors are what Datadog refuses; warnings are ours. Two rules are stricter: a number is written in ASCII digits, and
//! `NaN` and `Infinity` are not JSON.

mod code;
mod facts;
mod file;
mod find;
mod findings;
mod folder;
mod json;
mod linter;
mod manifest;
mod metadata;
mod names;
mod overrides;
mod rule;
mod service_checks;
mod suggest;

use std::path::PathBuf;

use crate::check::Registry;
use crate::config::Problems;

use linter::Linter;

pub use file::{FileKind, LintedFile};
pub use rule::{RULES, Rule};

/// What the caller knows of the integration; it counts more than what the manifest says.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// What the names of its metrics begin with.
    pub prefix: Option<String>,
    /// The name that Datadog shows for it, `source_type_name` in `manifest.json`.
    pub integration: Option<String>,
}

/// Something that was not looked at, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file or directory.
    pub path: PathBuf,
    /// Why.
    pub message: String,
}

/// What was looked at.
#[derive(Debug, Default)]
pub struct Linted {
    /// The files, in the order in which they were found.
    pub files: Vec<LintedFile>,
    /// What was not looked at.
    pub notes: Vec<Note>,
}

impl Linted {
    /// Every file with what is wrong with it, as [`report`](crate::config::report) takes them.
    pub fn problems(&self) -> Vec<(&LintedFile, &Problems)> {
        self.files.iter().map(|asset| (asset, &asset.problems)).collect()
    }

    /// How many errors and warnings there are in all files.
    pub fn counts(&self) -> (usize, usize) {
        let counts = self.files.iter().map(|asset| asset.problems.counts());
        counts.fold((0, 0), |(errors, warnings), counts| {
            (errors + counts.errors, warnings + counts.warnings)
        })
    }
}

/// Lints files, folders of one integration, and repositories of such folders. Where the registry has a check of an
/// integration's name, its assets are compared with what the check declares.
pub fn lint(paths: &[PathBuf], given: &Given, registry: &Registry) -> Linted {
    let mut linter = Linter::new(given, registry);
    for path in paths {
        linter.add(path);
    }
    linter.done()
}
