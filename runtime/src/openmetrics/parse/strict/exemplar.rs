//! What stands behind the value of a sample of `OpenMetrics`: a timestamp, and an exemplar.

use crate::openmetrics::parse::labels::unescape;
use crate::openmetrics::parse::problem::Mistake;

use super::family::{is_escaped, is_plain_name, next_unquoted, python_number};
use super::openmetrics::wrong;

/// The most characters of an exemplar's labels.
const MAX_LABELS: usize = 128;

/// Where the reading of the line's end has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Timestamp,
    Hash,
    SpaceBehindHash,
    Labels,
    BehindLabels,
    SpaceBeforeValue,
    Value,
    TimestampOfExemplar,
}

/// Reads the line from the blank behind the value on: its timestamp, and whether there is an exemplar.
///
/// A quote begins or ends text even if it is escaped, and what is quoted is passed over.
pub(super) fn rest_of_line(text: &str) -> Result<(Option<f64>, bool), Mistake> {
    let mut at = At::Timestamp;
    let (mut time, mut value, mut time_of_exemplar) = (String::new(), String::new(), String::new());
    let mut in_quotes = false;
    for c in text.chars() {
        in_quotes ^= c == '"';
        if in_quotes {
            continue;
        }
        at = match (at, c) {
            (At::Timestamp, '#') if time.is_empty() => At::SpaceBehindHash,
            (At::Timestamp, ' ') => At::Hash,
            (At::Timestamp, _) => kept(&mut time, c, at),
            (At::Hash, '#') => At::SpaceBehindHash,
            (At::SpaceBehindHash, ' ') => At::Labels,
            (At::Labels, '{') => {
                check_labels(text)?;
                At::BehindLabels
            }
            (At::BehindLabels, '}') => At::SpaceBeforeValue,
            (At::BehindLabels, _) => at,
            (At::SpaceBeforeValue, ' ') => At::Value,
            (At::Value, ' ') if !value.is_empty() => At::TimestampOfExemplar,
            (At::Value, c) if c != ' ' => kept(&mut value, c, at),
            (At::TimestampOfExemplar, _) => kept(&mut time_of_exemplar, c, at),
            _ => return wrong("Invalid line"),
        };
    }
    let is_cut_short = match at {
        At::Timestamp => time.is_empty(),
        At::TimestampOfExemplar => time_of_exemplar.is_empty(),
        At::Hash | At::SpaceBehindHash | At::Labels | At::BehindLabels => true,
        At::SpaceBeforeValue | At::Value => false,
    };
    if is_cut_short {
        return wrong("Invalid line");
    }
    let time = timestamp(&time)?;
    let has_exemplar = matches!(at, At::SpaceBeforeValue | At::Value | At::TimestampOfExemplar);
    if has_exemplar {
        number(&value)?;
        timestamp(&time_of_exemplar)?;
    }
    Ok((time, has_exemplar))
}

fn kept(text: &mut String, c: char, at: At) -> At {
    text.push(c);
    at
}

fn number(text: &str) -> Result<f64, Mistake> {
    match text.trim() == text {
        true => python_number(text),
        false => wrong(format!("Invalid value: {text}")),
    }
}

fn timestamp(text: &str) -> Result<Option<f64>, Mistake> {
    if text.is_empty() {
        return Ok(None);
    }
    match number(text) {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => wrong(format!("Invalid timestamp: {text}")),
    }
}

/// The labels of the exemplar stand between the first brace that opens and the last that closes.
fn check_labels(text: &str) -> Result<(), Mistake> {
    let start = next_unquoted(text, |c| c == '{', 0).map_or(0, |start| start + 1);
    let end = last_unquoted_brace(text).unwrap_or(text.len().saturating_sub(1));
    let block = text.get(start..end).unwrap_or_default();
    let invalid = || Mistake::of_line(format!("Invalid labels: {block}"));
    let mut names: Vec<String> = Vec::new();
    let mut length = 0;
    let mut rest = block.trim();
    if rest.starts_with(',') {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let (name, value, after) = term(rest).ok_or_else(invalid)?;
        let value = quoted(value).ok_or_else(invalid)?;
        let name = match quoted(name) {
            Some(name) => name,
            None if is_plain_name(name) => name.to_owned(),
            None => return Err(invalid()),
        };
        if (name.starts_with("__") && name != "__name__") || names.contains(&name) {
            return Err(invalid());
        }
        length += name.chars().count() + value.chars().count();
        names.push(name);
        rest = after;
    }
    match length > MAX_LABELS {
        true => wrong("Exemplar labels are too long"),
        false => Ok(()),
    }
}

/// The next name and value, and what follows them.
fn term(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.strip_prefix(',').unwrap_or(text);
    if text.starts_with(',') {
        return None;
    }
    let sign = next_unquoted(text, |c| matches!(c, '=' | ',' | '}'), 0);
    let (name, rest) = match sign {
        Some(at) if text[at..].starts_with('=') => (&text[..at], &text[at + 1..]),
        _ => ("__name__", text),
    };
    let end = next_unquoted(rest, |c| matches!(c, ',' | '}'), 0).unwrap_or(rest.len());
    let value = rest[..end].trim();
    (!value.is_empty()).then(|| (name.trim(), value, rest[end..].trim()))
}

/// What stands between two quotes, if that is all.
fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?;
    let end = inner.match_indices('"').map(|(at, _)| at).find(|at| !is_escaped(inner, *at))?;
    (end + 1 == inner.len()).then(|| unescape(&inner[..end]).into_owned())
}

fn last_unquoted_brace(text: &str) -> Option<usize> {
    let mut in_quotes = false;
    for (at, c) in text.char_indices().rev().filter(|(at, _)| *at > 0) {
        in_quotes ^= c == '"' && !is_escaped(text, at);
        if !in_quotes && c == '}' {
            return Some(at);
        }
    }
    None
}
