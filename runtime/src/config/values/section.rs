//! A section of its own as the value of an option: any type with `#[derive(Config)]`.

use serde_json::Value;

use crate::config::Config;
use crate::config::node::Node;
use crate::config::reader::Reader;
use crate::config::section::Section;
use crate::config::spec::Shape;
use crate::config::value::OptionValue;

impl<C: Config> OptionValue for C {
    const SHAPE: Shape = Shape::Section(&C::SPEC);

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if node.pairs().is_none() {
            reader.expected("a mapping", node);
            return None;
        }
        let mut section = Section::new(node, None, reader);
        let config = C::read(&mut section);
        section.finish();
        config
    }

    fn show(&self) -> Value {
        Value::Null
    }
}
