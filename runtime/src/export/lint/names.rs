//! How Datadog normalises names, and small texts of messages.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::config::Span;

/// The name under which Datadog stores a metric.
pub(super) fn normalised_metric(name: &str) -> String {
    static FOREIGN: LazyLock<Regex> = LazyLock::new(|| regex("([^a-zA-Z0-9_.]+)|(^[^a-zA-Z]+)"));
    static AROUND_DOT: LazyLock<Regex> = LazyLock::new(|| regex(r"_*\._*"));
    let name = FOREIGN.replace_all(name, "_");
    AROUND_DOT.replace_all(&name, ".").trim_matches('_').to_owned()
}

/// The nearest name that a service check may have.
pub(super) fn normalised_check(name: &str) -> String {
    static UNDERSCORES: LazyLock<Regex> = LazyLock::new(|| regex("[^a-zA-Z0-9.]+"));
    static DOTS: LazyLock<Regex> = LazyLock::new(|| regex(r"_*\.[._]*"));
    let name = UNDERSCORES.replace_all(name, "_");
    DOTS.replace_all(&name, ".").trim_matches('_').to_owned()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are those of this file")
}

/// The place of a part of a text.
pub(super) fn span(text: &str, part: Range<usize>) -> Span {
    let before = &text[..part.start];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Span {
        start: part.start,
        end: part.end,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// Names in backticks, with commas.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A number of things: "1 cell", "2 cells".
pub(super) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
