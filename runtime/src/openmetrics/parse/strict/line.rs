//! A sample of `OpenMetrics`: one blank between its parts, and no liberties.

use crate::openmetrics::parse::labels::unescape;
use crate::openmetrics::parse::problem::Mistake;

use super::family::{Owned, is_escaped, next_unquoted, python_number, set};
use super::openmetrics::wrong;

/// The most characters of an exemplar's labels.
const MAX_EXEMPLAR: usize = 128;

type Pairs = Vec<(String, String)>;

pub(super) fn sample(text: &str) -> Result<Owned, Mistake> {
    let start = text.find('{').filter(|start| !text[..*start].contains(" # "));
    let Some(start) = start else {
        let Some((name, rest)) = text.split_once(' ') else { return wrong("substring not found") };
        return with(name, Pairs::new(), rest);
    };
    let after = &text[start + 1..];
    let end = match text.contains(" # ") {
        true => next_unquoted(after, |c| c == '}', 0),
        false => after.rfind('}'),
    };
    let Some(end) = end else { return wrong("substring not found") };
    let labels = labels(&after[..end])?;
    with(&text[..start], labels, after.get(end + 2..).unwrap_or_default())
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
        Some(rest) => timestamp_and_exemplar(rest)?,
    };
    Ok(Owned { name: name.to_owned(), labels, value, timestamp, has_exemplar })
}

fn timestamp_and_exemplar(rest: &str) -> Result<(Option<f64>, bool), Mistake> {
    let (timestamp, exemplar) = match rest.strip_prefix('#') {
        Some(exemplar) => ("", Some(exemplar)),
        None => match rest.split_once(' ') {
            Some((timestamp, after)) => match after.strip_prefix('#') {
                Some(exemplar) => (timestamp, Some(exemplar)),
                None => return wrong("Invalid line"),
            },
            None => (rest, None),
        },
    };
    if timestamp.is_empty() && exemplar.is_none() {
        return wrong("Invalid line");
    }
    let timestamp = self::timestamp(timestamp)?;
    exemplar.map_or(Ok(()), self::exemplar)?;
    Ok((timestamp, exemplar.is_some()))
}

fn timestamp(text: &str) -> Result<Option<f64>, Mistake> {
    if text.is_empty() {
        return Ok(None);
    }
    match python_number(text) {
        Ok(number) if number.is_finite() && text.trim() == text => Ok(Some(number)),
        _ => wrong(format!("Invalid timestamp: {text}")),
    }
}

fn exemplar(text: &str) -> Result<(), Mistake> {
    let Some(after) = text.strip_prefix(" {") else { return wrong("Invalid line") };
    let Some(end) = next_unquoted(after, |c| c == '}', 0) else { return wrong("Invalid line") };
    let labels = labels(&after[..end])?;
    let characters = |text: &str| text.chars().count();
    let length: usize =
        labels.iter().map(|(name, value)| characters(name) + characters(value)).sum();
    if length > MAX_EXEMPLAR {
        return wrong("Exemplar labels are too long");
    }
    let Some(rest) = after[end + 1..].strip_prefix(' ') else { return wrong("Invalid line") };
    match rest.split_once(' ') {
        Some((_, "")) => wrong("Invalid line"),
        Some((value, time)) => python_number(value).and(timestamp(time)).map(drop),
        None => python_number(rest).map(drop),
    }
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
        let quotes = quoted.match_indices('"').map(|(at, _)| at);
        let end = quotes.into_iter().find(|at| !is_escaped(quoted, *at)).ok_or_else(invalid)?;
        if labels.iter().any(|(known, _)| known == name) {
            return Err(invalid());
        }
        set(&mut labels, name, unescape(&quoted[..end]).into_owned());
        let after = &quoted[end + 1..];
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
