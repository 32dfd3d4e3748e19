//! Families that are kept until they are complete.

use crate::openmetrics::parse::family::{FamilyType, Part};
use crate::openmetrics::parse::labels::{Labels, Span, place};
use crate::openmetrics::parse::problem::Mistake;
use crate::openmetrics::parse::value::number;
use crate::openmetrics::parse::{Sample, Visitor};

/// A sample that is kept.
#[derive(Debug, Clone, Default)]
pub(in crate::openmetrics::parse) struct Owned {
    pub(super) name: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) value: f64,
    pub(super) timestamp: Option<f64>,
    pub(super) has_exemplar: bool,
}

impl Owned {
    /// The value of a label.
    pub(super) fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Sets a label; of two with one name, the later counts.
pub(super) fn set(labels: &mut Vec<(String, String)>, name: &str, value: String) {
    match labels.iter_mut().find(|(own, _)| own == name) {
        Some((_, own)) => *own = value,
        None => labels.push((name.to_owned(), value)),
    }
}

/// Tells of a complete family.
pub(super) fn tell(
    name: &str,
    kind: &str,
    samples: &[Owned],
    visitor: &mut impl Visitor,
) -> Result<(), Mistake> {
    if name.is_empty() {
        return Err(Mistake::of_line("metric name cannot be empty"));
    }
    let kind = FamilyType::of(kind)
        .ok_or_else(|| Mistake::of_line(format!("Invalid metric type: {kind}")))?;
    visitor.family(name, kind);
    for sample in samples {
        let part = match sample.name == name {
            true => Part::whole(name, kind),
            false => Part::by_name(&sample.name),
        };
        let (block, spans) = written(&sample.labels);
        visitor.sample(&Sample {
            name: &sample.name,
            part,
            by_its_suffix: false,
            labels: Labels { block: &block, spans: &spans },
            is_known: false,
            value: sample.value,
            timestamp: sample.timestamp,
        })?;
    }
    visitor.end();
    Ok(())
}

/// Labels as text, and where each stands in it. The text tells different labels apart.
fn written(labels: &[(String, String)]) -> (String, Vec<Span>) {
    let mut block = String::new();
    let mut spans = Vec::with_capacity(labels.len());
    for (name, value) in labels {
        let mut add = |text: &str| {
            let start = block.len();
            block.push_str(text);
            let ends = (place(start), place(block.len()));
            block.push('\u{0}');
            ends
        };
        spans.push(Span { name: add(name), value: add(value), escaped: false });
    }
    (block, spans)
}

/// A number as Python's parser of expositions reads it.
pub(super) fn python_number(text: &str) -> Result<f64, Mistake> {
    number(text.trim())
        .filter(|_| !text.contains('_'))
        .ok_or_else(|| Mistake::of_line(format!("could not convert string to float: `{text}`")))
}

/// A name that needs no quotes.
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'_' | b':'))
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'))
}

/// The byte is preceded by an odd number of backslashes.
pub(super) fn is_escaped(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Up to four words of a comment, separated by what `is_separator` says unless it stands in quotes; the last is the rest of the line.
pub(super) fn words(line: &str, is_separator: fn(char) -> bool) -> Vec<&str> {
    let mut words = vec![""];
    let mut at = 0;
    while at < line.len() {
        let Some(end) = next_unquoted(line, is_separator, at) else {
            words.pop();
            words.push(&line[at..]);
            return words;
        };
        let width = line[end..].chars().next().map_or(1, char::len_utf8);
        if end == at {
            at += width;
            continue;
        }
        words.pop();
        if words.len() >= 3 {
            words.push(&line[at..]);
            return words;
        }
        words.push(&line[at..end]);
        words.push("");
        at = end + width;
    }
    words
}

/// The place of the next character that `wanted` says, from `start` on and outside of quotes.
pub(super) fn next_unquoted(text: &str, wanted: fn(char) -> bool, start: usize) -> Option<usize> {
    let mut in_quotes = false;
    for (at, c) in text[start..].char_indices() {
        let at = start + at;
        if c == '"' && !is_escaped(text, at) {
            in_quotes = !in_quotes;
        }
        if !in_quotes && wanted(c) {
            return Some(at);
        }
    }
    None
}

/// The name of a family in a comment or a line, without its quotes.
pub(super) fn commented_name(word: &str) -> Result<String, Mistake> {
    let word = word.trim();
    let Some(quoted) = word.strip_prefix('"') else {
        return match is_plain_name(word) {
            true => Ok(word.to_owned()),
            false => Err(Mistake::of_line(format!("`{word}` is not the name of a metric"))),
        };
    };
    let inner = quoted.strip_suffix('"');
    let inner = inner.ok_or_else(|| Mistake::of_line("missing close quote"))?;
    Ok(crate::openmetrics::parse::labels::unescape(inner).into_owned())
}
