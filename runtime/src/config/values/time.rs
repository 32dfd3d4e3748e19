//! Options that are times, in seconds.

use std::time::Duration;

use serde_json::Value;

use super::scalar as text_of;
use crate::config::node::Node;
use crate::config::problem::Problem;
use crate::config::reader::Reader;
use crate::config::scalar::{self, Wrong};
use crate::config::spec::Shape;
use crate::config::value::OptionValue;

impl OptionValue for Duration {
    const SHAPE: Shape = Shape::Seconds;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match text_of(node).map(scalar::seconds) {
            Some(Ok(time)) => return Some(time),
            Some(Err(Wrong::Other(hint))) => {
                reader.expected_because("a time in seconds", node, hint);
            }
            Some(Err(Wrong::TooLarge)) => {
                let message =
                    format!("{}{} is too long a time", reader.subject(), reader.shown(node));
                reader.report(Problem::error(node.span, message));
            }
            None => reader.expected("a time in seconds", node),
        }
        None
    }

    fn show(&self) -> Value {
        self.as_secs_f64().show()
    }

    fn number(&self) -> Option<f64> {
        Some(self.as_secs_f64())
    }
}
