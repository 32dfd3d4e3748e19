//! What would change in a file, in the form of `diff -u`, each part under the name of what it is part of.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

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
        let first = hunk.ops().first().map_or(0, |op| op.new_range().start);
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

/// The last line above that names an option, a heading or a widget.
fn item<'t>(path: &str, lines: &[&'t str], before: usize) -> &'t str {
    let starts: &[&str] = match path.rsplit('.').next() {
        Some("md") => &["#"],
        Some("json") => &["\"title\":", "\"check\":"],
        _ => &["- name:", "## @param "],
    };
    let above = lines.iter().take(before + 1).rev();
    let mut named =
        above.filter(|line| starts.iter().any(|start| line.trim_start().starts_with(start)));
    named.next().map_or("", |line| line.trim())
}
