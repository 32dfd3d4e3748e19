//! The lines of a file that a problem shows: one a place, cut where it is long, secrets masked.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Snippet};

use super::mask::Mask;
use super::printable;
use crate::config::node::Span;
use crate::config::problem::Problem;
use crate::config::secret::MASK;
use crate::config::words;

/// How much of a line is shown before and after the place, in characters.
const BEFORE: usize = 60;
const AFTER: usize = 80;

/// One line with one place in it.
pub(super) struct Line {
    kind: AnnotationKind,
    text: String,
    marked: Range<usize>,
    label: String,
    span: Span,
}

/// The lines that a problem shows.
pub(super) fn of(problem: &Problem, text: &str, mask: &Mask) -> Vec<Line> {
    let own = problem.span.map(|span| (AnnotationKind::Primary, span, problem.label.as_str()));
    let related = problem
        .related
        .as_ref()
        .map(|(span, label)| (AnnotationKind::Context, *span, label.as_str()));
    own.into_iter()
        .chain(related)
        .filter_map(|(kind, span, label)| Line::at(span, text, mask, kind, label))
        .collect()
}

impl Line {
    /// The line at a place; nothing if the place is not in the text.
    fn at(span: Span, text: &str, mask: &Mask, kind: AnnotationKind, label: &str) -> Option<Self> {
        let start = text.get(..span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let end = start + text[start..end].trim_end_matches('\r').len();
        let place = span.start.min(end)..span.end.min(end).max(span.start.min(end));
        let window = window(text, start..end, &place);
        let mut shown = Shown::new(window.start > start);
        shown.copy(text, window.start..place.start, mask);
        let marked = shown.copy(text, place.clone(), mask);
        shown.copy(text, place.end.max(window.start)..window.end, mask);
        if window.end < end {
            shown.text.push('…');
        }
        let text = shown.text;
        Some(Self { kind, text, marked, label: printable(label), span })
    }

    /// The part of a report.
    pub(super) fn element<'a>(&'a self, path: &'a str) -> Element<'a> {
        let annotation = self.kind.span(self.marked.clone());
        let label = (!self.label.is_empty()).then_some(self.label.as_str());
        Snippet::source(self.text.as_str())
            .path(path)
            .line_start(self.span.line)
            .annotation(annotation.label(label))
            .into()
    }

    /// Puts the real column where a column of the shown line was printed.
    pub(super) fn correct_place(&self, path: &str, rendered: &mut String) {
        let shown_column = self.text[..self.marked.start].chars().count() + 1;
        if shown_column != self.span.column {
            let wrong = format!("{path}:{}:{shown_column}\n", self.span.line);
            let right = format!("{path}:{}:{}\n", self.span.line, self.span.column);
            *rendered = rendered.replacen(&wrong, &right, 1);
        }
    }
}

/// What is shown of a line: all of it if it is short, else what is around the place.
fn window(text: &str, line: Range<usize>, place: &Range<usize>) -> Range<usize> {
    let before = text[line.start..place.start].char_indices().rev().nth(BEFORE - 1);
    let after = text[place.start..line.end].char_indices().nth(AFTER);
    let long = text[line.clone()].chars().nth(BEFORE + AFTER).is_some();
    if !long {
        return line;
    }
    let start = before.map_or(line.start, |(at, _)| line.start + at);
    let end = after.map_or(line.end, |(at, _)| place.start + at);
    start..end
}

/// A line in the making.
struct Shown {
    text: String,
    hidden: bool,
    mask_start: usize,
}

impl Shown {
    fn new(cut: bool) -> Self {
        Self { text: String::from(if cut { "…" } else { "" }), hidden: false, mask_start: 0 }
    }

    /// Copies a part of the text, each hidden place as one mask, and gives where the part begins and ends.
    fn copy(&mut self, text: &str, part: Range<usize>, mask: &Mask) -> Range<usize> {
        let mut at = part.start;
        let mut start = None;
        while at < part.end {
            let (hidden, end) = mask.run(at, part.end);
            if hidden && !self.hidden {
                self.mask_start = self.text.len();
                self.text.push_str(MASK);
            }
            self.hidden = hidden;
            let begun = if hidden { self.mask_start } else { self.text.len() };
            start.get_or_insert(begun);
            if !hidden {
                self.text.extend(text[at..end].chars().map(visible));
            }
            at = end;
        }
        start.unwrap_or(self.text.len())..self.text.len()
    }
}

/// A character that can be shown, as wide as the one in the file; the renderer itself takes care of tabs.
fn visible(c: char) -> char {
    match c {
        '\t' => c,
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ if c.is_control() || words::turns_text(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}
