//! Options that take anything: the value as JSON has it.

use serde_json::Value;

use crate::config::node::{Node, NodeValue};
use crate::config::reader::Reader;
use crate::config::scalar::{self, Untyped};
use crate::config::spec::Shape;
use crate::config::value::OptionValue;

impl OptionValue for Value {
    const SHAPE: Shape = Shape::Any;

    fn read(node: &Node, _reader: &mut Reader) -> Option<Self> {
        Some(any(node))
    }

    fn show(&self) -> Value {
        self.clone()
    }
}

fn any(node: &Node) -> Value {
    match &node.value {
        NodeValue::Scalar { text, quoted: true, .. } => Value::from(text.as_str()),
        NodeValue::Scalar { text, quoted: false, .. } => match scalar::untyped(text) {
            Untyped::Null => Value::Null,
            Untyped::Flag(flag) => Value::from(flag),
            Untyped::Integer(integer) => Value::from(integer),
            Untyped::Large(integer) => Value::from(integer),
            Untyped::Number(number) => Value::from(number),
            Untyped::Text => Value::from(text.as_str()),
        },
        NodeValue::Sequence(items) => items.iter().map(any).collect(),
        NodeValue::Mapping(pairs) => {
            pairs.iter().map(|pair| (pair.key.clone(), any(&pair.value))).collect()
        }
    }
}
