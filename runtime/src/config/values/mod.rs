//! The types that options have, beside `Option`s, lists and maps.

mod any;
mod number;
mod section;
mod text;
mod time;
#[cfg(feature = "url")]
mod url;

use super::node::{Node, NodeValue};
use super::reader::Reader;

/// The text of a scalar that is given.
fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        NodeValue::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

/// Reads a scalar by its text alone; what it should be is said if it is not.
fn read_scalar<T>(
    node: &Node,
    reader: &mut Reader,
    what: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let value = scalar(node).and_then(read);
    if value.is_none() {
        reader.expected(what, node);
    }
    value
}
