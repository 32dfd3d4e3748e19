//! JSON Schema (2020-12) of a check's configuration file, for editors and validators.
//!
//! It describes the recommended way to write a value. The loader takes more: numbers and flags in quotes, numbers as text,
//! `500ms` for a time that has a range, an option without a value. What it refuses the schema refuses, too, as far as JSON
//! Schema can say it: not what a `validate` function or `#[config(serde)]` decides, and `1.0` is a whole number there.

mod value;

use serde_json::{Map, Value, json};

use super::options::{self, Interval};
use crate::check::Entry;
use crate::config::OptionSpec;
#[cfg(feature = "cli")]
use crate::config::Spec;
use crate::config::confd::{TOP_LEVEL, WITHOUT_INSTANCES};

/// The schema of the whole file.
pub fn config_schema(entry: &Entry) -> Value {
    let shared = options::shared(entry);
    let instance = options::of_instance(entry);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Configuration of the {} check", entry.name()),
        "description": entry.meta.description,
        "type": "object",
        "properties": top_level(entry, &shared, &instance),
        "patternProperties": { "^(x-|_|\\.)": { "description": "Values for aliases." } },
        "additionalProperties": false,
        "anyOf": has_instances(),
    });
    let either: Vec<_> =
        shared.iter().filter(|option| option.required).map(|option| either_place(option)).collect();
    if !either.is_empty() {
        schema["allOf"] = Value::Array(either);
    }
    schema
}

/// The JSON Schema of a file whose top holds the options of a struct.
#[cfg(feature = "cli")]
pub(crate) fn options_schema(title: &str, spec: &'static Spec) -> Value {
    let options = spec.options();
    let required: Vec<_> = options.iter().filter(|option| option.required).collect();
    let required: Vec<_> = required.into_iter().map(|option| option.name).collect();
    let mut schema = section(None, &options, &required);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(title);
    schema["description"] = json!(spec.description);
    schema["type"] = json!(["object", "null"]);
    schema
}

fn top_level(
    entry: &Entry,
    shared: &[&'static OptionSpec],
    instance: &[&'static OptionSpec],
) -> Map<String, Value> {
    let mut init_config = section(Some(entry.meta.interval), shared, &[]);
    init_config["type"] = json!(["object", "null"]);
    init_config["description"] = json!(options::INIT_CONFIG);
    let required = instance.iter().filter(|option| option.required && !option.shared);
    let required: Vec<_> = required.map(|option| option.name).collect();
    let mut items = section(Some(entry.meta.interval), instance, &required);
    if required.is_empty() {
        items["type"] = json!(["object", "null"]);
    }
    let instances = json!({
        "description": options::INSTANCES,
        "type": "array",
        "minItems": 1,
        "items": items,
    });
    let of_agent = |name: &&str| ((*name).to_owned(), json!({ "description": "The Agent's own." }));
    let mut properties: Map<_, _> = TOP_LEVEL.iter().map(of_agent).collect();
    properties.insert(String::from("init_config"), init_config);
    properties.insert(String::from("instances"), instances);
    properties.insert(
        String::from("logs"),
        json!({
            "description": "Logs that the Agent collects.",
            "type": "array",
            "items": { "type": "object" },
        }),
    );
    properties
}

/// A file has instances, unless it is the Agent's alone.
fn has_instances() -> Value {
    let key = |key: &&str| json!({ "required": [key] });
    std::iter::once(&"instances").chain(WITHOUT_INSTANCES).map(key).collect()
}

/// A required option that may be shared stands in `init_config` or in each instance.
fn either_place(option: &OptionSpec) -> Value {
    let given = json!({ "type": "object", "required": [option.name] });
    json!({
        "anyOf": [
            { "properties": { "init_config": given }, "required": ["init_config"] },
            { "properties": { "instances": { "items": given } } },
        ],
    })
}

/// A mapping of options.
fn section(interval: Interval, options: &[&'static OptionSpec], required: &[&str]) -> Value {
    let properties = options
        .iter()
        .map(|option| (option.name.to_owned(), value::property(interval, option)))
        .collect::<Map<_, _>>();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
