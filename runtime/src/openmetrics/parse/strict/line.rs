//! A sample of `OpenMetrics`: one blank between its parts, and no liberties.

use crate::openmetrics::parse::labels::unescape;
use crate::openmetrics::parse::problem::Mistake;

use super::exemplar::rest_of_line;
use super::family::{Owned, is_escaped, python_number, set};
use super::openmetrics::wrong;

type Pairs = Vec<(String, String)>;

pub(super) fn sample(text: &str) -> Result<Owned, Mistake> {
    let start = text.find('{').filter(|start| !text[..*start].contains(" # "));
    let Some(start) = start else {
        let Some((name, rest)) = text.split_once(' ') else { return wrong("substring not found") };
        return with(name, Pairs::new(), rest);
    };
    let after = &text[start + 1..];
    let (labels, blank) = if text.contains(" # ") {
        labels_by_character(after)?
    } else {
        let Some(end) = after.rfind('}') else { return wrong("substring not found") };
        (labels(&after[..end])?, end + 1)
    };
    with(&text[..start], labels, after.get(blank + 1..).unwrap_or_default())
}

/// Where the reading of labels has come to.
#[derive(Debug, Clone, Copy)]
enum At {
    Start,
    Name,
    Quote,
    Value,
    Escaped,
    BehindValue,
    End,
}

/// The labels of a line that may have an exemplar, and the place of the blank behind them.
fn labels_by_character(text: &str) -> Result<(Pairs, usize), Mistake> {
    let mut labels = Pairs::new();
    let (mut name, mut value) = (String::new(), String::new());
    let mut at = At::Start;
    for (place, c) in text.char_indices() {
        at = match (at, c) {
            (At::Start | At::BehindValue, '}') => At::End,
            (At::Start, _) => kept(&mut name, c, At::Name),
            (At::Name, '=') => At::Quote,
            (At::Name, _) => kept(&mut name, c, at),
            (At::Quote, '"') => At::Value,
            (At::Value, '\\') => At::Escaped,
            (At::Value, '"') => {
                let name = std::mem::take(&mut name);
                if !is_label_name(&name) || labels.iter().any(|(known, _)| *known == name) {
                    return wrong("Invalid line, bad or duplicate label name");
                }
                labels.push((name, std::mem::take(&mut value)));
                At::BehindValue
            }
            (At::Value, _) => kept(&mut value, c, at),
            (At::Escaped, 'n') => kept(&mut value, '\n', At::Value),
            (At::Escaped, '\\' | '"') => kept(&mut value, c, At::Value),
            (At::Escaped, _) => {
                value.push('\\');
                kept(&mut value, c, At::Value)
            }
            (At::BehindValue, ',') => At::Name,
            (At::End, ' ') => return Ok((labels, place)),
            _ => return wrong("Invalid line"),
        };
    }
    Ok((labels, text.len()))
}

fn kept(text: &mut String, c: char, at: At) -> At {
    text.push(c);
    at
}

fn with(name: &str, labels: Pairs, rest: &str) -> Result<Owned, Mistake> {
    let (value, rest) = match rest.split_once(' ') {
        Some((value, rest)) => (value, Some(rest)),
        None => (rest, None),
    };
    if value.trim() != value {
        return wrong(format!("Invalid value: {value}"));
    }
    let value = python_number(value)?;
    let (timestamp, has_exemplar) = match rest {
        None => (None, false),
        Some(rest) => rest_of_line(rest)?,
    };
    Ok(Owned { name: name.to_owned(), labels, value, timestamp, has_exemplar })
}

fn labels(text: &str) -> Result<Pairs, Mistake> {
    let invalid = || Mistake::of_line(format!("Invalid labels: {text}"));
    let mut labels = Pairs::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(invalid)?;
        let quoted = after.strip_prefix('"').ok_or_else(invalid)?;
        if quoted.is_empty() || quoted.ends_with(',') || !is_label_name(name) {
            return Err(invalid());
        }
        // If the last quote is escaped, all that is left is the value.
        let mut end = 0;
        while end < quoted.len() {
            end += quoted[end..].find('"').ok_or_else(invalid)?;
            if !is_escaped(quoted, end) {
                break;
            }
            end += 1;
        }
        if labels.iter().any(|(known, _)| known == name) {
            return Err(invalid());
        }
        set(&mut labels, name, unescape(&quoted[..end]).into_owned());
        let after = quoted.get(end + 1..).unwrap_or_default();
        rest = match after.strip_prefix(',') {
            Some(rest) => rest,
            None if after.is_empty() => after,
            None => return Err(invalid()),
        };
    }
    Ok(labels)
}

fn is_label_name(name: &str) -> bool {
    !name.contains(':') && super::family::is_plain_name(name)
}
