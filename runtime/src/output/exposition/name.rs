//! Names of metrics and labels as the formats take them.

use std::borrow::Cow;

use crate::metric::UnitName;

use super::unit;

/// Suffixes that tell what a sample of a counter, histogram or summary is; on a gauge they would lie.
const RESERVED: [&str; 5] = ["_total", "_count", "_sum", "_bucket", "_created"];

/// What a family is, in the words of both formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A value.
    Gauge,
    /// A total since a time.
    Counter,
    /// Numbers of values up to some bounds.
    Histogram,
    /// The status of a service check, as a number.
    Status,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gauge | Self::Status => "gauge",
            Self::Counter => "counter",
            Self::Histogram => "histogram",
        }
    }

    /// What the names of a family's samples end with, those of its other format included.
    pub(super) const fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Gauge | Self::Status => &[""],
            Self::Counter => &["", "_total", "_created"],
            Self::Histogram => &["", "_bucket", "_count", "_sum", "_created"],
        }
    }
}

/// The name of a family, without the `_total` of a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FamilyName {
    /// As every version of the formats takes it.
    pub(super) plain: Box<str>,
    /// As it is, for a scraper that takes any name.
    pub(super) utf8: Box<str>,
    /// The unit that the plain name ends with; the other may end with a dot and it.
    pub(super) unit: Option<Cow<'static, str>>,
}

impl FamilyName {
    /// The name of a metric of Datadog.
    pub(super) fn new(name: &str, kind: Kind, unit: UnitName) -> Self {
        let unit = unit::word(unit);
        let (mut plain, mut utf8) = (plain(name).into_owned(), name.replace('\0', "\u{fffd}"));
        if utf8.is_empty() {
            utf8.push('_');
        }
        if kind == Kind::Counter && plain.len() > "_total".len() && plain.ends_with("_total") {
            plain.truncate(plain.len() - "_total".len());
            utf8.truncate(utf8.len() - "total".len());
            utf8.pop();
        }
        if let Some(unit) = unit.as_deref().filter(|unit| !ends_with_word(&plain, unit)) {
            push_word(&mut plain, &mut utf8, unit);
        }
        if kind.name() == "gauge" && RESERVED.iter().any(|suffix| plain.ends_with(suffix)) {
            push_word(&mut plain, &mut utf8, "value");
            return Self { plain: plain.into(), utf8: utf8.into(), unit: None };
        }
        Self { plain: plain.into(), utf8: utf8.into(), unit }
    }
}

/// The name ends with an underscore and the word: OpenMetrics wants a unit to stand so, and Prometheus reads nothing where it does not.
pub(super) fn ends_with_word(name: &str, word: &str) -> bool {
    name.strip_suffix(word).is_some_and(|before| before.ends_with('_'))
}

fn push_word(plain: &mut String, utf8: &mut String, word: &str) {
    for name in [plain, utf8] {
        name.push('_');
        name.push_str(word);
    }
}

/// A name with an underscore for every character that older scrapers do not take in a label. Those of metrics may have colons,
/// too, but these are for the rules of Prometheus.
pub(super) fn plain(name: &str) -> Cow<'_, str> {
    if is_plain(name) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len().max(1));
    for (at, character) in name.chars().enumerate() {
        let fits = character.is_ascii_alphabetic() || (at > 0 && character.is_ascii_digit());
        out.push(if fits { character } else { '_' });
    }
    if out.is_empty() {
        out.push('_');
    }
    Cow::Owned(out)
}

/// The name needs neither quotes nor another spelling.
pub(super) fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name of a label that means something else to the formats, or is their own, or the host's, gets `tag_` before it.
pub(super) fn not_reserved(name: Cow<'_, str>, has_host: bool) -> Cow<'_, str> {
    let reserved = matches!(&*name, "le" | "quantile") || (has_host && name == "host");
    match reserved || name.starts_with("__") {
        true => Cow::Owned(format!("tag_{name}")),
        false => name,
    }
}
