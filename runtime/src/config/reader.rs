//! What is known while a file is read: which option is being read, and every problem so far.

use std::fmt::Write as _;

use super::node::{Node, NodeValue, Span};
use super::problem::{Problem, Problems};
use super::secret::MASK;
use super::spec::OptionSpec;
use super::words;

/// Where problems go while a file is read, and which option is being read.
#[derive(Debug, Default)]
pub struct Reader {
    path: String,
    secret: bool,
    problems: Problems,
    /// Places whose value is not known, which is said already: nothing else is to be said of them.
    unresolved: Vec<Span>,
}

impl Reader {
    /// A reader without problems, at the top of the file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports a problem of the option that is being read.
    pub fn report(&mut self, mut problem: Problem) {
        if problem.span.is_some_and(|span| self.unresolved.contains(&span)) {
            return;
        }
        problem.path.clone_from(&self.path);
        self.problems.push(problem);
    }

    /// Reports that a value stands for something that is not known.
    pub(super) fn unresolved(&mut self, problem: Problem) {
        let span = problem.span;
        self.report(problem);
        self.unresolved.extend(span);
    }

    /// Reports a problem at the end of a way from the option that is being read: `[0].name`.
    pub(super) fn report_below(&mut self, way: &str, mut problem: Problem) {
        problem.path = format!("{}{way}", self.path);
        self.problems.push(problem);
    }

    /// Reads an option of a section.
    pub fn within<R>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.path.len();
        if outer > 0 {
            self.path.push('.');
        }
        self.path.push_str(words::quote(name).trim_matches('`'));
        let result = read(self);
        self.path.truncate(outer);
        result
    }

    /// Reads in `init_config`, whatever instance it is for.
    pub(super) fn shared<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.path, String::from("init_config"));
        let result = read(self);
        self.path = outer;
        result
    }

    /// Reads an item of a list.
    pub fn at<R>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.path.len();
        // Writing into a `String` cannot fail.
        let _ = write!(self.path, "[{index}]");
        let result = read(self);
        self.path.truncate(outer);
        result
    }

    /// Reads an option's value; while a secret one is read, problems do not quote it.
    pub(super) fn option<R>(
        &mut self,
        option: &OptionSpec,
        node: &Node,
        read: impl FnOnce(&mut Self) -> R,
    ) -> R {
        if option.secret { self.secretly(node, read) } else { read(self) }
    }

    /// Reads a value that no message quotes and no report shows.
    pub(super) fn secretly<R>(&mut self, node: &Node, read: impl FnOnce(&mut Self) -> R) -> R {
        self.hide(node.span);
        let outer = std::mem::replace(&mut self.secret, true);
        let result = read(self);
        self.secret = outer;
        result
    }

    /// Keeps a place of the file out of every report.
    pub(super) fn hide(&mut self, span: Span) {
        self.problems.hide(span);
    }

    /// Reports that a node is not what was expected.
    pub fn expected(&mut self, what: &str, node: &Node) {
        self.expected_because(what, node, "");
    }

    /// Reports that a node is not what was expected, and what to do about it.
    pub fn expected_because(&mut self, what: &str, node: &Node, hint: &str) {
        let message = format!("{}expected {what}, found {}", self.subject(), self.shown(node));
        self.report(Problem::error(node.span, message).hint(hint));
    }

    /// The option that is being read, as messages begin: "`port`: ", or nothing at the top.
    pub(super) fn subject(&self) -> String {
        match self.path.rsplit('.').next() {
            None | Some("") => String::new(),
            Some(name) => format!("`{name}`: "),
        }
    }

    /// A secret option is being read.
    pub(super) const fn is_secret(&self) -> bool {
        self.secret
    }

    /// A node for messages; a secret one is masked.
    pub(super) fn shown(&self, node: &Node) -> String {
        match &node.value {
            NodeValue::Scalar { .. } if self.secret => MASK.to_owned(),
            _ => node.describe().to_string(),
        }
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
