//! Small texts of messages: names in backticks, lists of them, the nearest of them, values on one line.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::Value;

use super::secret::MASK;

/// How much of a text that the user wrote a message quotes, in characters.
const QUOTED: usize = 40;

/// How long a message may be, in characters.
const MESSAGE: usize = 400;

/// Longer names than this are no slip of the pen.
const NEAREST: usize = 64;

/// A text in backticks, cut where it is long, control characters escaped, without the user and password of a URL.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::from("`");
    // A value may be as long as the file; its beginning is enough to find a URL in.
    let text = text.char_indices().nth(1_000).map_or(text, |(end, _)| &text[..end]);
    for (count, c) in without_userinfo(text).chars().enumerate() {
        if count == QUOTED {
            out.push('…');
            break;
        }
        if c.is_control() || turns_text(c) {
            // Writing into a `String` cannot fail.
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    out.push('`');
    out
}

/// A character that turns the direction of the text around it, so that it reads as something else than it is.
pub(super) const fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with a mask for user and password of the URLs in it.
pub(super) fn without_userinfo(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(hidden) = userinfo(rest) {
        shown.push_str(&rest[..hidden.start]);
        shown.push_str(MASK);
        rest = &rest[hidden.end..];
    }
    if shown.is_empty() {
        return Cow::Borrowed(text);
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// The text, or what a message can show of a very long one.
pub(super) fn cut(text: String) -> String {
    match text.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Where a URL in a text names a user and a password.
pub(super) fn userinfo(text: &str) -> Option<Range<usize>> {
    text.match_indices("://").find_map(|(at, _)| {
        let start = at + 3;
        let ends = |c: char| c.is_whitespace() || "/\"'`?#".contains(c);
        let authority = text[start..].split(ends).next()?;
        let end = authority.rfind('@').filter(|end| *end > 0)?;
        Some(start..start + end)
    })
}

/// A value as YAML on one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) if reads_as_text(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A text that is the same text in YAML without quotes.
pub(crate) fn reads_as_text(text: &str) -> bool {
    let first = text.chars().next();
    let plain_start = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '<' | '(');
    let special = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    first.is_some_and(plain_start)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.ends_with(char::is_whitespace)
        && !text.contains(char::is_control)
        && !special.contains(&text.to_ascii_lowercase().as_str())
        && text.parse::<f64>().is_err()
        && !first.is_some_and(|c| c.is_ascii_digit() && text.chars().all(is_number_like))
}

/// Characters of numbers, dates and times, which other readers of YAML take for something else than text.
fn is_number_like(c: char) -> bool {
    c.is_ascii_hexdigit() || matches!(c, '-' | '+' | '_' | ':' | '.' | 'x' | 'o' | 'T' | 'Z')
}

/// How many names a message lists.
const LISTED: usize = 12;

/// Names in backticks, with commas; many of them end with how many there are more.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(LISTED) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..LISTED].join(", ")),
    }
}

/// The name that was probably meant.
pub(crate) fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if given.chars().count() > NEAREST {
        return None;
    }
    let given = folded(given);
    let tolerance = |name: &str| (name.len() / 3).max(1);
    names
        .filter(|name| name.len().abs_diff(given.len()) <= tolerance(name))
        .map(|name| (strsim::damerau_levenshtein(&given, &folded(name)), name))
        .filter(|(distance, name)| *distance <= tolerance(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `Min-Interval` for `min_interval` is no distance at all.
fn folded(name: &str) -> String {
    name.to_lowercase().replace(['-', ' '], "_")
}
