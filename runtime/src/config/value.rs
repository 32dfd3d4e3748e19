//! Values of options: what a type needs to be one, and `Option`s, lists and maps of them.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use serde_json::Value;

use super::node::{Node, NodeValue, Span};
use super::reader::Reader;
use super::spec::Shape;

/// A type that an option can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an option",
    label = "not the type of an option",
    note = "hint: options are text, numbers, flags, `Duration`s, `Url`s, paths, `Secret`s, `Option`s, `Vec`s and maps of them, and types with `#[derive(Config)]`",
    note = "hint: `#[config(serde)]` takes any type that implements `Deserialize`"
)]
pub trait OptionValue: Sized {
    /// What it looks like in YAML.
    const SHAPE: Shape;
    /// The option may be left out.
    const OPTIONAL: bool = false;

    /// Reads it, or reports what is wrong.
    fn read(node: &Node, reader: &mut Reader) -> Option<Self>;

    /// Shows it, as in a default; a secret shows masked.
    fn show(&self) -> Value;

    /// The value of an option that is left out, if it may be.
    fn absent() -> Option<Self> {
        None
    }

    /// The number that a range is about.
    fn number(&self) -> Option<f64> {
        None
    }
}

/// Reads a value from a text as it would stand in a file: defaults that an attribute gives as text.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(allwell::config::from_text::<u16>("6379"), Some(6379));
/// assert_eq!(allwell::config::from_text("500ms"), Some(Duration::from_millis(500)));
/// assert_eq!(allwell::config::from_text::<u16>("many"), None);
/// ```
pub fn from_text<T: OptionValue>(text: &str) -> Option<T> {
    let value = NodeValue::scalar(text.to_owned(), false);
    T::read(&Node { span: Span::default(), value }, &mut Reader::new())
}

/// Reads one of a closed set of texts and gives its place in the set; the second text of each pair describes it.
pub fn read_choice(
    node: &Node,
    choices: &[(&'static str, &'static str)],
    reader: &mut Reader,
) -> Option<usize> {
    let names = choices.iter().map(|(name, _)| *name);
    if let NodeValue::Scalar { text, .. } = &node.value {
        if let Some(index) = names.clone().position(|name| name == text) {
            return Some(index);
        }
        if let Some(name) = super::words::nearest(text, names.clone()) {
            reader.expected_because(&one_of(names), node, &format!("did you mean `{name}`?"));
            return None;
        }
    }
    reader.expected(&one_of(names), node);
    None
}

fn one_of(names: impl Iterator<Item = &'static str>) -> String {
    format!("one of {}", super::words::list(names))
}

impl<T: OptionValue> OptionValue for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if node.is_null() { Some(None) } else { T::read(node, reader).map(Some) }
    }

    fn show(&self) -> Value {
        self.as_ref().map_or(Value::Null, OptionValue::show)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn number(&self) -> Option<f64> {
        self.as_ref()?.number()
    }
}

impl<T: OptionValue> OptionValue for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let NodeValue::Sequence(items) = &node.value else {
            let hint = if node.pairs().is_some() {
                ""
            } else {
                "begin each item with `- ` on its own line"
            };
            reader.expected_because("a list", node, hint);
            return None;
        };
        let read = items.iter().enumerate();
        let values: Vec<Option<T>> =
            read.map(|(i, item)| reader.at(i, |reader| T::read(item, reader))).collect();
        values.into_iter().collect()
    }

    fn show(&self) -> Value {
        self.iter().map(OptionValue::show).collect()
    }
}

impl<T: OptionValue> OptionValue for BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        Some(read_map(node, reader)?.into_iter().collect())
    }

    fn show(&self) -> Value {
        self.iter().map(|(key, value)| (key.clone(), value.show())).collect()
    }
}

impl<T: OptionValue, S: BuildHasher + Default> OptionValue for HashMap<String, T, S> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        Some(read_map(node, reader)?.into_iter().collect())
    }

    fn show(&self) -> Value {
        self.iter().map(|(key, value)| (key.clone(), value.show())).collect()
    }
}

/// Reads every value of a mapping, so that none hides the problems of the next.
fn read_map<T: OptionValue>(node: &Node, reader: &mut Reader) -> Option<Vec<(String, T)>> {
    let Some(pairs) = node.pairs() else {
        reader.expected("a mapping", node);
        return None;
    };
    let values: Vec<Option<(String, T)>> = pairs
        .iter()
        .map(|pair| {
            let value = reader.within(&pair.key, |reader| T::read(&pair.value, reader));
            value.map(|value| (pair.key.clone(), value))
        })
        .collect();
    values.into_iter().collect()
}
