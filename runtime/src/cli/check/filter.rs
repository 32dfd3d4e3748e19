//! `--instance-filter`: instances by the value of an option.

use serde_json::Value;

use crate::check::InstanceSpec;
use crate::config::{Common, Config, Node, NodeValue, OptionSpec, Shape, Spec};

use super::super::failure::Failure;

/// A condition on an option's value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filter {
    path: Vec<String>,
    equal: bool,
    value: String,
}

impl Filter {
    /// Reads `port=6379`, `.host == "a"`, `tls.verify != true`.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        // The first operator counts: a value may hold another one.
        let (path, value) = text.split_once('=').ok_or_else(|| malformed(text))?;
        let (path, equal) = path.strip_suffix('!').map_or((path, true), |path| (path, false));
        let value = value.strip_prefix('=').filter(|_| equal).unwrap_or(value);
        let path = path.trim().trim_start_matches('.');
        let path: Vec<_> = path.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err(malformed(text));
        }
        Ok(Self { path, equal, value: unquoted(value.trim()).to_owned() })
    }

    fn admits(&self, instance: &InstanceSpec) -> bool {
        let node = instance.written();
        let written = value_at(&node, &self.path);
        let shared = || instance.init_config().and_then(|node| value_at(node, &self.path));
        let matches = match written.or_else(shared) {
            Some(node) => self.matches(node),
            None => default_at(&instance.entry.options, &self.path)
                .or_else(|| default_at(const { &Common::SPEC }, &self.path))
                .is_some_and(|default| self.matches_default(&default)),
        };
        matches == self.equal
    }

    /// A list matches if one of its items does.
    fn matches(&self, node: &Node) -> bool {
        match &node.value {
            NodeValue::Scalar { text, .. } => same(text, &self.value),
            NodeValue::Sequence(items) => items.iter().any(|item| self.matches(item)),
            NodeValue::Mapping(_) => false,
        }
    }

    fn matches_default(&self, default: &Value) -> bool {
        match default {
            Value::String(text) => same(text, &self.value),
            Value::Array(items) => items.iter().any(|item| self.matches_default(item)),
            other => same(&other.to_string(), &self.value),
        }
    }
}

/// Whether all filters admit an instance.
pub(super) fn admits(filters: &[Filter], instance: &InstanceSpec) -> bool {
    filters.iter().all(|filter| filter.admits(instance))
}

fn malformed(text: &str) -> Failure {
    Failure::usage(
        format!("`{text}` is not an instance filter"),
        "write an option and its value: `--instance-filter port=6379`",
    )
}

fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

fn value_at<'n>(node: &'n Node, path: &[String]) -> Option<&'n Node> {
    let found = path.iter().try_fold(node, |node, key| node.get(key).map(|pair| &pair.value))?;
    (!found.is_null()).then_some(found)
}

fn default_at(spec: &Spec, path: &[String]) -> Option<Value> {
    let (key, rest) = path.split_first()?;
    let option: &OptionSpec = spec.options().into_iter().find(|option| option.name == key)?;
    match (rest, option.shape) {
        ([], _) => option.default.map(|default| default()),
        (rest, Shape::Section(spec)) => default_at(spec, rest),
        _ => None,
    }
}

/// Texts that mean the same in YAML: equal, equal as numbers, or equal as flags (`yes`, `on` and `true`).
fn same(written: &str, wanted: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    written == wanted
        || flag(written).is_some_and(|flag_written| flag(wanted) == Some(flag_written))
        || number(written).is_some_and(|number_written| number(wanted) == Some(number_written))
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}
