//! A YAML document as the user wrote it: every value with its place, every scalar with its text.

use std::fmt;

use super::secret::MASK;
use super::words;

/// A place in a file: bytes from `start` up to `end`, and line and column of the start, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

#[cfg(all(feature = "agent", unix))]
impl Span {
    /// Moves it to where the text stands behind another one, of so many bytes and lines.
    pub(super) const fn move_on(&mut self, by: Self) {
        self.start += by.start;
        self.end += by.start;
        self.line += by.line;
    }

    /// Moves it to where the text stands alone.
    pub(super) const fn move_back(&mut self, by: Self) {
        self.start -= by.start;
        self.end -= by.start;
        self.line -= by.line;
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it is written.
    pub span: Span,
    /// What is written.
    pub value: NodeValue,
}

/// A value as it is written.
#[derive(Clone, PartialEq)]
pub enum NodeValue {
    /// A scalar's text. A quoted one, or one with the tag `!!str`, is never anything but text.
    Scalar {
        /// The text, escapes resolved.
        text: String,
        /// In quotes, a block scalar, or tagged as text.
        quoted: bool,
        /// What a handle or a variable stands for: nothing shows it.
        secret: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping, in the order of the file, merge keys resolved, no key twice.
    Mapping(Vec<Pair>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The key's text.
    pub key: String,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// An empty mapping at a place.
    pub const fn empty(span: Span) -> Self {
        Self { span, value: NodeValue::Mapping(Vec::new()) }
    }

    /// Moves it, and all in it, to where the text stands behind another one.
    #[cfg(all(feature = "agent", unix))]
    pub(super) fn move_on(&mut self, by: Span) {
        self.span.move_on(by);
        match &mut self.value {
            NodeValue::Scalar { .. } => {}
            NodeValue::Sequence(items) => items.iter_mut().for_each(|item| item.move_on(by)),
            NodeValue::Mapping(pairs) => {
                for pair in pairs {
                    pair.key_span.move_on(by);
                    pair.value.move_on(by);
                }
            }
        }
    }

    /// Nothing is written: an empty value, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, NodeValue::Scalar { text, quoted: false, .. }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The pairs of a mapping.
    pub fn pairs(&self) -> Option<&[Pair]> {
        match &self.value {
            NodeValue::Mapping(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Pair> {
        self.pairs()?.iter().find(|pair| pair.key == key)
    }

    /// Calls a function with every scalar in it that stands for a handle or a variable.
    pub(super) fn each_secret(&self, tell: &mut dyn FnMut(&str)) {
        match &self.value {
            NodeValue::Scalar { text, secret: true, .. } => tell(text),
            NodeValue::Scalar { .. } => {}
            NodeValue::Sequence(items) => {
                for item in items {
                    item.each_secret(tell);
                }
            }
            NodeValue::Mapping(pairs) => {
                for pair in pairs {
                    pair.value.each_secret(tell);
                }
            }
        }
    }

    /// What it is, for messages: "a list", "the text `x`".
    pub fn describe(&self) -> Described<'_> {
        Described(self)
    }
}

impl NodeValue {
    /// A scalar as it is written.
    pub const fn scalar(text: String, quoted: bool) -> Self {
        Self::Scalar { text, quoted, secret: false }
    }
}

impl fmt::Debug for NodeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar { secret: true, .. } => f.write_str(MASK),
            Self::Scalar { text, .. } => text.fmt(f),
            Self::Sequence(items) => items.fmt(f),
            Self::Mapping(pairs) => pairs.fmt(f),
        }
    }
}

/// Says what a node is.
#[derive(Debug)]
pub struct Described<'n>(&'n Node);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.value {
            _ if self.0.is_null() => f.write_str("nothing"),
            NodeValue::Scalar { secret: true, .. } => write!(f, "`{MASK}`"),
            NodeValue::Scalar { text, .. } => f.write_str(&words::quote(text)),
            NodeValue::Sequence(_) => f.write_str("a list"),
            NodeValue::Mapping(_) => f.write_str("a mapping"),
        }
    }
}
