//! The folder of an integration: its manifest, and the assets that it names.

use std::path::Path;

use crate::config::{Problem, Severity};

use super::Given;
use super::facts::Facts;
use super::file::{Draft, FileKind};
use super::manifest::{Manifest, Named, State};
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
        let (manifest, draft) = Manifest::read(&path.join("manifest.json"));
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
            return custom.exists().then(|| Draft::read(&custom, FileKind::Metadata));
        };
        let severity = if custom.exists() { Severity::Error } else { Severity::Warning };
        self.named(named, FileKind::Metadata, severity)
    }

    /// The file of service checks, if there is one.
    fn service_checks(&mut self) -> Option<Draft> {
        let custom = self.path.join(SERVICE_CHECKS);
        if let Some(named) = &self.manifest.service_checks {
            return self.named(named, FileKind::ServiceChecks, Severity::Error);
        }
        if !custom.is_file() {
            return None;
        }
        if self.manifest.state != State::Read {
            return Some(Draft::read(&custom, FileKind::ServiceChecks));
        }
        let message = format!("`{SERVICE_CHECKS}` is not named, so Datadog does not read it");
        let problem = UNLISTED_FILE.at(self.manifest.integration, message);
        let hint = "name it in `assets.integration.service_checks.metadata_path`";
        self.draft.findings.push(problem.hint(hint));
        None
    }

    fn named(&mut self, named: &Named, kind: FileKind, severity: Severity) -> Option<Draft> {
        let path = self.path.join(&named.file);
        if path.exists() {
            return Some(Draft::read(&path, kind));
        }
        let message = format!("there is no file `{}`", named.file);
        let problem = MISSING_FILE.at(named.place, message).hint("write it, or correct the path");
        self.draft.findings.push(Problem { severity, ..problem });
        None
    }

    /// Nothing tells the prefix. Where the manifest is broken, that was said.
    fn missing_prefix(&mut self) {
        let hint = "say what the names of all metrics begin with, such as `acme.`";
        let problem = match self.manifest.state {
            State::Broken => return,
            State::Read => MISSING_PREFIX
                .at(self.manifest.integration, "there is no `assets.integration.metrics.prefix`")
                .hint(hint),
            State::Missing => NO_MANIFEST
                .of_file("there is no manifest, and nothing else tells the prefix of the metrics")
                .hint("write one, or give `--prefix`"),
        };
        self.draft.findings.push(problem);
    }
}
