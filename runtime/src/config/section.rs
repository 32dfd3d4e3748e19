//! A section of a file while its options are read: which were asked for, which are left over.

use super::constraint;
use super::node::{Node, Pair, Span};
use super::problem::Problem;
use super::spec::OptionSpec;
use super::value::{OptionValue, Reader};

/// A mapping whose options are being read.
///
/// Problems go to the reader; what nobody asked for is reported by [`finish`](Self::finish).
#[derive(Debug)]
pub struct Section<'n, 'r> {
    node: &'n Node,
    shared: Option<&'n Node>,
    reader: &'r mut Reader,
    known: Vec<&'static OptionSpec>,
}

impl<'n, 'r> Section<'n, 'r> {
    /// The section that a mapping holds. Options that may be shared are looked up in `shared`, too.
    pub fn new(node: &'n Node, shared: Option<&'n Node>, reader: &'r mut Reader) -> Self {
        Self { node, shared, reader, known: Vec::new() }
    }

    /// Where the section begins.
    pub const fn span(&self) -> Span {
        self.node.span
    }

    /// The value of an option without a default: required, unless its type can be absent.
    pub fn option<T: OptionValue>(&mut self, option: &'static OptionSpec) -> Option<T> {
        self.option_with(option, T::read, T::absent)
    }

    /// The value of an option with a default.
    pub fn option_or<T: OptionValue>(
        &mut self,
        option: &'static OptionSpec,
        default: impl FnOnce() -> T,
    ) -> Option<T> {
        self.option_with(option, T::read, || Some(default()))
    }

    /// The value of an option that is read in a way of its own. If it is not given and `absent` has no value for it
    /// either, it is missing.
    pub fn option_with<T>(
        &mut self,
        option: &'static OptionSpec,
        read: impl FnOnce(&Node, &mut Reader) -> Option<T>,
        absent: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        if let Some(pair) = self.find(option) {
            return self.value(option, pair, read);
        }
        let absent = absent();
        if absent.is_none() {
            self.missing(option);
        }
        absent
    }

    /// Reports an error about the section as a whole: what `#[config(validate = …)]` found.
    pub fn reject(&mut self, error: impl std::fmt::Display) {
        let span = self.node.span;
        self.reader.report(Problem::error(span, format!("{error:#}")));
    }

    /// Reports an error of an option's `validate` function, at its value.
    pub fn reject_option(&mut self, option: &'static OptionSpec, error: impl std::fmt::Display) {
        let span = self.find(option).map_or(self.node.span, |pair| pair.value.span);
        let problem = Problem::error(span, format!("`{}` is not valid: {error:#}", option.name));
        self.reader.within(option.name, |reader| reader.report(problem));
    }

    /// Reports the keys that no option has.
    pub fn finish(self) {
        let Self { node, reader, known, .. } = self;
        for pair in node.pairs().unwrap_or_default() {
            if !known.iter().any(|option| option.name == pair.key) {
                reader.within(&pair.key, |reader| reader.report(unknown(pair, &known)));
            }
        }
    }

    /// The pair that an option is written in; one without a value counts as absent.
    fn find(&mut self, option: &'static OptionSpec) -> Option<&'n Pair> {
        if !self.known.iter().any(|known| known.name == option.name) {
            self.known.push(option);
        }
        let given = |node: &'n Node| node.get(option.name).filter(|pair| !pair.value.is_null());
        given(self.node).or_else(|| self.shared.filter(|_| option.shared).and_then(given))
    }

    fn value<T>(
        &mut self,
        option: &'static OptionSpec,
        pair: &Pair,
        read: impl FnOnce(&Node, &mut Reader) -> Option<T>,
    ) -> Option<T> {
        self.reader.within(option.name, |reader| {
            if let Some(instead) = option.deprecated {
                reader.report(
                    Problem::warning(pair.key_span, format!("`{}` is deprecated", option.name))
                        .hint(instead),
                );
            }
            let value = reader.option(option, |reader| read(&pair.value, reader))?;
            constraint::holds(option, &pair.value, reader).then_some(value)
        })
    }

    fn missing(&mut self, option: &'static OptionSpec) {
        let null = self.node.get(option.name).map(|pair| pair.key_span);
        let (span, message) = match null {
            Some(span) => (span, format!("`{}` has no value", option.name)),
            None => (self.node.span, format!("`{}` is missing", option.name)),
        };
        let problem = Problem::error(span, message).hint(missing_hint(option));
        self.reader.within(option.name, |reader| reader.report(problem));
    }
}

fn missing_hint(option: &OptionSpec) -> String {
    let summary = option.description.lines().next().unwrap_or_default();
    match option.example {
        Some(example) if !option.secret => {
            format!("add `{}: {}`: {summary}", option.name, super::scalar::inline(&example()))
        }
        _ => format!("add `{}`: {summary}", option.name),
    }
}

fn unknown(pair: &Pair, known: &[&'static OptionSpec]) -> Problem {
    let names = known.iter().filter(|option| !option.hidden).map(|option| option.name);
    let problem = Problem::error(pair.key_span, format!("unknown option `{}`", pair.key));
    match super::scalar::nearest(&pair.key, names.clone()) {
        Some(name) => problem.hint(format!("did you mean `{name}`?")),
        None => problem.hint(format!("known options are {}", super::scalar::list(names))),
    }
}
