//! The folder of an integration: its manifest, and the assets that it names.

use std::path::Path;

use crate::config::{Problem, Severity};

use super::Given;
use super::asset::{AssetKind, Draft};
use super::facts::Facts;
use super::findings::Findings;
use super::manifest::{Manifest, Named};
use super::overrides::Overrides;
use super::rule::{MISSING_FILE, MISSING_PREFIX, NO_MANIFEST, UNLISTED_FILE};

/// Where service checks are listed by custom.
const SERVICE_CHECKS: &str = "assets/service_checks.json";

/// Integrations whose metrics have the names of others.
const WITHOUT_PREFIX: [&str; 2] = ["openmetrics", "prometheus"];

/// What there is to lint in a folder.
pub(super) struct Folder {
    /// The manifest if something is wrong with it, then the other assets.
    pub(super) assets: Vec<Draft>,
    pub(super) facts: Facts,
    /// The repository does not want its metrics looked at.
    pub(super) excluded: bool,
}

impl Folder {
    pub(super) fn read(path: &Path, name: &str, given: &Given, overrides: &Overrides) -> Self {
        let (manifest, draft) = manifest(path, given);
        let facts = Facts::of_folder(name, given, overrides, &manifest);
        let excluded = overrides.excludes(name);
        let mut reader = Reader { path, manifest: &manifest, draft };
        let metadata = if excluded { None } else { reader.metadata() };
        let needs_prefix = metadata.is_some() && !WITHOUT_PREFIX.contains(&name);
        if needs_prefix && facts.prefix.is_none() {
            reader.missing_prefix();
        }
        let service_checks = reader.service_checks();
        let draft = Some(reader.draft).filter(|draft| !draft.findings.is_empty());
        let assets = [draft, metadata, service_checks].into_iter().flatten().collect();
        Self { assets, facts, excluded }
    }
}

/// The manifest of a folder. It may be missing where the caller says what it would say.
fn manifest(folder: &Path, given: &Given) -> (Manifest, Draft) {
    let path = folder.join("manifest.json");
    if path.exists() {
        return Manifest::read(&path);
    }
    let problem = NO_MANIFEST
        .of_file("the integration has no manifest")
        .hint("write one, or give `--prefix` and `--integration`");
    let mut draft = Draft::only(&path, AssetKind::Manifest, problem);
    if given.prefix.is_some() && given.integration.is_some() {
        draft.findings = Findings::default();
    }
    (Manifest::default(), draft)
}

/// Finds the assets of a folder, and notes what is wrong with the manifest.
struct Reader<'f> {
    path: &'f Path,
    manifest: &'f Manifest,
    draft: Draft,
}

impl Reader<'_> {
    /// The file of metrics, if there is one. Datadog's validator goes by the file `metadata.csv`, whatever is named.
    fn metadata(&mut self) -> Option<Draft> {
        let custom = self.path.join("metadata.csv");
        let Some(named) = &self.manifest.metadata else {
            return custom.exists().then(|| Draft::read(&custom, AssetKind::Metadata));
        };
        let severity = if custom.exists() { Severity::Error } else { Severity::Warning };
        self.named(named, AssetKind::Metadata, severity)
    }

    /// The file of service checks, if there is one.
    fn service_checks(&mut self) -> Option<Draft> {
        let custom = self.path.join(SERVICE_CHECKS);
        if let Some(named) = &self.manifest.service_checks {
            return self.named(named, AssetKind::ServiceChecks, Severity::Error);
        }
        if !custom.is_file() {
            return None;
        }
        if !self.manifest.known {
            return Some(Draft::read(&custom, AssetKind::ServiceChecks));
        }
        let message = format!("`{SERVICE_CHECKS}` is not named, so Datadog does not read it");
        let problem = UNLISTED_FILE.at(self.manifest.integration, message);
        let hint = "name it in `assets.integration.service_checks.metadata_path`";
        self.draft.findings.push(problem.hint(hint));
        None
    }

    fn named(&mut self, named: &Named, kind: AssetKind, severity: Severity) -> Option<Draft> {
        let path = self.path.join(&named.file);
        if path.exists() {
            return Some(Draft::read(&path, kind));
        }
        let message = format!("there is no file `{}`", named.file);
        let problem = MISSING_FILE.at(named.place, message).hint("write it, or correct the path");
        self.draft.findings.push(Problem { severity, ..problem });
        None
    }

    fn missing_prefix(&mut self) {
        if !self.manifest.known {
            return;
        }
        let message = "there is no `assets.integration.metrics.prefix`";
        let problem = MISSING_PREFIX.at(self.manifest.integration, message);
        let hint = "say what the names of all metrics begin with, such as `acme.`";
        self.draft.findings.push(problem.hint(hint));
    }
}
