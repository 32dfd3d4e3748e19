//! Reads YAML as a tree of [`Node`]s: everything the user wrote, with its place, in bounded time and memory.
//!
//! What is decided here, for every file alike:
//!
//! - Scalars stay text; what they mean is up to the option that they are given to (see [`OptionValue`](super::OptionValue)).
//! - Aliases and merge keys are resolved. `<<` takes a mapping or a list of mappings, the first that has a key wins, and
//!   keys written beside it win over all of them. A file may have [`MAX_NODES`] values after that.
//! - A key that stands twice in a mapping is an error; its first value is kept.
//! - Keys that are not text (`80:`, `true:`) are taken by their text.
//! - The tags `!!str` and `!` make text of a scalar; `!!int`, `!!float`, `!!bool`, `!!null`, `!!map` and `!!seq` change
//!   nothing, since the option says what it takes; any other tag is an error.
//! - A file holds one document; a second one with content is an error.

mod build;
mod merge;
mod source;
mod syntax;

pub use source::{MAX_BYTES, decode, read};
pub(crate) use source::{io_reason, io_remedy};

use super::node::Node;
use super::problem::Problems;

/// How many values a file may have once its aliases are resolved.
pub const MAX_NODES: usize = 250_000;

/// How deep values may nest.
pub const MAX_DEPTH: usize = 128;

/// What a text holds, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Document {
    /// The value at the top; nothing if the text is empty or cannot be read.
    pub root: Option<Node>,
    /// What is wrong.
    pub problems: Problems,
}

/// Reads a text. Never fails as a whole: what could be read is there beside the problems.
///
/// ```
/// let document = allwell::config::yaml::parse("host: localhost\nport: 6379\n");
/// let root = document.root.unwrap();
/// assert_eq!(root.get("port").unwrap().value.describe().to_string(), "`6379`");
/// assert!(document.problems.is_empty());
/// ```
pub fn parse(text: &str) -> Document {
    build::Builder::new(text).run()
}
