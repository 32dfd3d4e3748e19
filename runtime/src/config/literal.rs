//! What the code of `#[derive(Config)]` calls beside [`Section`]: defaults that are written as literals, and `validate`
//! functions.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::node::{Node, NodeValue, Pair, Span};
use super::reader::Reader;
use super::section::Section;
pub use super::serde::read_serde;
use super::spec::OptionSpec;
use super::value::OptionValue;
pub use super::value::read_choice;

/// The value of an option whose default is a literal: read as if it stood in the file.
pub fn option_or_literal<T: OptionValue>(
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
    default: fn() -> Value,
) -> Option<T> {
    let read = |node: &Node, reader: &mut Reader| T::read(node, reader).map(Some);
    match section.option_with(option, read, || Some(None))? {
        Some(value) => Some(value),
        None => literal(section, option, default),
    }
}

fn literal<T: OptionValue>(
    section: &mut Section<'_, '_>,
    option: &OptionSpec,
    default: fn() -> Value,
) -> Option<T> {
    let mut reader = Reader::new();
    let value = T::read(&node(&default()), &mut reader);
    if value.is_none() {
        let fault = reader.into_problems().into_iter().next().map(|problem| problem.message);
        section.reject(format!(
            "the check's own default of `{}` is not valid: {}",
            option.name,
            fault.unwrap_or_default(),
        ));
    }
    value
}

/// A default that is a literal as exports show it: in the type's own form, if it is valid.
pub fn show_literal<T: OptionValue>(default: Value) -> Value {
    T::read(&node(&default), &mut Reader::new()).map_or(default, |value| value.show())
}

/// A default that is a literal, for a type that serde reads.
pub fn serde_literal<T: DeserializeOwned>(default: Value) -> Option<T> {
    serde_json::from_value(default).ok()
}

/// Passes a value on if its option's `validate` function accepts it.
pub fn validated<T, E: Display>(
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
    value: Option<T>,
    validate: impl FnOnce(&T) -> Result<(), E>,
) -> Option<T> {
    let value = value?;
    match validate(&value) {
        Ok(()) => Some(value),
        Err(error) => {
            section.reject_option(option, error);
            None
        }
    }
}

/// Passes a whole section on if its `validate` function accepted it.
pub fn accepted<C, E: Display>(
    section: &mut Section<'_, '_>,
    config: C,
    validate: impl FnOnce(&C) -> Result<(), E>,
) -> Option<C> {
    match validate(&config) {
        Ok(()) => Some(config),
        Err(error) => {
            section.reject(error);
            None
        }
    }
}

/// A value as a file would have it.
fn node(value: &Value) -> Node {
    let span = Span::default();
    let value = match value {
        Value::Null => NodeValue::Scalar { text: String::new(), quoted: false },
        Value::Bool(flag) => NodeValue::Scalar { text: flag.to_string(), quoted: false },
        Value::Number(number) => NodeValue::Scalar { text: number.to_string(), quoted: false },
        Value::String(text) => NodeValue::Scalar { text: text.clone(), quoted: true },
        Value::Array(items) => NodeValue::Sequence(items.iter().map(node).collect()),
        Value::Object(pairs) => NodeValue::Mapping(pairs.iter().map(pair).collect()),
    };
    Node { span, value }
}

fn pair((key, value): (&String, &Value)) -> Pair {
    Pair { key: key.clone(), key_span: Span::default(), value: node(value) }
}
