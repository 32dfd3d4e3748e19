//! Tags as labels: the text between the braces, made once for a tag set and shared by all samples that have it.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::name::{is_plain, not_reserved, plain};

/// What stands between several values of one label, as in OpenTelemetry's rules for Prometheus.
const BETWEEN: char = ';';

/// The value of a tag that has none.
const NO_VALUE: &str = "true";

/// The labels of a tag set and host, sorted by name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Labels {
    /// With names that every version of the formats takes.
    plain: Box<str>,
    /// With the names as they are, where that differs.
    utf8: Option<Box<str>>,
    /// Of the tags and the host in any order: what tells apart the tag sets that have one text.
    origin: u64,
}

impl Labels {
    pub(super) fn new<'t>(host: Option<&str>, tags: impl Iterator<Item = &'t str> + Clone) -> Self {
        let host = host.filter(|host| !host.is_empty());
        let pairs = || tags.clone().map(parts);
        let as_plain =
            pairs().map(|(key, value)| (not_reserved(plain(key), host.is_some()), value));
        let plain = text(host, as_plain);
        let all_plain = pairs().all(|(key, _)| is_plain(key));
        let utf8 = (!all_plain).then(|| {
            let with_name = |key| if str::is_empty(key) { "_" } else { key };
            let as_is = pairs()
                .map(|(key, value)| (not_reserved(with_name(key).into(), host.is_some()), value));
            text(host, as_is)
        });
        Self { plain, utf8, origin: origin(host, tags) }
    }

    /// The text between the braces; empty if there are no labels.
    pub(super) fn text(&self, utf8: bool) -> &str {
        match &self.utf8 {
            Some(text) if utf8 => text,
            _ => &self.plain,
        }
    }

    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// They are of the same tags and host, not only of the same text.
    pub(super) const fn is_of_same(&self, other: &Self) -> bool {
        self.origin == other.origin
    }
}

/// The key and the value of a tag.
fn parts(tag: &str) -> (&str, &str) {
    tag.split_once(':').unwrap_or((tag, NO_VALUE))
}

fn text<'t>(
    host: Option<&'t str>,
    tags: impl Iterator<Item = (Cow<'t, str>, &'t str)>,
) -> Box<str> {
    let host = host.map(|host| (Cow::Borrowed("host"), host));
    let mut pairs: Vec<_> = host.into_iter().chain(tags).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut out = String::new();
    for of_one in pairs.chunk_by(|(one, _), (next, _)| one == next) {
        push(&mut out, of_one);
    }
    out.into()
}

/// Appends a label. One whose value is empty is none to Prometheus.
fn push(out: &mut String, of_one: &[(Cow<'_, str>, &str)]) {
    let [(name, first), ..] = of_one else { return };
    if of_one.len() == 1 && first.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push(',');
    }
    push_name(out, name);
    out.push_str("=\"");
    for (at, (_, value)) in of_one.iter().enumerate() {
        if at > 0 {
            out.push(BETWEEN);
        }
        push_escaped(out, value);
    }
    out.push('"');
}

/// Appends a name, in quotes where it needs them.
pub(super) fn push_name(out: &mut String, name: &str) {
    if is_plain(name) {
        out.push_str(name);
        return;
    }
    out.push('"');
    push_escaped(out, name);
    out.push('"');
}

/// Appends a text as it stands between double quotes. A zero, which ends the text for some readers, becomes the replacement character.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '"', '\n', '\0']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'\\' => "\\\\",
            b'"' => "\\\"",
            b'\n' => "\\n",
            _ => "\u{fffd}",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// A sum, so that the order does not matter.
fn origin<'t>(host: Option<&str>, tags: impl Iterator<Item = &'t str>) -> u64 {
    let hash = |seed, text: &str| {
        let mut hasher = FixedState::with_seed(seed).build_hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    let host = host.map_or(0, |host| hash(1, host));
    tags.map(|tag| hash(0, tag)).fold(host, u64::wrapping_add)
}
