//! What a repository's `.ddev/config.toml` says in place of manifests.

use std::path::Path;

use serde_json::{Map, Value};

use crate::config::Problem;

use super::file::{Draft, FileKind, LintedFile};
use super::names;
use super::rule::NOT_TOML;

/// The settings of a repository; empty if it has none.
#[derive(Debug, Default)]
pub(super) struct Overrides(Value);

impl Overrides {
    /// Reads the settings of a repository, those that they import included. What is wrong with them goes to `assets`.
    pub(super) fn read(repository: &Path, assets: &mut Vec<LintedFile>) -> Self {
        let directory = repository.join(".ddev");
        let file = directory.join("config.toml");
        if !file.exists() {
            return Self::default();
        }
        let mut settings = table(&file, assets);
        if let Some(Value::Array(imports)) = settings.remove("imports") {
            for import in imports.iter().filter_map(Value::as_str) {
                settings.extend(table(&directory.join(import), assets));
            }
        }
        Self(Value::Object(settings))
    }

    /// What an integration's metrics begin with.
    pub(super) fn prefix(&self, folder: &str) -> Option<&str> {
        self.text(&["overrides", "metrics-prefix", folder])
    }

    /// What Datadog shows for an integration.
    pub(super) fn display_name(&self, folder: &str) -> Option<&str> {
        self.text(&["overrides", "display-name", folder])
    }

    /// What stands in the column `integration` of an integration.
    pub(super) fn metadata_integration(&self, folder: &str) -> Option<&str> {
        self.text(&["overrides", "validate", "metadata", "integration", folder])
    }

    /// Whether a name is among those whose metrics are not looked at.
    pub(super) fn excludes(&self, name: &str) -> bool {
        let list = self.at(&["overrides", "validate", "metrics", "exclude"]);
        list.and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == name))
    }

    /// Whether a folder is one of an integration.
    pub(super) fn is_integration(&self, folder: &str) -> bool {
        self.at(&["overrides", "is-integration", folder]) != Some(&Value::Bool(false))
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.0, |value, key| value.get(key))
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// The tables of a file; none if it cannot be read.
fn table(path: &Path, assets: &mut Vec<LintedFile>) -> Map<String, Value> {
    let mut draft = Draft::read(path, FileKind::Overrides);
    let mut tables = Map::new();
    if draft.findings.is_empty() {
        match toml::from_str(&draft.text) {
            Ok(read) => tables = read,
            Err(error) => draft.findings.push(not_toml(&draft.text, &error)),
        }
    }
    if !draft.findings.is_empty() {
        assets.push(draft.done());
    }
    tables
}

fn not_toml(text: &str, error: &toml::de::Error) -> Problem {
    let message = format!("not TOML: {}", error.message());
    match error.span() {
        Some(place) => NOT_TOML.at(names::span(text, place), message),
        None => NOT_TOML.of_file(message),
    }
}
