//! JSON with places: `serde_json` tells where each value is written, and we what that means.

use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::config::{Problem, Span};

use super::names;
use super::rule::NOT_JSON;

/// A value in a text.
#[derive(Clone, Copy)]
pub(super) struct Json<'t> {
    text: &'t str,
    raw: &'t str,
}

/// A member of an object.
#[derive(Clone, Copy)]
pub(super) struct Member<'t> {
    pub(super) key: Json<'t>,
    pub(super) value: Json<'t>,
}

impl<'t> Json<'t> {
    /// The value that a text is. White space around it does not count, be it of JSON or not, as for Datadog's reader.
    ///
    /// # Errors
    /// What is not JSON, and where.
    pub(super) fn parse(text: &'t str) -> Result<Self, Box<Problem>> {
        let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}');
        let start = text.len() - text.trim_start_matches(is_space).len();
        let trimmed = text[start..].trim_end_matches(is_space);
        match serde_json::from_str::<&RawValue>(trimmed) {
            Ok(value) => Ok(Self { text, raw: value.get() }),
            Err(error) => Err(Box::new(not_json(text, start, trimmed, &error))),
        }
    }

    /// Where it is written.
    pub(super) fn span(&self) -> Span {
        let start = self.raw.as_ptr().addr() - self.text.as_ptr().addr();
        names::span(self.text, start..start + self.raw.len())
    }

    /// Where it begins: the whole of it on one line, else the bracket.
    pub(super) fn start(&self) -> Span {
        let span = self.span();
        if self.raw.contains('\n') { Span { end: span.start + 1, ..span } } else { span }
    }

    /// What is written.
    pub(super) const fn raw(&self) -> &'t str {
        self.raw
    }

    pub(super) fn is_null(&self) -> bool {
        self.raw == "null"
    }

    /// The text of a string. One that is no Unicode (half of a surrogate pair) is given as it is written.
    pub(super) fn as_text(&self) -> Option<String> {
        let inner = self.raw.strip_prefix('"')?.strip_suffix('"')?;
        Some(serde_json::from_str(self.raw).unwrap_or_else(|_| inner.to_owned()))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<Vec<Self>> {
        let items: Vec<&'t RawValue> = serde_json::from_str(self.raw).ok()?;
        Some(items.into_iter().map(|item| self.part(item)).collect())
    }

    /// The members of an object, in the order of the file, those of a repeated key, too.
    pub(super) fn members(&self) -> Option<Vec<Member<'t>>> {
        let Members(members) = serde_json::from_str(self.raw).ok()?;
        let member = |(key, value)| Member { key: self.part(key), value: self.part(value) };
        Some(members.into_iter().map(member).collect())
    }

    /// The value at a path of keys. Of a repeated key the last one counts.
    pub(super) fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(*self, |value, key| {
            let members = value.members()?;
            let last =
                members.iter().rev().find(|member| member.key.as_text().as_deref() == Some(key));
            last.map(|member| member.value)
        })
    }

    /// The text in backticks, or what it is if it is none.
    pub(super) fn shown(&self) -> String {
        self.as_text().map_or_else(|| self.describe(), |text| format!("`{text}`"))
    }

    /// What it is, for messages.
    pub(super) fn describe(&self) -> String {
        match self.raw.as_bytes().first() {
            Some(b'{') => "an object".into(),
            Some(b'[') => "a list".into(),
            Some(b'"') => "a text".into(),
            _ => format!("`{}`", self.raw),
        }
    }

    fn part(&self, raw: &'t RawValue) -> Self {
        Self { text: self.text, raw: raw.get() }
    }
}

/// The members of an object, no key dropped.
struct Members<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

fn not_json(text: &str, start: usize, trimmed: &str, error: &serde_json::Error) -> Problem {
    if error.is_eof() {
        let end = start + trimmed.len();
        return NOT_JSON
            .at(names::span(text, end..end), "not JSON: the file ends too early")
            .hint("look for a bracket or quote that is not closed");
    }
    let message = error.to_string();
    let at = start + offset(trimmed, error.line(), error.column());
    if message.starts_with("control character") {
        let control = text[at..].find(|c: char| c < ' ').unwrap_or_default();
        return NOT_JSON
            .at(
                names::span(text, character(text, at + control)),
                "not JSON: a control character in a text",
            )
            .hint("write a line break as `\\n`, a tab as `\\t`");
    }
    let (before, rest) = text.split_at(at);
    let last = before.trim_end();
    if rest.starts_with([']', '}']) && last.ends_with(',') {
        let comma = names::span(text, last.len() - 1..last.len());
        return NOT_JSON.at(comma, "not JSON: a comma after the last value").hint("take it out");
    }
    let message = message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
    let place = names::span(text, character(text, at));
    NOT_JSON.at(place, format!("not JSON: {message}")).hint(remedy(message, rest))
}

/// The byte of a line and column as `serde_json` counts them: both from 1, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The character at a place, nothing at a line's end.
fn character(text: &str, at: usize) -> Range<usize> {
    let c = text[at..].chars().next().filter(|c| !matches!(c, '\n' | '\r'));
    at..at + c.map_or(0, char::len_utf8)
}

fn remedy(message: &str, rest: &str) -> &'static str {
    if message == "trailing characters" {
        return "a file holds one value; take out what follows it";
    }
    match rest.chars().next() {
        Some('\u{feff}') => "save the file without a byte order mark",
        Some('\'') => "put text in double quotes",
        Some('/' | '#') => "JSON has no comments; take it out",
        Some('N' | 'I' | 'n' | 'T' | 'F') => {
            "JSON knows `true`, `false`, `null`, and numbers written in digits"
        }
        Some('"' | '{' | '[') => "put a comma between two values",
        _ => "",
    }
}
