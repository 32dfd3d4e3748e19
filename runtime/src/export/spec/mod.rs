//! Datadog's description of a check's configuration files: what `spec.yaml` says and `conf.yaml.example` is rendered from.
//!
//! There is one model and there are two writers. `ddev` renders the example from `spec.yaml`; the example written here is
//! the same, byte for byte, because both come from the same model.

mod build;
mod convert;
mod document;
pub(super) mod example;
mod fault;
pub(super) mod files;
mod lists;
mod schema;
mod template;
mod wording;
mod yaml;

pub use fault::SpecError;
pub use files::config_spec;
pub use schema::{SpecAdditional, SpecLimits, SpecProperty, SpecSchema, SpecType};

use serde_json::Value;

/// The configuration files of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigSpec {
    /// The check's name as people write it.
    pub name: String,
    /// The files, the example first.
    pub files: Vec<SpecFile>,
}

/// A configuration file.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecFile {
    /// The name that the Agent loads it by.
    pub name: String,
    /// The name that it is delivered by.
    pub example_name: String,
    /// Its sections.
    pub options: Vec<SpecOption>,
}

/// An option, or a section of options.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecOption {
    /// The key in the file.
    pub name: String,
    /// What people read of it. A line has at most 120 characters in the file, indentation and `## ` included, unless it
    /// ends with ` /noqa`, which is not shown.
    pub description: String,
    /// It must be given.
    pub required: bool,
    /// It is left out of the example.
    pub hidden: bool,
    /// It is not commented out; as `required` says if nothing is said here.
    pub enabled: Option<bool>,
    /// Options with a higher number come first.
    pub display_priority: i64,
    /// What is said of a deprecated option, in lines of `key: text`.
    pub deprecation: Vec<(String, String)>,
    /// Datadog's template of the same option, such as `instances/http.timeout`: `spec.yaml` refers to it and says what
    /// differs.
    pub template: Option<String>,
    /// What stands behind the key.
    pub content: SpecContent,
}

/// What stands behind a key.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are values, and there are few of them")]
pub enum SpecContent {
    /// A value.
    Value(SpecValue),
    /// A section of its own.
    Section {
        /// It is a list of such sections.
        multiple: bool,
        /// Its options.
        options: Vec<SpecOption>,
    },
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecValue {
    /// What it may be.
    pub schema: SpecSchema,
    /// What the example shows; `<NAME>`, an empty list or an empty mapping if there is nothing.
    pub example: Option<Value>,
    /// The default that the example tells.
    pub default: ShownDefault,
    /// It never shows in any output.
    pub secret: bool,
}

/// The default that an example tells of an optional value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ShownDefault {
    /// The example itself, if it is text, a number or a flag.
    #[default]
    Example,
    /// None.
    Nothing,
    /// This text, number or flag.
    Value(Value),
}

impl ConfigSpec {
    /// `spec.yaml`.
    ///
    /// # Errors
    ///
    /// Datadog's validator would refuse it, or it would be rendered as something else than what it says.
    pub fn to_yaml(&self) -> Result<String, SpecError> {
        fault::check(self)?;
        Ok(yaml::write(self))
    }

    /// Each file by its `example_name`, as Datadog's `ddev` renders it from [`to_yaml`](Self::to_yaml).
    ///
    /// # Errors
    ///
    /// As with [`to_yaml`](Self::to_yaml).
    pub fn examples(&self) -> Result<Vec<(String, String)>, SpecError> {
        fault::check(self)?;
        Ok(self
            .files
            .iter()
            .map(|file| (file.example_name.clone(), example::render(file)))
            .collect())
    }
}

impl SpecOption {
    /// An optional option about which nothing more is said.
    pub fn new(name: impl Into<String>, content: SpecContent) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            required: false,
            hidden: false,
            enabled: None,
            display_priority: 0,
            deprecation: Vec::new(),
            template: None,
            content,
        }
    }

    /// It is not commented out.
    pub fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(self.required)
    }
}

impl SpecValue {
    /// A value of which nothing but its type is known.
    pub const fn new(schema: SpecSchema) -> Self {
        Self { schema, example: None, default: ShownDefault::Example, secret: false }
    }

    /// What the example shows.
    fn shown(&self, name: &str) -> Value {
        match (&self.example, &self.schema.kind) {
            (Some(example), _) => example.clone(),
            (None, SpecType::Array(_)) => Value::Array(Vec::new()),
            (None, SpecType::Object { .. }) => Value::Object(serde_json::Map::new()),
            (None, _) => Value::from(format!("<{}>", name.to_uppercase())),
        }
    }
}
