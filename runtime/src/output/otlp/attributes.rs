//! Tags as attributes.

use crate::output::wire::Wire;

// `KeyValue`.
const KEY: u32 = 1;
const VALUE: u32 = 2;
// `AnyValue`.
const STRING: u32 = 1;
const BOOL: u32 = 2;
const ARRAY: u32 = 5;
// `ArrayValue`.
const VALUES: u32 = 1;

/// What a tag without a value says in a list of others with its key.
const TRUE: &str = "true";

/// An attribute with a text.
pub(super) fn text(out: &mut Vec<u8>, field: u32, key: &str, value: &str) {
    out.message(field, |out| {
        out.text(KEY, key);
        out.message(VALUE, |out| string(out, value));
    });
}

/// A value that is a text.
pub(super) fn string(out: &mut Vec<u8>, value: &str) {
    out.text(STRING, value);
}

/// An attribute for each key of tags: `key:value` is the text `value`, several values of a key are a list of texts, and a tag
/// without a value is true.
pub(super) fn tags<'t>(
    out: &mut Vec<u8>,
    field: u32,
    tags: &(impl Iterator<Item = &'t str> + Clone),
) {
    for (place, tag) in tags.clone().enumerate() {
        let (key, value) = parts(tag);
        let same = |other: &&str| parts(other).0 == key;
        if key.is_empty() || tags.clone().take(place).any(|other| same(&other)) {
            continue;
        }
        let more = tags.clone().skip(place + 1).filter(same).map(|other| parts(other).1);
        out.message(field, |out| {
            out.text(KEY, key);
            out.message(VALUE, |out| values(out, value, more));
        });
    }
}

fn values<'t>(
    out: &mut Vec<u8>,
    first: Option<&'t str>,
    more: impl Iterator<Item = Option<&'t str>> + Clone,
) {
    if more.clone().next().is_some() {
        return out.message(ARRAY, |out| {
            for value in std::iter::once(first).chain(more) {
                out.message(VALUES, |out| string(out, value.unwrap_or(TRUE)));
            }
        });
    }
    match first {
        Some(value) => string(out, value),
        None => out.number(BOOL, 1),
    }
}

/// Key and value of a tag. One that begins with its colon has no key, and is its own.
fn parts(tag: &str) -> (&str, Option<&str>) {
    match tag.split_once(':') {
        Some((key, value)) if !key.is_empty() => (key, Some(value)),
        _ => (tag, None),
    }
}
