//! A file of an integration's folder: how it is made, and what of the one that is there is kept.

use std::fmt;

use super::facts::Facts;

/// A file of an integration's folder.
pub struct Asset {
    /// What it is.
    pub kind: AssetKind,
    /// Where it stands below the folder, with `/` between the parts.
    pub path: String,
    content: Content,
}

/// What a file of an integration's folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssetKind {
    /// `manifest.json`.
    Manifest,
    /// `README.md`.
    Readme,
    /// `metadata.csv`.
    Metadata,
    /// `service_checks.json`.
    ServiceChecks,
    /// `spec.yaml`, the specification of the configuration.
    Spec,
    /// `conf.yaml.example` and `conf.yaml.default`.
    Config,
    /// The JSON Schema of the configuration.
    Schema,
    /// The dashboard.
    Dashboard,
    /// What makes a Python package of the folder: `pyproject.toml`, the version, the changelog, the tests; and the class that calls a library.
    Package,
}

enum Content {
    /// The code is its only source.
    Generated(String),
    /// The author's from the beginning; this is how it begins.
    Begun(String),
    /// Partly the code's, partly the author's.
    Merged(Facts, Merge),
}

/// Makes a file from what is known of the check and from the file that is there.
type Merge = fn(&Facts, Option<&str>) -> Result<Contents, AssetError>;

/// What a file contains now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The text.
    pub text: String,
    /// What the author may want to know about it; mostly nothing.
    pub note: Option<String>,
}

impl From<String> for Contents {
    fn from(text: String) -> Self {
        Self { text, note: None }
    }
}

/// Why a file cannot be made from the one that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetError {
    /// The line of the fault, from 1; 0 if it has none.
    pub line: usize,
    /// The column of the fault, from 1; 0 if it has none.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Asset {
    pub(super) fn generated(kind: AssetKind, path: impl Into<String>, text: String) -> Self {
        Self { kind, path: path.into(), content: Content::Generated(text) }
    }

    pub(super) fn begun(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind: AssetKind::Package, path: path.into(), content: Content::Begun(text.into()) }
    }

    pub(super) fn merged(
        kind: AssetKind,
        path: impl Into<String>,
        facts: Facts,
        merge: Merge,
    ) -> Self {
        Self { kind, path: path.into(), content: Content::Merged(facts, merge) }
    }

    /// What the file is to contain, given what it contains now.
    ///
    /// # Errors
    /// The file that is there is broken, so that nobody can tell what of it is to be kept.
    pub fn contents(&self, existing: Option<&str>) -> Result<Contents, AssetError> {
        match (&self.content, existing) {
            (Content::Begun(_), Some(existing)) => Ok(existing.to_owned().into()),
            (Content::Begun(text) | Content::Generated(text), _) => Ok(text.clone().into()),
            (Content::Merged(facts, merge), existing) => merge(facts, existing),
        }
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asset")
            .field("kind", &self.kind)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
