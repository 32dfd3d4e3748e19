//! Shows what is wrong with files: for people as rustc does it, for programs as JSON.
//!
//! Neither shows a secret: see `mask` for what is hidden.

mod mask;
mod snippet;

use serde_json::{Value, json};

use super::confd::File;
use super::problem::{Counts, Problem, Problems, Severity};
use super::words;

use annotate_snippets::{Group, Level, Origin, Renderer};
use mask::Mask;

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
pub fn text(files: &[(&File, &Problems)], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for (file, problems) in files {
        if problems.is_empty() {
            continue;
        }
        let mask = Mask::of(&file.text, problems);
        for problem in problems.list() {
            out.push_str(&one(file, problem, &mask, &renderer));
            out.push_str("\n\n");
        }
        out.push_str(&not_shown(file, problems));
    }
    if !out.is_empty() {
        out.push_str(&summary(files));
        out.push('\n');
    }
    out
}

/// How many problems of a file are only counted, as a line of its own.
fn not_shown(file: &File, problems: &Problems) -> String {
    let Counts { errors, warnings } = problems.counts();
    match (errors + warnings).checked_sub(problems.list().len()) {
        None | Some(0) => String::new(),
        Some(more) => {
            let path = printable(&file.path.to_string_lossy());
            let (what, are) = if more == 1 { ("problem", "is") } else { ("problems", "are") };
            format!("{more} more {what} in {path} {are} not shown\n\n")
        }
    }
}

/// All problems as a list of objects.
pub fn json(files: &[(&File, &Problems)]) -> Value {
    let problems = files.iter().flat_map(|(file, problems)| {
        problems.list().iter().map(move |problem| object(file, problem))
    });
    problems.collect()
}

/// How many problems there are in how many files: "6 errors in 1 file".
pub fn summary(files: &[(&File, &Problems)]) -> String {
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

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn one(file: &File, problem: &Problem, mask: &Mask, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let path = printable(&file.path.to_string_lossy());
    let snippets = snippet::of(problem, &file.text, mask);
    let mut group = Group::with_title(level.primary_title(printable(&problem.message)));
    if snippets.is_empty() {
        group = group.element(Origin::path(path.as_str()));
    }
    group = group.elements(snippets.iter().map(|snippet| snippet.element(&path)));
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

fn object(file: &File, problem: &Problem) -> Value {
    let mut object = json!({
        "file": file.path.to_string_lossy(),
        "line": problem.span.map(|span| span.line),
        "column": problem.span.map(|span| span.column),
        "option": problem.path,
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
