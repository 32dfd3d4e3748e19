//! What the code of `#[derive(Config)]` calls beside the traits: rows of its table, made from the types of fields,
//! defaults, values that serde reads, and `validate` functions.
//!
//! Most functions take a getter of the field, from which the compiler learns the type; they never call it.

use std::fmt::Display;

use ::serde::de::DeserializeOwned;
use serde_json::Value;

use super::node::{Node, NodeValue, Pair, Span};
use super::reader::Reader;
use super::section::Section;
use super::serde::read_serde;
use super::spec::{Constraints, Item, OptionSpec, Shape, Spec};
use super::value::OptionValue;
use super::{Common, Config};

/// What `#[derive(Config)]` makes of a struct.
///
/// All of it stands in one constant, because the compiler then reports a field of a wrong type once.
pub trait Options: Sized {
    /// The options, and what is done with them.
    const OPTIONS: OptionsOf<Self>;
}

/// The options of a struct, and what is done with them.
#[derive(Debug)]
pub struct OptionsOf<C> {
    /// The options.
    pub spec: Spec,
    /// Reads them.
    pub read: fn(&mut Section<'_, '_>) -> Option<C>,
    /// Adds the tags of those that are tags.
    pub tags: fn(&C, &mut Vec<String>),
    /// Adjusts the common options.
    pub adjust: fn(&C, &mut Common),
}

/// The option that a field is, about which nothing but its type is known.
pub const fn option_field<C, T: OptionValue>(_field: fn(&C) -> &T) -> OptionSpec {
    OptionSpec { shape: T::SHAPE, required: !T::OPTIONAL, ..serde_field(false) }
}

/// The option that a field of any type is.
pub const fn serde_field(optional: bool) -> OptionSpec {
    OptionSpec {
        name: "",
        description: "",
        shape: Shape::Any,
        required: !optional,
        default: None,
        example: None,
        constraints: Constraints::NONE,
        secret: false,
        hidden: false,
        shared: false,
        tag: "",
        deprecated: None,
    }
}

/// The options that a field adds to the section.
pub const fn flatten_field<C, F: Config>(_field: fn(&C) -> &F) -> Item {
    Item::Flatten(&F::SPEC)
}

/// The options of a field that is flattened.
pub fn flattened<C, F: Config>(_field: fn(&C) -> &F, section: &mut Section<'_, '_>) -> Option<F> {
    F::read(section)
}

/// The value of an option without a default.
pub fn option<C, T: OptionValue>(
    _field: fn(&C) -> &T,
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
) -> Option<T> {
    section.option(option)
}

/// The value of an option with a default.
pub fn option_or<C, T: OptionValue>(
    _field: fn(&C) -> &T,
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
    default: impl FnOnce() -> T,
) -> Option<T> {
    section.option_or(option, default)
}

/// The value of an option whose default is that of its type.
pub fn option_or_default<C, T: OptionValue + Default>(
    _field: fn(&C) -> &T,
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
) -> Option<T> {
    section.option_or(option, T::default)
}

/// The value of an option that serde reads.
pub fn option_by_serde<C, T: DeserializeOwned>(
    _field: fn(&C) -> &T,
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
    absent: impl FnOnce() -> Option<T>,
) -> Option<T> {
    section.option_with(option, read_serde, absent)
}

/// The value of an option whose default is a literal: read as if it stood in the file.
pub fn option_or_literal<C, T: OptionValue>(
    _field: fn(&C) -> &T,
    section: &mut Section<'_, '_>,
    option: &'static OptionSpec,
    default: fn() -> Value,
) -> Option<T> {
    let read = |node: &Node, reader: &mut Reader| T::read(node, reader).map(Some);
    match section.option_with(option, read, || Some(None))? {
        Some(value) => Some(value),
        None => literal(section, option, &default()),
    }
}

fn literal<T: OptionValue>(
    section: &mut Section<'_, '_>,
    option: &OptionSpec,
    default: &Value,
) -> Option<T> {
    let mut reader = Reader::new();
    let value = T::read(&node(default), &mut reader);
    if value.is_none() {
        let faults = reader.into_problems().into_iter().map(|problem| problem.message);
        let faults: Vec<_> = faults.collect();
        section.reject(format!(
            "the check's own default of `{}` is not valid: {}",
            option.name,
            faults.join(", "),
        ));
    }
    value
}

/// A default that is a literal as exports show it: in the type's own form, if it is valid.
pub fn show_literal<C, T: OptionValue>(_field: fn(&C) -> &T, default: Value) -> Value {
    T::read(&node(&default), &mut Reader::new()).map_or(default, |value| value.show())
}

/// A default as exports show it.
pub fn show_default<C, T: OptionValue>(_field: fn(&C) -> &T, default: impl FnOnce() -> T) -> Value {
    default().show()
}

/// The default of a type as exports show it.
pub fn show_default_of_type<C, T: OptionValue + Default>(_field: fn(&C) -> &T) -> Value {
    T::default().show()
}

/// A default that is a literal, for a type that serde reads.
pub fn serde_literal<T: DeserializeOwned>(default: Value) -> Option<T> {
    serde_json::from_value(default).ok()
}

/// Passes a value on if its option's `validate` function accepts it.
pub fn validated<C, T, E: Display>(
    _field: fn(&C) -> &T,
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

/// Passes a whole section on if its `validate` function accepts it.
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
    let value = match value {
        Value::Null => NodeValue::scalar(String::new(), false),
        Value::Bool(flag) => NodeValue::scalar(flag.to_string(), false),
        Value::Number(number) => NodeValue::scalar(number.to_string(), false),
        Value::String(text) => NodeValue::scalar(text.clone(), true),
        Value::Array(items) => NodeValue::Sequence(items.iter().map(node).collect()),
        Value::Object(pairs) => NodeValue::Mapping(pairs.iter().map(pair).collect()),
    };
    Node { span: Span::default(), value }
}

fn pair((key, value): (&String, &Value)) -> Pair {
    Pair { key: key.clone(), key_span: Span::default(), value: node(value) }
}
