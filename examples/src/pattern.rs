//! Options that are regular expressions: how a type of one's own becomes an option.

use allwell::config::{Node, OptionValue, Problem, Reader, Shape};
use regex_lite::Regex;

/// A regular expression, which matches anywhere in a text.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether one of the patterns matches.
    pub fn any(patterns: &[Self], text: &str) -> bool {
        patterns.iter().any(|Self(pattern)| pattern.is_match(text))
    }
}

impl OptionValue for Pattern {
    const SHAPE: Shape = Shape::Text { format: "regex" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let text = String::read(node, reader)?;
        match Regex::new(&text) {
            Ok(pattern) => Some(Self(pattern)),
            Err(error) => {
                let message = format!("`{text}` is not a regular expression");
                reader.report(Problem::error(node.span, message).hint(error.to_string()));
                None
            }
        }
    }

    fn show(&self) -> serde_json::Value {
        self.as_str().into()
    }
}
