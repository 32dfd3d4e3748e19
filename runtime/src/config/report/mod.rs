//! Shows what is wrong with files: for people as rustc does it, for programs as JSON.
//!
//! Neither shows a secret: see `mask` for what is hidden.

mod mask;
mod snippet;

use std::path::Path;

use serde_json::{Value, json};

use super::confd::File;
use super::problem::{Counts, Problem, Problems, Severity};
use super::words;

use annotate_snippets::{Group, Level, Origin, Renderer};
use mask::Mask;
pub(crate) use mask::tells_secret;

/// A file whose lines a report shows.
pub trait Source {
    /// Where it is.
    fn path(&self) -> &Path;
    /// Its text; empty if it could not be read.
    fn text(&self) -> &str;
    /// Whether it is of a sort that holds passwords, so that what looks like one is masked.
    fn holds_secrets(&self) -> bool;
}

impl Source for File {
    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn holds_secrets(&self) -> bool {
        true
    }
}

/// All problems as text, with a last line that counts them; empty if there are none.
///
/// ```
/// use allwell::config::{confd::File, report};
///
/// let file = File::parse("disk", "disk.yaml".as_ref(), "instance:\n  - {}\n".into());
/// let text = report::text(&[(&file, &file.problems)], false);
/// assert!(text.contains("hint: did you mean `instances`?"));
/// assert!(text.ends_with("1 error in 1 file\n"));
/// ```
pub fn text<S: Source>(files: &[(&S, &Problems)], styled: bool) -> String {
    let mut out = list(files, styled);
    if !out.is_empty() {
        out.push_str(&summary(files));
        out.push('\n');
    }
    out
}

/// The same without the last line.
pub(crate) fn list<S: Source>(files: &[(&S, &Problems)], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for (file, problems) in files {
        if problems.is_empty() {
            continue;
        }
        let mask =
            if file.holds_secrets() { Mask::of(file.text(), problems) } else { Mask::default() };
        for problem in problems.list() {
            out.push_str(&one(*file, problem, &mask, &renderer));
            out.push_str("\n\n");
        }
        out.push_str(&not_shown(*file, problems));
    }
    out
}

/// How many problems of a file are only counted, as a line of its own.
fn not_shown(file: &impl Source, problems: &Problems) -> String {
    let Counts { errors, warnings } = problems.counts();
    match (errors + warnings).checked_sub(problems.list().len()) {
        None | Some(0) => String::new(),
        Some(more) => {
            let path = printable(&file.path().to_string_lossy());
            let (what, are) = if more == 1 { ("problem", "is") } else { ("problems", "are") };
            format!("{more} more {what} in {path} {are} not shown\n\n")
        }
    }
}

/// All problems as a list of objects.
pub fn json<S: Source>(files: &[(&S, &Problems)]) -> Value {
    let problems = files.iter().flat_map(|(file, problems)| {
        problems.list().iter().map(move |problem| object(*file, problem))
    });
    problems.collect()
}

/// How many problems there are in how many files: "6 errors in 1 file".
pub fn summary<S: Source>(files: &[(&S, &Problems)]) -> String {
    let mut total = Counts::default();
    let mut affected = 0;
    for (_, problems) in files {
        let Counts { errors, warnings } = problems.counts();
        total.errors += errors;
        total.warnings += warnings;
        affected += usize::from(errors + warnings > 0);
    }
    let counts = [(total.errors, "error"), (total.warnings, "warning")];
    let counts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| plural(*n, what)).collect();
    if counts.is_empty() {
        return String::from("no problems");
    }
    format!("{} in {}", counts.join(", "), plural(affected, "file"))
}

/// How many ranges of lines are listed.
const MAX_RANGES: usize = 12;

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn one(file: &impl Source, problem: &Problem, mask: &Mask, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let path = printable(&file.path().to_string_lossy());
    let snippets = snippet::of(problem, file.text(), mask);
    let mut title = level.primary_title(printable(&problem.message));
    if !problem.rule.is_empty() {
        title = title.id(problem.rule);
    }
    let mut group = Group::with_title(title);
    if snippets.is_empty() {
        group = group.element(Origin::path(path.as_str()));
    }
    group = group.elements(snippets.iter().map(|snippet| snippet.element(&path)));
    if !problem.lines.is_empty() {
        group = group.element(Level::NOTE.message(also_in(&problem.lines)));
    }
    if !problem.hint.is_empty() {
        let hint = printable(&problem.hint);
        group = group.element(Level::HELP.with_name("hint").message(hint));
    }
    let mut shown = renderer.render(&[group]);
    for snippet in &snippets {
        snippet.correct_place(&path, &mut shown);
    }
    shown
}

/// The other lines of a problem: "also in lines 4, 5, 7-12".
fn also_in(lines: &[usize]) -> String {
    let mut ranges = Vec::<(usize, usize)>::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *line == *last + 1 => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let hidden = ranges.len().saturating_sub(MAX_RANGES);
    let shown: Vec<String> = ranges
        .iter()
        .take(MAX_RANGES)
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            _ => format!("{first}-{last}"),
        })
        .collect();
    let more = if hidden > 0 { ", …" } else { "" };
    let line = if lines.len() == 1 { "line" } else { "lines" };
    format!("also in {line} {}{more}", shown.join(", "))
}

fn object(file: &impl Source, problem: &Problem) -> Value {
    let mut object = json!({
        "file": file.path().to_string_lossy(),
        "line": problem.span.map(|span| span.line),
        "column": problem.span.map(|span| span.column),
        "severity": match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": problem.message,
        "hint": problem.hint,
    });
    if let Some((span, label)) = &problem.related {
        object["related"] = json!({ "line": span.line, "column": span.column, "label": label });
    }
    if problem.rule.is_empty() {
        object["option"] = json!(problem.path);
    } else {
        object["rule"] = json!(problem.rule);
        object["also_in_lines"] = json!(problem.lines);
    }
    object
}

/// The text with control characters escaped.
fn printable(text: &str) -> String {
    let hidden = |c: char| c.is_control() || words::turns_text(c);
    if !text.contains(hidden) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}
