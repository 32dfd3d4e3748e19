//! Options that are regular expressions: how a type of one's own becomes an option.

use allwell::config::{Node, OptionValue, Problem, Reader, Shape};
use regex_lite::Regex;

/// A regular expression, which matches anywhere in a text.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// The pattern that is written like this.
    pub fn new(text: &str) -> Result<Self, regex_lite::Error> {
        Regex::new(text).map(Self)
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
        let pattern = Self::new(&text).map_err(|error| {
            let message = format!("`{text}` is not a regular expression");
            reader.report(Problem::error(node.span, message).hint(error.to_string()));
        });
        pattern.ok()
    }

    fn show(&self) -> serde_json::Value {
        self.0.as_str().into()
    }
}
