//! The configuration of one instance as an Agent hands it over: as two texts, that of `init_config` and its own.
//!
//! Both are read as parts of one file, the second behind the first, so that they are loaded like any other; a report shows them apart.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::confd::File;
use super::node::{Node, Span};
use super::problem::{Problem, Problems};
use super::{report, yaml};

/// The names of the two in reports.
const NAMES: [&str; 2] = ["init_config", "instance"];

/// The two texts.
#[derive(Debug)]
pub(crate) struct Texts {
    file: File,
    /// Where the second begins: its first byte, and how many lines there are before it.
    border: Span,
    parts: [Part; 2],
}

/// A text with the name by which a report calls it.
#[derive(Debug)]
struct Part {
    name: PathBuf,
    text: Arc<str>,
}

impl Texts {
    /// Reads both. An empty text is what is absent, or has nothing but defaults.
    pub(crate) fn new(check: &str, init_config: &str, instance: &str) -> Self {
        let border = Span {
            start: init_config.len() + 1,
            line: init_config.matches('\n').count() + 1,
            ..Span::default()
        };
        let yaml::Document { root: shared, mut problems } = yaml::parse(init_config);
        let mut own = yaml::parse(instance);
        own.problems.move_on(border);
        problems.merge(own.problems);
        let mut node =
            own.root.unwrap_or_else(|| Node::empty(Span { line: 1, column: 1, ..Span::default() }));
        node.move_on(border);
        let text = format!("{init_config}\n{instance}");
        Self {
            file: File::of_parts(check, text, shared, node, problems),
            border,
            parts: [(NAMES[0], init_config), (NAMES[1], instance)].map(Part::new),
        }
    }

    /// The file of which they are parts.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// All problems of the file, as text.
    pub(crate) fn report(&self, problems: Problems) -> String {
        let problems = problems.part(self.border);
        let [init_config, instance] = [0, 1].map(|part| (&self.parts[part], &problems[part]));
        report::list(&[init_config, instance], false).trim_end().to_owned()
    }

    /// What is wrong with bytes that are no text.
    pub(crate) fn report_of_bytes(name: &str, bytes: &[u8], problem: Problem) -> String {
        let part = Part::new((name, &String::from_utf8_lossy(bytes)));
        let mut problems = Problems::default();
        problems.push(problem);
        report::list(&[(&part, &problems)], false).trim_end().to_owned()
    }
}

impl Part {
    fn new((name, text): (&str, &str)) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

impl report::Source for Part {
    fn path(&self) -> &Path {
        &self.name
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn holds_secrets(&self) -> bool {
        true
    }
}
