//! One path after the other, and one integration after the other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::check::{Entry, Registry};
use crate::config::{Problem, yaml};
use crate::export::text::integration_of;

use super::facts::Facts;
use super::file::{Draft, FileKind, LintedFile};
use super::find::{self, Found};
use super::folder::Folder;
use super::manifest::Manifest;
use super::overrides::Overrides;
use super::rule::{NO_ASSETS, UNREADABLE};
use super::{Given, Linted, Note, metadata, service_checks};

/// Lints path after path.
pub(super) struct Linter<'a> {
    given: &'a Given,
    registry: &'a Registry,
    repositories: HashMap<PathBuf, Overrides>,
    linted: Linted,
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
                let problem = NO_ASSETS.of_file("there is no integration in this directory");
                let hint =
                    "name a file, a folder with `manifest.json`, or a repository of such folders";
                self.nothing(path, problem.hint(hint));
            }
            Found::Unreadable(error) => {
                let message = format!("cannot list the directory: {}", yaml::io_reason(&error));
                let remedy = yaml::io_remedy(error.kind());
                self.nothing(path, UNREADABLE.of_file(message).hint(remedy));
            }
        }
    }

    fn nothing(&mut self, path: &Path, problem: Problem) {
        self.push(Draft::only(path, FileKind::Nothing, problem).done());
    }

    pub(super) fn done(self) -> Linted {
        self.linted
    }

    fn file(&mut self, path: &Path) {
        let mut draft = Draft::read(path, FileKind::Nothing);
        draft.kind = find::kind_of(path, &draft.text);
        let facts = match find::folder_of(path) {
            Some(folder) => self.facts(&folder),
            None => Facts::given(self.given),
        };
        self.asset(draft, &facts);
    }

    /// The facts of the integration that a file belongs to. A manifest with mistakes is told, once.
    fn facts(&mut self, folder: &Path) -> Facts {
        let (manifest, draft) = Manifest::read(&folder.join("manifest.json"));
        let told = self.linted.files.iter().any(|asset| asset.path == draft.path);
        if !told && !draft.findings.is_empty() {
            self.push(draft.done());
        }
        let (given, name) = (self.given, find::name_of(folder));
        Facts::of_folder(&name, given, self.overrides(folder), &manifest)
    }

    fn folder(&mut self, path: &Path) {
        let name = find::name_of(path);
        if !self.overrides(path).is_integration(&name) && !path.join("manifest.json").is_file() {
            return self.note(path, "the repository says that it is no integration");
        }
        let given = self.given;
        let Folder { assets, facts, excluded } =
            Folder::read(path, &name, given, self.overrides(path));
        if excluded {
            self.note(path, "the repository excludes its metrics");
        } else if assets.is_empty() {
            self.note(path, "it has no `metadata.csv` and no `service_checks.json`");
        }
        for asset in assets {
            self.asset(asset, &facts);
        }
    }

    fn asset(&mut self, mut draft: Draft, facts: &Facts) {
        if !draft.findings.is_empty() || draft.kind == FileKind::Manifest {
            return self.push(draft.done());
        }
        let check = self.check(facts);
        if draft.kind == FileKind::ServiceChecks {
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
        let named = |name: &str, entry: &Entry| {
            entry.name() == name || integration_of(entry.meta.display_name) == name
        };
        let entries = self.registry.entries();
        let found =
            facts.checks.iter().find_map(|name| entries.iter().find(|entry| named(name, entry)));
        found.copied()
    }

    fn overrides(&mut self, folder: &Path) -> &Overrides {
        let assets = &mut self.linted.files;
        let repository = find::parent_of(folder);
        self.repositories
            .entry(repository)
            .or_insert_with_key(|repository| Overrides::read(repository, assets))
    }

    fn push(&mut self, asset: LintedFile) {
        self.linted.files.push(asset);
    }

    fn note(&mut self, path: &Path, message: &str) {
        self.linted.notes.push(Note { path: path.to_owned(), message: message.to_owned() });
    }
}
