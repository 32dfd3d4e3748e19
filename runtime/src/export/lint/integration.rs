//! One integration after the other: its manifest, then its assets.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::check::{Entry, Registry};
use crate::config::{Problem, Severity};

use super::asset::{Asset, AssetKind, Draft};
use super::facts::Facts;
use super::find::{self, Found};
use super::manifest::Manifest;
use super::overrides::Overrides;
use super::rule::{
    MANIFEST_SHAPE, MISSING_FILE, MISSING_PREFIX, NO_ASSETS, NO_MANIFEST, UNLISTED_FILE,
};
use super::{Given, Linted, Note, metadata, service_checks};

/// Where service checks are listed by custom.
const SERVICE_CHECKS: &str = "assets/service_checks.json";

/// Integrations whose metrics have the names of others.
const WITHOUT_PREFIX: [&str; 2] = ["openmetrics", "prometheus"];

/// Lints path after path.
pub(super) struct Linter<'a> {
    given: &'a Given,
    registry: &'a Registry,
    repositories: HashMap<PathBuf, Overrides>,
    linted: Linted,
}

/// The folder of an integration.
struct Folder<'f> {
    path: &'f Path,
    name: String,
    manifest: Manifest,
    facts: Facts,
}

impl<'a> Linter<'a> {
    pub(super) fn new(given: &'a Given, registry: &'a Registry) -> Self {
        Self { given, registry, repositories: HashMap::new(), linted: Linted::default() }
    }

    pub(super) fn add(&mut self, path: &Path) {
        match find::find(path) {
            Found::File(file) => self.file(&file),
            Found::Folder(folder) => self.folder(&folder),
            Found::Repository(folders) => folders.iter().for_each(|folder| self.folder(folder)),
            Found::Nothing => {
                let problem = NO_ASSETS.of_file("there is no integration in this directory").hint(
                    "name a file, a folder with `manifest.json`, or a repository of such folders",
                );
                self.push(Draft::only(path, AssetKind::Nothing, problem).done());
            }
        }
    }

    pub(super) fn done(self) -> Linted {
        self.linted
    }

    fn file(&mut self, path: &Path) {
        let mut draft = Draft::read(path, AssetKind::Nothing);
        draft.kind = find::kind_of(path, &draft.text);
        let facts = match find::folder_of(path) {
            Some(folder) => {
                let name = find::name_of(&folder);
                let (manifest, _) = Manifest::read(&folder.join("manifest.json"));
                let given = self.given;
                Facts::of_folder(&name, given, self.overrides(&folder), &manifest)
            }
            None => Facts::given(self.given),
        };
        self.asset(draft, &facts);
    }

    fn folder(&mut self, path: &Path) {
        let name = find::name_of(path);
        if !self.overrides(path).is_integration(&name) && !path.join("manifest.json").is_file() {
            return self.note(path, "the repository says that it is no integration");
        }
        let (manifest, mut draft) = manifest(path, self.given);
        let excluded = self.overrides(path).excludes(&name);
        let given = self.given;
        let facts = Facts::of_folder(&name, given, self.overrides(path), &manifest);
        let folder = Folder { path, name, manifest, facts };
        let metadata = folder.metadata(&mut draft, excluded);
        let service_checks = folder.service_checks(&mut draft);
        if excluded {
            self.note(path, "the repository excludes its metrics");
        }
        if !draft.findings.is_empty() {
            self.push(draft.done());
        } else if metadata.is_none() && service_checks.is_none() && !excluded {
            self.note(path, "it has no `metadata.csv` and no `service_checks.json`");
        }
        for asset in [metadata, service_checks].into_iter().flatten() {
            self.asset(asset, &folder.facts);
        }
    }

    fn asset(&mut self, mut draft: Draft, facts: &Facts) {
        if !draft.findings.is_empty() {
            return self.push(draft.done());
        }
        let check = self.check(facts);
        if draft.kind == AssetKind::ServiceChecks {
            service_checks::lint(&mut draft, facts, check);
        } else {
            metadata::lint(&mut draft, facts, check);
            if facts.alone && facts.prefix.is_none() {
                self.note(
                    &draft.path,
                    "no manifest tells the prefix of its metrics; `--prefix` does",
                );
            }
        }
        if facts.alone && facts.column.is_none() {
            self.note(
                &draft.path,
                "no manifest tells the name of the integration; `--integration` does",
            );
        }
        self.push(draft.done());
    }

    /// The check of this binary that an integration is of.
    fn check(&self, facts: &Facts) -> Option<&'static Entry> {
        facts.checks.iter().find_map(|name| self.registry.get(name))
    }

    fn overrides(&mut self, folder: &Path) -> &Overrides {
        let assets = &mut self.linted.assets;
        let repository = find::parent_of(folder);
        self.repositories
            .entry(repository)
            .or_insert_with_key(|repository| Overrides::read(repository, assets))
    }

    fn push(&mut self, asset: Asset) {
        self.linted.assets.push(asset);
    }

    fn note(&mut self, path: &Path, message: &str) {
        self.linted.notes.push(Note { path: path.to_owned(), message: message.to_owned() });
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
        draft.findings = super::findings::Findings::default();
    }
    (Manifest::default(), draft)
}

impl Folder<'_> {
    /// The file of metrics, if there is one.
    fn metadata(&self, manifest: &mut Draft, excluded: bool) -> Option<Draft> {
        let custom = self.path.join("metadata.csv");
        let named = self.manifest.metadata.as_deref();
        let path = named.map_or_else(|| custom.clone(), |named| self.path.join(named));
        if excluded || (!path.exists() && !custom.exists() && named.is_none()) {
            return None;
        }
        if self.manifest.known
            && self.facts.prefix.is_none()
            && !WITHOUT_PREFIX.contains(&&*self.name)
        {
            manifest.findings.push(
                MISSING_PREFIX
                    .of_file("there is no `assets.integration.metrics.prefix`")
                    .hint("say what the names of all metrics begin with, such as `acme.`"),
            );
        }
        // Datadog's validator goes by the file of that name, whatever the manifest names.
        let severity = if custom.exists() { Severity::Error } else { Severity::Warning };
        self.existing(&path, AssetKind::Metadata, severity, manifest)
    }

    /// The file of service checks, if there is one.
    fn service_checks(&self, manifest: &mut Draft) -> Option<Draft> {
        let custom = self.path.join(SERVICE_CHECKS);
        let Some(named) = &self.manifest.service_checks else {
            if self.manifest.known && custom.is_file() {
                manifest.findings.push(
                    UNLISTED_FILE
                        .of_file(format!(
                            "`{SERVICE_CHECKS}` is not named, so Datadog does not read it"
                        ))
                        .hint("name it in `assets.integration.service_checks.metadata_path`"),
                );
            }
            let alone = !self.manifest.known && custom.is_file();
            return alone.then(|| Draft::read(&custom, AssetKind::ServiceChecks));
        };
        if self.facts.attribute.is_none() {
            manifest.findings.push(
                MANIFEST_SHAPE
                    .of_file("there is no `assets.integration.source_type_name`")
                    .hint("service checks must have it as their `integration`"),
            );
        }
        let path = self.path.join(named);
        self.existing(&path, AssetKind::ServiceChecks, Severity::Error, manifest)
    }

    fn existing(
        &self,
        path: &Path,
        kind: AssetKind,
        severity: Severity,
        manifest: &mut Draft,
    ) -> Option<Draft> {
        if path.exists() {
            return Some(Draft::read(path, kind));
        }
        let file = path.strip_prefix(self.path).unwrap_or(path);
        let message = format!("`{}` is named, but there is no such file", file.display());
        let problem =
            MISSING_FILE.of_file(message).hint("write it, or correct its `metadata_path`");
        manifest.findings.push(Problem { severity, ..problem });
        None
    }
}
