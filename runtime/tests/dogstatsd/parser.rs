//! A parser of DogStatsD packets, written from the grammar and from nothing of ours. It accepts nothing else.

use std::collections::BTreeMap;

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Line {
    Metric(Metric),
    Event(Event),
    ServiceCheck(ServiceCheck),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Metric {
    pub(crate) name: String,
    pub(crate) values: Vec<f64>,
    pub(crate) kind: String,
    pub(crate) rate: Option<f64>,
    pub(crate) tags: Vec<String>,
    /// `T`, `c`, `e` and `card`.
    pub(crate) fields: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) tags: Vec<String>,
    /// `d`, `h`, `k`, `p`, `s`, `t`, `c`, `e` and `card`.
    pub(crate) fields: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ServiceCheck {
    pub(crate) name: String,
    pub(crate) status: u8,
    pub(crate) tags: Vec<String>,
    /// `d`, `h`, `m`, `c`, `e` and `card`.
    pub(crate) fields: BTreeMap<String, String>,
}

/// The lines of a packet.
pub(crate) fn packet(bytes: &[u8]) -> Result<Vec<Line>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    text.split('\n').map(|one| line(one).map_err(|why| format!("{why}: {one:?}"))).collect()
}

fn line(text: &str) -> Result<Line, String> {
    if text.contains('\r') || text.contains('\0') {
        return Err("a control character".to_owned());
    }
    if let Some(rest) = text.strip_prefix("_e{") {
        return event(rest).map(Line::Event);
    }
    // The Agent looks no further than this.
    if text.starts_with("_sc") {
        let rest = text.strip_prefix("_sc|").ok_or("a service check without a bar")?;
        return service_check(rest).map(Line::ServiceCheck);
    }
    metric(text).map(Line::Metric)
}

fn metric(text: &str) -> Result<Metric, String> {
    let mut parts = text.split('|');
    let mut values = parts.next().unwrap_or_default().split(':');
    let name = values.next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(plain) {
        return Err("a name that Datadog would change".to_owned());
    }
    let values: Vec<f64> = values.map(number).collect::<Result<_, _>>()?;
    if values.is_empty() {
        return Err("no value".to_owned());
    }
    let kind = parts.next().ok_or("no type")?;
    if !["c", "g", "ms", "h", "d"].contains(&kind) {
        return Err(format!("the type {kind:?}"));
    }
    let (tags, mut fields) = fields(parts, &["@", "T", "c:", "e:", "card:"])?;
    let rate = fields.remove("@").map(|rate| number(&rate)).transpose()?;
    if rate.is_some_and(|rate| kind == "g" || !(rate > 0.0 && rate <= 1.0)) {
        return Err("a rate".to_owned());
    }
    if fields.contains_key("T") && kind != "c" && kind != "g" {
        return Err("a time where none is allowed".to_owned());
    }
    Ok(Metric { name: name.to_owned(), values, kind: kind.to_owned(), rate, tags, fields })
}

fn event(text: &str) -> Result<Event, String> {
    let (lengths, rest) = text.split_once("}:").ok_or("no header")?;
    let (title, body) = lengths.split_once(',').ok_or("no lengths")?;
    let length = |text: &str| text.parse::<usize>().map_err(|error| error.to_string());
    let (title_length, body_length) = (length(title)?, length(body)?);
    let title = rest.get(..title_length).ok_or("a title that is too short")?;
    if title.is_empty() {
        return Err("no title".to_owned());
    }
    let rest = rest[title_length..].strip_prefix('|').ok_or("no bar behind the title")?;
    let body = rest.get(..body_length).ok_or("a text that is too short")?;
    let rest = &rest[body_length..];
    let parts = match rest.strip_prefix('|') {
        Some(parts) => parts.split('|'),
        None if rest.is_empty() => "".split('|'),
        None => return Err("no bar behind the text".to_owned()),
    };
    let keys = ["d:", "h:", "k:", "p:", "s:", "t:", "c:", "e:", "card:"];
    let (tags, fields) = fields(parts.filter(|part| !part.is_empty()), &keys)?;
    let one_of = |key, words: &[&str]| match fields.get(key) {
        Some(word) if !words.contains(&&**word) => Err(format!("{key} is {word:?}")),
        _ => Ok(()),
    };
    one_of("p", &["normal", "low"])?;
    one_of("t", &["error", "warning", "info", "success"])?;
    let unescaped = |text: &str| text.replace("\\n", "\n");
    Ok(Event { title: unescaped(title), text: unescaped(body), tags, fields })
}

fn service_check(text: &str) -> Result<ServiceCheck, String> {
    let mut parts = text.split('|');
    let name = parts.next().filter(|name| !name.is_empty()).ok_or("no name")?;
    let status = match parts.next() {
        Some("0") => 0,
        Some("1") => 1,
        Some("2") => 2,
        Some("3") => 3,
        other => return Err(format!("the status {other:?}")),
    };
    let parts: Vec<&str> = parts.collect();
    let message = parts.iter().position(|part| part.starts_with("m:"));
    if message.is_some_and(|at| at + 1 != parts.len()) {
        return Err("a message that is not the last".to_owned());
    }
    let keys = ["d:", "h:", "m:", "c:", "e:", "card:"];
    let (tags, fields) = fields(parts.into_iter(), &keys)?;
    Ok(ServiceCheck { name: name.to_owned(), status, tags, fields })
}

type Fields = (Vec<String>, BTreeMap<String, String>);

/// Each at most once.
fn fields<'t>(parts: impl Iterator<Item = &'t str>, keys: &[&str]) -> Result<Fields, String> {
    let (mut tags, mut found) = (None, BTreeMap::new());
    for part in parts {
        if let Some(list) = part.strip_prefix('#') {
            let list: Vec<String> = list.split(',').map(str::to_owned).collect();
            if list.iter().any(String::is_empty) || tags.replace(list).is_some() {
                return Err("an empty tag, or tags twice".to_owned());
            }
            continue;
        }
        // The longest one first: `card:` begins as `c:` does not.
        let key = keys.iter().find(|key| part.starts_with(**key));
        let key = key.ok_or_else(|| format!("the field {part:?}"))?;
        let value = part[key.len()..].to_owned();
        if ["T", "d:"].contains(key) && !value.parse::<u64>().is_ok_and(|time| time > 0) {
            return Err(format!("the time {value:?}"));
        }
        if found.insert(key.trim_end_matches(':').to_owned(), value).is_some() {
            return Err(format!("{key} twice"));
        }
    }
    Ok((tags.unwrap_or_default(), found))
}

fn number(text: &str) -> Result<f64, String> {
    let digits = |c: char| c.is_ascii_digit() || "+-.e".contains(c);
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && text.chars().all(digits) => Ok(number),
        _ => Err(format!("the number {text:?}")),
    }
}
