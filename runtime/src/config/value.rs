//! Values of options: how each Rust type is read from YAML, and what it looks like there.

use serde_json::Value;

use super::Config;
use super::node::{Node, NodeValue};
use super::problem::{Problem, Problems};
use super::section::Section;
use super::spec::{OptionSpec, Shape};

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

/// Where problems go while a file is read, and which option is being read.
#[derive(Debug, Default)]
pub struct Reader {
    path: String,
    secret: bool,
    problems: Problems,
}

impl Reader {
    /// A reader without problems, at the top of the file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports a problem of the option that is being read.
    pub fn report(&mut self, mut problem: Problem) {
        problem.path.clone_from(&self.path);
        self.problems.push(problem);
    }

    /// Reads an option of a section.
    pub fn within<R>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.path.len();
        if outer > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        let result = read(self);
        self.path.truncate(outer);
        result
    }

    /// Reads an item of a list.
    pub fn at<R>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        let result = read(self);
        self.path.truncate(outer);
        result
    }

    /// Reads an option's value; while a secret one is read, problems do not quote it.
    pub(super) fn option<R>(
        &mut self,
        option: &OptionSpec,
        read: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let outer = self.secret;
        self.secret |= option.secret;
        let result = read(self);
        self.secret = outer;
        result
    }

    /// Reports that a node is not what was expected.
    pub fn expected(&mut self, what: &str, node: &Node) {
        let found = match (&node.value, self.secret) {
            (NodeValue::Scalar { .. }, true) => super::secret::MASK.to_owned(),
            _ => node.describe().to_string(),
        };
        self.report(Problem::error(node.span, format!("expected {what}, found {found}")));
    }

    /// All problems so far.
    pub const fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Ends the reading.
    pub fn into_problems(self) -> Problems {
        self.problems
    }
}

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

impl OptionValue for String {
    const SHAPE: Shape = Shape::Text { format: "" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            NodeValue::Scalar { text, .. } if !node.is_null() => Some(text.clone()),
            _ => {
                reader.expected("text", node);
                None
            }
        }
    }

    fn show(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        T::read(node, reader).map(Some)
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
            reader.expected("a list", node);
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

impl OptionValue for Value {
    const SHAPE: Shape = Shape::Any;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        String::read(node, reader).map(Self::from)
    }

    fn show(&self) -> Value {
        self.clone()
    }
}
