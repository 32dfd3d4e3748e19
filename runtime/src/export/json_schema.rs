//! JSON Schema (2020-12) of a check's configuration file, for editors and validators.
//!
//! It describes the recommended way to write a value; the loader takes more, such as numbers in quotes.

use serde_json::{Map, Value, json};

use super::options;
use crate::check::Entry;
use crate::config::{OptionSpec, Shape};

/// The schema of the whole file.
pub fn config_schema(entry: &Entry) -> Value {
    let shared = options::shared(entry);
    let instance = options::of_instance(entry);
    let mut init_config = section(entry, &shared, false);
    init_config["type"] = json!(["object", "null"]);
    init_config["description"] = json!(options::INIT_CONFIG);
    let mut items = section(entry, &instance, true);
    if items["required"].as_array().is_none_or(Vec::is_empty) {
        items["type"] = json!(["object", "null"]);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Configuration of the {} check", entry.name()),
        "description": entry.meta.description,
        "type": "object",
        "properties": {
            "init_config": init_config,
            "instances": {
                "description": options::INSTANCES,
                "type": "array",
                "minItems": 1,
                "items": items,
            },
            "logs": {
                "description": "Logs that the Agent collects.",
                "type": "array",
                "items": { "type": "object" },
            },
        },
        "patternProperties": { "^(x-|_|\\.)": { "description": "Values for aliases." } },
        "required": ["instances"],
        "additionalProperties": false,
    })
}

fn section(entry: &Entry, options: &[&'static OptionSpec], may_require: bool) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for option in options {
        properties.insert(option.name.to_owned(), property(entry, option));
        if option.required && may_require && !option.shared {
            required.push(option.name);
        }
    }
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

fn property(entry: &Entry, option: &OptionSpec) -> Value {
    let mut schema = shape(entry, &option.shape);
    schema["description"] = json!(option.description);
    if let Some(default) = options::default(entry, option) {
        schema["default"] = default;
    }
    if let Some(example) = option.example.filter(|_| !option.secret) {
        schema["examples"] = json!([example()]);
    }
    if option.secret {
        schema["writeOnly"] = json!(true);
    }
    if option.deprecated.is_some() {
        schema["deprecated"] = json!(true);
    }
    constrain(&mut schema, option);
    schema
}

fn constrain(schema: &mut Value, option: &OptionSpec) {
    let constraints = &option.constraints;
    if constraints.non_empty {
        let key = match option.shape {
            Shape::List(_) => "minItems",
            Shape::Map(_) => "minProperties",
            _ => "minLength",
        };
        schema[key] = json!(1);
    }
    // Each item of a list fulfils the rest.
    let schema = match option.shape {
        Shape::List(_) => &mut schema["items"],
        _ => schema,
    };
    if let Some(min) = constraints.min {
        schema["minimum"] = number(min);
    }
    if let Some(max) = constraints.max {
        let key = if constraints.max_exclusive { "exclusiveMaximum" } else { "maximum" };
        if constraints.max_exclusive
            && let Some(schema) = schema.as_object_mut()
        {
            schema.remove("maximum");
        }
        schema[key] = number(max);
    }
    if let Some(pattern) = constraints.pattern {
        schema["pattern"] = json!(pattern);
    }
    if !constraints.one_of.is_empty() {
        schema["enum"] = json!(constraints.one_of);
    }
}

fn shape(entry: &Entry, of: &Shape) -> Value {
    match of {
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Integer { min, max } => integer(*min, *max),
        Shape::Number => json!({ "type": "number" }),
        Shape::Seconds => json!({
            "type": ["number", "string"],
            "minimum": 0,
            "pattern": "^([0-9.]+ *(d|h|m|s|ms|us) *)+$",
        }),
        Shape::Text { format: "" } => json!({ "type": "string" }),
        Shape::Text { format } => json!({ "type": "string", "format": format }),
        Shape::OneOf(choices) => {
            let choices = choices
                .iter()
                .map(|(name, meaning)| json!({ "const": name, "description": meaning }));
            json!({ "type": "string", "oneOf": choices.collect::<Value>() })
        }
        Shape::List(inner) => json!({ "type": "array", "items": shape(entry, inner) }),
        Shape::Map(inner) => {
            json!({ "type": "object", "additionalProperties": shape(entry, inner) })
        }
        Shape::Section(spec) => section(entry, &spec.options(), true),
        Shape::Any => json!({}),
    }
}

/// An integer with the bounds of its type, as far as JSON's numbers are exact.
fn integer(min: i128, max: i128) -> Value {
    let mut schema = json!({ "type": "integer" });
    if let Ok(min) = i64::try_from(min) {
        schema["minimum"] = json!(min);
    }
    if let Ok(max) = u64::try_from(max) {
        schema["maximum"] = json!(max);
    }
    schema
}

/// A bound without a fraction where it has none.
fn number(number: f64) -> Value {
    crate::config::OptionValue::show(&number)
}
