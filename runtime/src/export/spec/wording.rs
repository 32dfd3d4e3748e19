//! Descriptions as they stand in comments: lines that are not too long, with nothing in them that a file cannot hold.

use super::SpecOption;

/// How long a line may be, indentation and `## ` included.
pub(super) const WIDTH: usize = 120;

/// What lets a line be longer; it is not shown itself.
pub(super) const TOO_LONG: &str = " /noqa";

/// The lines of a text, by all that Python takes for the end of one.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(ends_line) {
        lines.push(&rest[..end]);
        let tail = &rest[end..];
        let width = tail.chars().next().map_or(0, char::len_utf8);
        rest = tail.strip_prefix("\r\n").unwrap_or(&tail[width..]);
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

fn ends_line(c: char) -> bool {
    matches!(
        c,
        '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The description with what is said of a deprecated option.
pub(super) fn whole(option: &SpecOption) -> String {
    let mut text = option.description.clone();
    if !option.deprecation.is_empty() {
        text.push_str("\n\n<<< DEPRECATED >>>\n\n");
    }
    for (key, info) in &option.deprecation {
        let padding = " ".repeat(key.chars().count() + 2);
        text.push_str(key);
        text.push_str(": ");
        for (index, line) in lines(info).into_iter().enumerate() {
            text.push_str(if index > 0 { &padding } else { "" });
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// A description with each line in as many as it needs behind an indentation of `indent`.
pub(super) fn fitted(text: &str, indent: usize) -> String {
    let width = WIDTH - "## ".len() - indent;
    let lines = lines(text).into_iter().flat_map(|line| wrapped(&readable(line), width));
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// A text that is long or has several lines, with its last line ended, as a literal block has it.
pub(super) fn as_block(mut text: String) -> String {
    if text.contains('\n') || text.chars().count() > 60 {
        text.push('\n');
    }
    text
}

/// A line without what no comment can hold.
fn readable(line: &str) -> String {
    let line = line.trim_end();
    let odd = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}');
    line.chars().map(|c| if odd(c) { ' ' } else { c }).collect::<String>().trim_end().to_owned()
}

/// A line in pieces of at most `width` characters. A word that is longer stands alone, and is marked as too long.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width {
        return vec![line.to_owned()];
    }
    let start = line.len() - line.trim_start().len();
    let (lead, text) = line.split_at(start.min(width / 2));
    let (bullet, hang, text) = match text.strip_prefix("- ") {
        Some(text) => ("- ", "  ", text),
        None => ("", "", text),
    };
    let mut pieces = vec![format!("{lead}{bullet}")];
    let mut empty = true;
    for word in text.split(' ') {
        let piece = pieces.last().map_or(0, |piece| piece.chars().count());
        if !empty && piece + 1 + word.chars().count() > width {
            pieces.push(format!("{lead}{hang}"));
            empty = true;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(if empty { "" } else { " " });
            piece.push_str(word);
        }
        empty = false;
    }
    let marked = |piece: String| match piece.trim_end() {
        piece if piece.chars().count() > width => format!("{piece}{TOO_LONG}"),
        piece => piece.to_owned(),
    };
    pieces.into_iter().map(marked).collect()
}
