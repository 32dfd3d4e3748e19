//! `manifest.json`: what the other assets depend on.

use std::path::Path;

use crate::config::{Problem, Span};

use super::file::{Draft, FileKind};
use super::findings::Findings;
use super::json::Json;
use super::rule::MANIFEST_SHAPE;

/// What a manifest says; nothing if it cannot be read.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// Whether there is one.
    pub(super) state: State,
    /// `source_type_name`, the name that Datadog shows.
    pub(super) display_name: Option<String>,
    /// What the names of the metrics begin with.
    pub(super) prefix: Option<String>,
    /// Where `metadata.csv` is, within the folder.
    pub(super) metadata: Option<Named>,
    /// Where `service_checks.json` is, within the folder.
    pub(super) service_checks: Option<Named>,
    /// Where it speaks of the integration.
    pub(super) integration: Span,
}

/// Whether there is a manifest.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// There is none. The settings of the repository may tell what it would.
    #[default]
    Missing,
    /// There is one that cannot be read.
    Broken,
    /// It was read.
    Read,
}

/// A file, and where it is named.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) file: String,
    pub(super) place: Span,
}

/// The one version that there is.
const VERSION: &str = "2.0.0";

impl Manifest {
    /// Reads the manifest at a path, which may be missing; the draft of the file holds what is wrong with it.
    pub(super) fn read(path: &Path) -> (Self, Draft) {
        if !path.exists() {
            return (Self::default(), Draft::new(path, FileKind::Manifest));
        }
        let mut draft = Draft::read(path, FileKind::Manifest);
        if !draft.findings.is_empty() {
            return (Self::broken(), draft);
        }
        let manifest = match Json::parse(&draft.text) {
            Ok(root) => Self::of(root, &mut draft.findings),
            Err(problem) => {
                draft.findings.push(*problem);
                Self::broken()
            }
        };
        (manifest, draft)
    }

    fn broken() -> Self {
        Self { state: State::Broken, ..Self::default() }
    }

    fn of(root: Json<'_>, findings: &mut Findings) -> Self {
        if root.members().is_none() {
            findings.push(unexpected("the manifest", "an object", root));
            return Self::broken();
        }
        let mut text = |path: &[&str]| text(root, path, findings);
        let named = |(file, place)| Named { file, place };
        let manifest = Self {
            state: State::Read,
            display_name: text(&["assets", "integration", "source_type_name"])
                .map(|(name, _)| name),
            prefix: text(&["assets", "integration", "metrics", "prefix"])
                .map(|(prefix, _)| prefix)
                .filter(|prefix| !prefix.is_empty()),
            metadata: text(&["assets", "integration", "metrics", "metadata_path"]).map(named),
            service_checks: text(&["assets", "integration", "service_checks", "metadata_path"])
                .map(named),
            integration: root.at(&["assets", "integration"]).unwrap_or(root).start(),
        };
        if text(&["manifest_version"]).is_none_or(|(version, _)| version != VERSION) {
            let place = root.at(&["manifest_version"]).unwrap_or(root).start();
            findings.push(
                MANIFEST_SHAPE
                    .at(place, format!("`manifest_version` is not `{VERSION}`"))
                    .hint("Datadog's validators read no other version"),
            );
        }
        manifest
    }
}

/// A text in the manifest and its place, if there is one. What stands there instead is reported.
fn text(root: Json<'_>, path: &[&str], findings: &mut Findings) -> Option<(String, Span)> {
    for depth in 1..path.len() {
        let value = root.at(&path[..depth]).filter(|value| !value.is_null())?;
        if value.members().is_none() {
            findings.push(unexpected(
                &format!("`{}`", path[..depth].join(".")),
                "an object",
                value,
            ));
            return None;
        }
    }
    let value = root.at(path).filter(|value| !value.is_null())?;
    if value.as_text().is_none() {
        findings.push(unexpected(&format!("`{}`", path.join(".")), "a text", value));
    }
    value.as_text().map(|text| (text, value.span()))
}

fn unexpected(what: &str, expected: &str, found: Json<'_>) -> Problem {
    let message = format!("{what}: expected {expected}, found {}", found.describe());
    MANIFEST_SHAPE.at(found.start(), message)
}
