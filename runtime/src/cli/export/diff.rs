//! What would change in a file, in the form of `diff -u`, each part under the name of what it is part of.

use std::fmt::Write as _;

use similar::{ChangeTag, DiffTag, TextDiff};

use super::super::screen::{BAD, GOOD, HINT, MUTED, Screen};

/// How many lines stand around a change.
const CONTEXT: usize = 3;

/// The difference between what is there (nothing, if there is no file) and what should be.
pub(super) fn diff(path: &str, old: Option<&str>, new: &str, screen: &Screen<'_>) -> String {
    let from = if old.is_some() { path } else { "/dev/null" };
    let mut out = String::new();
    line(&mut out, screen.paint(MUTED, format_args!("--- {from}")));
    line(&mut out, screen.paint(MUTED, format_args!("+++ {path}")));
    let old = old.unwrap_or_default();
    let diff = TextDiff::from_lines(old, new);
    let lines: Vec<_> = new.lines().collect();
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        let first = hunk.ops().iter().find(|op| op.tag() != DiffTag::Equal);
        let first = first.map_or(0, |op| op.new_range().start);
        let header = format!("{} {}", hunk.header(), item(path, &lines, first));
        line(&mut out, screen.paint(HINT, header.trim_end()));
        for change in hunk.iter_changes() {
            let text = format!("{}{}", change.tag(), change.value().trim_end_matches('\n'));
            line(
                &mut out,
                match change.tag() {
                    ChangeTag::Delete => screen.paint(BAD, text),
                    ChangeTag::Insert => screen.paint(GOOD, text),
                    ChangeTag::Equal => text,
                },
            );
            if change.missing_newline() {
                out.push_str("\\ no line break at the end\n");
            }
        }
    }
    out
}

fn line(out: &mut String, text: impl std::fmt::Display) {
    // Writing into a `String` cannot fail.
    let _ = writeln!(out, "{text}");
}

/// The line above a change that says what it is in: an option, a heading, a widget, or the key of an object.
fn item<'t>(path: &str, lines: &[&'t str], change: usize) -> &'t str {
    let above = lines.get(..change).unwrap_or(lines);
    let starts: &[&str] = match path.rsplit('.').next() {
        Some("md") => &["#"],
        Some("json") if path.contains("/dashboards/") => &["\"title\":"],
        Some("json") => return enclosing_key(above, lines.get(change)),
        _ => &["- name:", "## @param "],
    };
    // A description stands below the name, and a name may be what has changed.
    let upto = lines.get(..=change).unwrap_or(lines).iter().rev();
    let mut named =
        upto.filter(|line| starts.iter().any(|start| line.trim_start().starts_with(start)));
    named.next().map_or("", |line| line.trim())
}

fn enclosing_key<'t>(above: &[&'t str], changed: Option<&&str>) -> &'t str {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = changed.map_or(0, |line| indent(line));
    let opens = |line: &&&str| indent(line) < depth && line.trim_end().ends_with(['{', '[']);
    above
        .iter()
        .rev()
        .find(opens)
        .map_or("", |line| line.trim().trim_end_matches(['{', '[', ':', ' ']))
}
