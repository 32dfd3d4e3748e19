//! A section of a file while its options are read: which were asked for, which are left over.

use super::constraint;
use super::node::{Node, NodeValue, Pair, Span};
use super::problem::Problem;
use super::reader::Reader;
use super::secret::MASK;
use super::spec::{OptionSpec, Shape};
use super::value::OptionValue;
use super::words;

/// A mapping whose options are being read.
///
/// Problems go to the reader; what nobody asked for is reported by [`finish`](Self::finish).
#[derive(Debug)]
pub struct Section<'n, 'r> {
    node: &'n Node,
    shared: Option<&'n Node>,
    reader: &'r mut Reader,
    known: Vec<&'static OptionSpec>,
    missing: Vec<&'static OptionSpec>,
}

/// Where an option is written.
#[derive(Clone, Copy)]
struct Given<'n> {
    pair: &'n Pair,
    shared: bool,
}

impl<'n, 'r> Section<'n, 'r> {
    /// The section that a mapping holds. Options that may be shared are looked up in `shared`, too.
    pub fn new(node: &'n Node, shared: Option<&'n Node>, reader: &'r mut Reader) -> Self {
        Self { node, shared, reader, known: Vec::new(), missing: Vec::new() }
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
        if let Some(given) = self.find(option) {
            return self.value(option, given, read);
        }
        let absent = absent();
        if absent.is_none() {
            self.missing.push(option);
        }
        absent
    }

    /// Reports an error about the section as a whole: what `#[config(validate = …)]` found.
    pub fn reject(&mut self, error: impl std::fmt::Display) {
        let span = self.node.span;
        let reason = without_secrets(format!("{error:#}"), self.node);
        let reason = self.shared.into_iter().fold(reason, without_secrets);
        self.reader.report(Problem::error(span, reason));
    }

    /// Reports an error of an option's `validate` function, at its value.
    pub fn reject_option(&mut self, option: &'static OptionSpec, error: impl std::fmt::Display) {
        let Some(given) = self.find(option) else {
            let message = format!("`{}` is not valid: {error:#}", option.name);
            self.reader.report(Problem::error(self.node.span, message));
            return;
        };
        let node = &given.pair.value;
        let mut reason = without_secrets(format!("{error:#}"), node);
        if let (true, NodeValue::Scalar { text, .. }) = (option.secret, &node.value) {
            reason = hide_in(&reason, text);
        }
        let message = format!("`{}` is not valid: {reason}", option.name);
        self.place(option, given, |reader| reader.report(Problem::error(node.span, message)));
    }

    /// Reports the keys that no option has, and the options that are missing. One that is only misspelt is not reported
    /// as missing, too.
    pub fn finish(self) {
        let Self { node, reader, known, mut missing, .. } = self;
        for pair in node.pairs().unwrap_or_default() {
            if known.iter().any(|option| option.name == pair.key) {
                continue;
            }
            let meant = report_unknown(pair, &known, reader);
            missing.retain(|option| Some(option.name) != meant);
        }
        for option in missing {
            reader.within(option.name, |reader| reader.report(missing_problem(option, node)));
        }
    }

    /// The pair that an option is written in; one without a value counts as absent.
    fn find(&mut self, option: &'static OptionSpec) -> Option<Given<'n>> {
        if !self.known.iter().any(|known| known.name == option.name) {
            self.known.push(option);
        }
        let given = |node: &'n Node, shared| {
            let pair = node.get(option.name).filter(|pair| !pair.value.is_null())?;
            Some(Given { pair, shared })
        };
        given(self.node, false).or_else(|| given(self.shared.filter(|_| option.shared)?, true))
    }

    fn value<T>(
        &mut self,
        option: &'static OptionSpec,
        given: Given<'_>,
        read: impl FnOnce(&Node, &mut Reader) -> Option<T>,
    ) -> Option<T> {
        let Pair { key_span, value: node, .. } = given.pair;
        self.place(option, given, |reader| {
            if let Some(instead) = option.deprecated {
                reader.report(
                    Problem::warning(*key_span, format!("`{}` is deprecated", option.name))
                        .hint(instead),
                );
            }
            reader.option(option, node, |reader| {
                let value = read(node, reader)?;
                constraint::holds(option, node, reader).then_some(value)
            })
        })
    }

    /// Reads at the place where an option is written.
    fn place<R>(
        &mut self,
        option: &'static OptionSpec,
        given: Given<'_>,
        read: impl FnOnce(&mut Reader) -> R,
    ) -> R {
        if given.shared {
            return self.reader.shared(|reader| reader.within(option.name, read));
        }
        self.reader.within(option.name, read)
    }
}

fn missing_problem(option: &OptionSpec, section: &Node) -> Problem {
    let problem = match section.get(option.name) {
        Some(pair) => Problem::error(pair.key_span, format!("`{}` has no value", option.name)),
        None => Problem::error(section.span, format!("`{}` is missing", option.name)),
    };
    problem.hint(missing_hint(option))
}

/// The text without what handles and variables of a node stand for.
fn without_secrets(text: String, node: &Node) -> String {
    let mut shown = text;
    node.each_secret(&mut |secret| shown = hide_in(&shown, secret));
    shown
}

/// The text without what is secret in it.
fn hide_in(text: &str, secret: &str) -> String {
    if secret.is_empty() { text.to_owned() } else { text.replace(secret, MASK) }
}

fn missing_hint(option: &OptionSpec) -> String {
    let summary = option.summary();
    match option.example {
        Some(example) if !option.secret => {
            format!("add `{}: {}`: {summary}", option.name, words::inline(&example()))
        }
        _ => format!("add `{}`: {summary}", option.name),
    }
}

/// The option that is a section with an option of this name.
fn section_with(name: &str, known: &[&'static OptionSpec]) -> Option<&'static str> {
    let has = |option: &&&OptionSpec| match option.shape {
        Shape::Section(spec) => spec.options().iter().any(|option| option.name == name),
        _ => false,
    };
    known.iter().find(has).map(|option| option.name)
}

/// Reports a key that is no option, and gives the one that was probably meant. If that is a secret, its value stays hidden.
pub(crate) fn report_unknown(
    pair: &Pair,
    known: &[&'static OptionSpec],
    reader: &mut Reader,
) -> Option<&'static str> {
    let shown = known.iter().filter(|option| !option.hidden);
    let names = shown.clone().map(|option| option.name);
    let problem =
        Problem::error(pair.key_span, format!("unknown option {}", words::quote(&pair.key)));
    let nearest: Option<&'static str> = words::nearest(&pair.key, names.clone());
    if shown.clone().any(|option| option.secret && Some(option.name) == nearest) {
        reader.hide(pair.value.span);
    }
    let problem = match nearest {
        Some(name) => problem.hint(format!("did you mean `{name}`?")),
        None if let Some(section) = section_with(&pair.key, known) => {
            problem.hint(format!("it belongs under `{section}`"))
        }
        None if names.clone().next().is_none() => problem.hint("there are no options here"),
        None => problem.hint(format!("known options are {}", words::list(names))),
    };
    reader.within(&pair.key, |reader| reader.report(problem));
    nearest
}
