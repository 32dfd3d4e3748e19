//! Options that are URLs.

use serde_json::Value;
use url::Url;

use super::scalar;
use crate::config::node::Node;
use crate::config::reader::Reader;
use crate::config::spec::Shape;
use crate::config::value::OptionValue;

impl OptionValue for Url {
    const SHAPE: Shape = Shape::Text { format: "uri" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match scalar(node).map(Self::parse) {
            Some(Ok(url)) => return Some(url),
            Some(Err(url::ParseError::RelativeUrlWithoutBase)) => {
                reader.expected_because("a URL", node, "begin it with `http://` or `https://`");
            }
            Some(Err(error)) => reader.expected_because("a URL", node, &error.to_string()),
            None => reader.expected("a URL", node),
        }
        None
    }

    fn show(&self) -> Value {
        Value::from(self.as_str())
    }
}
