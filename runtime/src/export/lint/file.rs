//! A file of an integration: its text, and what is wrong with it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::report::Source;
use crate::config::{Problem, Problems, yaml};

use super::findings::Findings;
use super::names;
use super::rule::UNREADABLE;

/// How large a file may be.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `metadata.csv`.
    Metadata,
    /// `service_checks.json`.
    ServiceChecks,
    /// `manifest.json`, of which only what the assets depend on is looked at.
    Manifest,
    /// `.ddev/config.toml` of a repository.
    Overrides,
    /// A path at which nothing was found.
    Nothing,
}

impl FileKind {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::ServiceChecks => "service_checks",
            Self::Manifest => "manifest",
            Self::Overrides => "overrides",
            Self::Nothing => "nothing",
        }
    }
}

/// A file that was looked at.
#[derive(Debug)]
pub struct LintedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: FileKind,
    /// How many metrics or service checks it lists.
    pub entries: usize,
    /// What is wrong with it.
    pub problems: Problems,
    text: Arc<str>,
}

impl Source for LintedFile {
    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn holds_secrets(&self) -> bool {
        false
    }
}

/// A file that is being looked at.
pub(super) struct Draft {
    pub(super) path: PathBuf,
    pub(super) kind: FileKind,
    pub(super) text: Arc<str>,
    pub(super) findings: Findings,
    pub(super) entries: usize,
}

impl Draft {
    /// A file with its text, or with the reason why there is none.
    pub(super) fn read(path: &Path, kind: FileKind) -> Self {
        let mut draft = Self::new(path, kind);
        match read(path) {
            Ok(text) => draft.text = text,
            Err((text, problem)) => {
                draft.text = text;
                draft.findings.push(*problem);
            }
        }
        draft
    }

    /// A path of which there is only one thing to say.
    pub(super) fn only(path: &Path, kind: FileKind, problem: Problem) -> Self {
        let mut draft = Self::new(path, kind);
        draft.findings.push(problem);
        draft
    }

    /// A file of which nothing is known yet.
    pub(super) fn new(path: &Path, kind: FileKind) -> Self {
        let path = path.to_owned();
        Self { path, kind, text: Arc::from(""), findings: Findings::default(), entries: 0 }
    }

    pub(super) fn done(self) -> LintedFile {
        let Self { path, kind, text, findings, entries } = self;
        LintedFile { path, kind, entries, problems: findings.into_problems(), text }
    }
}

/// A file's text as it is, byte order mark included.
///
/// # Errors
/// Why it cannot be read; the text is what can be shown of it.
fn read(path: &Path) -> Result<Arc<str>, (Arc<str>, Box<Problem>)> {
    let bytes = bytes(path).map_err(|problem| (Arc::from(""), problem))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::from(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let message = format!("the byte 0x{:02x} is not UTF-8", error.as_bytes()[at]);
            let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
            let problem = UNREADABLE.at(names::span(&text, at..end), message);
            Err((Arc::from(text), Box::new(problem.hint("save the file as UTF-8"))))
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Box<Problem>> {
    let cannot = |error: std::io::Error| {
        let message = format!("cannot read the file: {}", yaml::io_reason(&error));
        let remedy = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            kind => yaml::io_remedy(kind),
        };
        Box::new(UNREADABLE.of_file(message).hint(remedy))
    };
    // A pipe would be waited for.
    if !path.metadata().map_err(cannot)?.is_file() {
        return Err(Box::new(UNREADABLE.of_file("not a regular file")));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(cannot)?;
    if bytes.len() as u64 > MAX_BYTES {
        let problem = UNREADABLE.of_file("the file is larger than 16 MiB");
        return Err(Box::new(problem.hint("check that it is the right file")));
    }
    Ok(bytes)
}
