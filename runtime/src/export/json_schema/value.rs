//! What the value of an option may be, as JSON Schema says it.

use serde_json::{Value, json};

use super::section;
use crate::config::{Constraints, OptionSpec, OptionValue as _, Shape};
use crate::export::options::Interval;
use crate::export::{formats, options};

/// The longest time that the loader takes, in seconds.
const LONGEST: u64 = u64::MAX;

/// A time as numbers with units, the larger first.
const TIME: &str = r"^(?=.)([0-9]+(\.[0-9]*)? *d *)?([0-9]+(\.[0-9]*)? *h *)?([0-9]+(\.[0-9]*)? *m *)?([0-9]+(\.[0-9]*)? *s *)?([0-9]+(\.[0-9]*)? *ms *)?([0-9]+(\.[0-9]*)? *us *)?$";

/// The schema of an option.
pub(super) fn property(interval: Interval, option: &OptionSpec) -> Value {
    let mut schema = constrained(interval, option, &option.shape);
    // A section whose options are all commented out is nothing.
    if matches!(option.shape, Shape::Section(_)) && !option.required {
        schema["type"] = json!(["object", "null"]);
    }
    if option.constraints.non_empty {
        not_empty(&mut schema, &option.shape);
    }
    schema["description"] = json!(option.description);
    if let Some(default) = options::default(interval, option) {
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
    schema
}

fn not_empty(schema: &mut Value, shape: &Shape) {
    match shape {
        Shape::List(_) => schema["minItems"] = json!(1),
        Shape::Map(_) | Shape::Section(_) => schema["minProperties"] = json!(1),
        // Spaces alone are as good as nothing.
        _ => matches(schema, "\\S"),
    }
}

/// A shape with the option's constraints; each item of a list fulfils them.
fn constrained(interval: Interval, option: &OptionSpec, of: &Shape) -> Value {
    if let Shape::List(inner) = of {
        return json!({ "type": "array", "items": constrained(interval, option, inner) });
    }
    let mut schema = shape(interval, of);
    let Constraints { min, max, pattern, one_of, .. } = option.constraints;
    if (min.is_some() || max.is_some()) && matches!(of, Shape::Seconds) {
        only_number(&mut schema, option);
    }
    bound(&mut schema, &option.constraints);
    if let Some(pattern) = pattern {
        matches(&mut schema, pattern);
    }
    if !one_of.is_empty() {
        schema["enum"] = json!(one_of);
    }
    schema
}

/// A time in words has no bounds in JSON Schema, so a time that has bounds is a number; unless its own example is not.
fn only_number(schema: &mut Value, option: &OptionSpec) {
    let in_words = option.example.is_some_and(|example| example().is_string());
    if !in_words && let Some(schema) = schema.as_object_mut() {
        schema.remove("pattern");
        schema.insert(String::from("type"), json!("number"));
    }
}

fn bound(schema: &mut Value, constraints: &Constraints) {
    if let Some(min) = constraints.min {
        schema["minimum"] = min.show();
    }
    let Some(max) = constraints.max else { return };
    if constraints.max_exclusive
        && let Some(schema) = schema.as_object_mut()
    {
        schema.remove("maximum");
    }
    let key = if constraints.max_exclusive { "exclusiveMaximum" } else { "maximum" };
    schema[key] = max.show();
}

/// Adds a pattern to those that are there.
fn matches(schema: &mut Value, pattern: &str) {
    if schema.get("pattern").is_none() {
        schema["pattern"] = json!(pattern);
        return;
    }
    let more = json!({ "pattern": pattern });
    match schema.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(patterns) => patterns.push(more),
        None => schema["allOf"] = json!([more]),
    }
}

fn shape(interval: Interval, of: &Shape) -> Value {
    match of {
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Integer { min, max } => integer(*min, *max),
        Shape::Number => json!({ "type": "number" }),
        Shape::Seconds => json!({
            "type": ["number", "string"],
            "minimum": 0,
            "maximum": LONGEST,
            "pattern": TIME,
        }),
        Shape::Text { format } => text(format),
        Shape::OneOf(choices) => {
            let choices = choices
                .iter()
                .map(|(name, meaning)| json!({ "const": name, "description": meaning }));
            json!({ "type": "string", "oneOf": choices.collect::<Value>() })
        }
        Shape::List(inner) => json!({ "type": "array", "items": shape(interval, inner) }),
        Shape::Map(inner) => {
            json!({ "type": "object", "additionalProperties": shape(interval, inner) })
        }
        Shape::Section(spec) => {
            let options = spec.options();
            let required = options.iter().filter(|option| option.required);
            let required: Vec<_> = required.map(|option| option.name).collect();
            section(interval, &options, &required)
        }
        Shape::Any => json!({}),
    }
}

fn text(format: &str) -> Value {
    let mut schema = json!({ "type": "string" });
    if let Some(format) = formats::find(format) {
        match format.standard {
            [] => {}
            [one] => schema["format"] = json!(one),
            several => {
                schema["anyOf"] = several.iter().map(|one| json!({ "format": one })).collect();
            }
        }
        if let Some(pattern) = format.pattern {
            schema["pattern"] = json!(pattern);
        }
    }
    schema
}

/// A whole number with the bounds of its type, as far as JSON's numbers are exact.
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
