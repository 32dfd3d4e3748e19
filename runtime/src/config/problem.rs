//! What is wrong with a file, collected: nobody who reads a configuration stops at the first problem.

use std::borrow::Cow;
use std::collections::HashSet;

use super::node::Span;
use super::resolve::Scrubber;
use super::words;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The instance runs all the same.
    Warning,
    /// The instance cannot run.
    Error,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The option that it is about, as `instances[1].tls.verify`; empty for the file as a whole.
    pub path: String,
    /// What is wrong: a lower-case fragment, names in backticks.
    pub message: String,
    /// Where; nothing for the file as a whole.
    pub span: Option<Span>,
    /// What stands at that place, in a few words.
    pub label: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// Another place that has to do with it.
    pub related: Option<(Span, String)>,
    /// The name of the rule that it breaks, where rules have names; else empty.
    pub rule: &'static str,
    /// Further lines of which the same is to be said.
    pub lines: Vec<usize>,
}

impl Problem {
    /// An error at a place.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            path: String::new(),
            message: message.into(),
            span: Some(span),
            label: String::new(),
            hint: String::new(),
            related: None,
            rule: "",
            lines: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, message) }
    }

    /// An error of the file as a whole.
    pub fn file(message: impl Into<String>) -> Self {
        Self { span: None, ..Self::error(Span::default(), message) }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Names another place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }
}

/// How many problems of a file are kept; more help nobody.
const MAX_PROBLEMS: usize = 1_000;

/// The problems of one file, and which places of it no report may show.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    counts: Counts,
    hidden: Vec<Span>,
    secret_names: Vec<&'static str>,
}

/// How many problems there are of each severity.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
}

impl Counts {
    const fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }

    const fn remove(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors -= 1,
            Severity::Warning => self.warnings -= 1,
        }
    }
}

impl Problems {
    /// Adds one. Beyond the first 1,000 they are only counted.
    pub fn push(&mut self, mut problem: Problem) {
        self.counts.add(problem.severity);
        // What serde and `validate` functions say may quote the file at any length.
        problem.message = words::cut(words::without_userinfo(&problem.message).into_owned());
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(problem);
        }
    }

    /// Adds all of another reader of the same file.
    pub fn merge(&mut self, other: Self) {
        let room = MAX_PROBLEMS.saturating_sub(self.list.len());
        self.list.extend(other.list.into_iter().take(room));
        self.counts.errors += other.counts.errors;
        self.counts.warnings += other.counts.warnings;
        self.hidden.extend(other.hidden);
        self.secret_names.extend(other.secret_names);
    }

    /// Puts them in the order of the file. What several instances share is said once.
    pub fn sort(&mut self) {
        let place = |problem: &Problem| problem.span.map_or(0, |span| span.start);
        self.list.sort_by_key(place);
        let mut seen = HashSet::new();
        let Self { list, counts, .. } = self;
        list.retain(|problem| {
            let new = seen.insert((place(problem), problem.message.clone()));
            if !new {
                counts.remove(problem.severity);
            }
            new
        });
    }

    /// Takes out of all texts what a scrubber knows.
    pub(crate) fn scrub(&mut self, scrubber: &Scrubber) {
        for problem in &mut self.list {
            for text in [&mut problem.path, &mut problem.message, &mut problem.hint] {
                if let Cow::Owned(scrubbed) = scrubber.scrub(text) {
                    *text = scrubbed;
                }
            }
        }
    }

    /// Takes out those of a sort.
    #[cfg(feature = "cli")]
    pub(crate) fn take(&mut self, sort: impl Fn(&Problem) -> bool) -> Self {
        let mut taken = Self::default();
        for problem in std::mem::take(&mut self.list) {
            if sort(&problem) {
                self.counts.remove(problem.severity);
                taken.push(problem);
            } else {
                self.list.push(problem);
            }
        }
        taken
    }

    /// Moves all places on, as where a text stands behind another.
    #[cfg(all(feature = "agent", unix))]
    pub(super) fn move_on(&mut self, by: Span) {
        let places = self.list.iter_mut().flat_map(|problem| {
            problem.span.iter_mut().chain(problem.related.iter_mut().map(|(span, _)| span))
        });
        places.chain(&mut self.hidden).for_each(|span| span.move_on(by));
    }

    /// Parts those of a text from those of the text behind it, which begins at a place, and moves these back.
    #[cfg(all(feature = "agent", unix))]
    pub(super) fn part(self, at: Span) -> [Self; 2] {
        let mut parts: [Self; 2] = Default::default();
        let part_of = |span: Span| usize::from(span.start >= at.start);
        for mut problem in self.list {
            let part = problem.span.map_or(1, part_of);
            problem.related.take_if(|(span, _)| part_of(*span) != part);
            parts[part].push(problem);
        }
        for span in self.hidden {
            parts[part_of(span)].hidden.push(span);
        }
        for part in &mut parts {
            part.secret_names.clone_from(&self.secret_names);
        }
        parts[1].move_back(at);
        parts
    }

    #[cfg(all(feature = "agent", unix))]
    fn move_back(&mut self, by: Span) {
        let places = self.list.iter_mut().flat_map(|problem| {
            problem.span.iter_mut().chain(problem.related.iter_mut().map(|(span, _)| span))
        });
        places.chain(&mut self.hidden).for_each(|span| span.move_back(by));
    }

    /// All of them, in the order they were found or [sorted](Self::sort).
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many there are, with those that are only counted.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// At least one is an error.
    pub const fn has_errors(&self) -> bool {
        self.counts().errors > 0
    }

    /// At least one of those that are kept is an error within a place.
    pub(crate) fn has_error_in(&self, place: Span) -> bool {
        let within = |span: Span| (place.start..=place.end).contains(&span.start);
        let mut errors = self.list.iter().filter(|problem| problem.severity == Severity::Error);
        errors.any(|problem| problem.span.is_some_and(within))
    }

    /// Keeps a place of the file out of every report.
    pub(super) fn hide(&mut self, span: Span) {
        self.hidden.push(span);
    }

    /// Keeps what stands under these keys out of every report.
    pub(crate) fn hide_values_of(&mut self, names: impl IntoIterator<Item = &'static str>) {
        self.secret_names.extend(names);
    }

    pub(super) fn hidden(&self) -> &[Span] {
        &self.hidden
    }

    pub(super) fn secret_names(&self) -> &[&'static str] {
        &self.secret_names
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
