//! Texts and values that are hard to write down.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

/// Pieces that mean something to a writer or a reader of YAML, and some that do not.
const PIECES: &[&str] = &[
    "a",
    "word",
    "another word",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    ": ",
    ":",
    " #",
    "#",
    "- ",
    "-",
    "? ",
    "?",
    "'",
    "\"",
    "''",
    "\\",
    "\\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "---",
    "...",
    "<<",
    "=",
    "~",
    "<",
    ">",
    "null",
    "yes",
    "No",
    "ON",
    "true",
    "0",
    "1",
    "0x1F",
    "0b1",
    "0o7",
    "1_000",
    "1.5",
    ".5",
    "1e3",
    "1e+3",
    "-1",
    "+1",
    "12:30:45",
    "1:60",
    "2026-11-24",
    "2026-11-24 08:30:00",
    "2026-1-2T3:04:05.6+1:00",
    ".inf",
    "-.INF",
    ".NaN",
    "é",
    "ß",
    "日本語",
    "\u{1f600}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\0",
    "\u{7}",
    "\u{1b}",
    "\u{1c}",
    "\u{7f}",
    " /noqa",
    "/noqa",
    "<KEY>",
    "https://example.com/a/path/that/is/long/enough/to/be/folded/by/everybody/who/folds/at/eighty/letters/and/more",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// Any text at all, the awkward ones more often.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(PIECES).prop_map(str::to_owned),
        4 => vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat()),
        2 => vec(select(PIECES), 0..30).prop_map(|pieces| pieces.join(" ")),
        2 => "[ -~]{0,160}",
        1 => any::<String>(),
    ]
}

/// A text that a comment can hold, of lines that are not too long.
pub(crate) fn prose() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        3 => "[ -~]{0,90}",
        2 => vec(select(PIECES), 0..6).prop_map(|pieces| shown(&pieces.concat())),
        1 => any::<String>().prop_map(|text| shown(&text)),
    ];
    vec(line, 0..5).prop_map(|lines| lines.join("\n"))
}

/// What of a text can be shown, and not too much of it.
fn shown(text: &str) -> String {
    let odd = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}'))
            || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    text.chars().filter(|c| !odd(c)).take(100).collect()
}

pub(crate) fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-100..100_i64).prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |f| f.is_finite()).prop_map(Value::from),
        (any::<i32>(), -30..30_i32).prop_map(|(m, e)| Value::from(f64::from(m) * 10_f64.powi(e))),
    ]
}

pub(crate) fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::from),
        2 => number(),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

/// Any value.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![8 => scalar(), 1 => Just(Value::Null)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((text(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

pub(crate) fn list() -> impl Strategy<Value = Value> {
    vec(value(), 0..4).prop_map(Value::Array)
}

pub(crate) fn mapping() -> impl Strategy<Value = Value> {
    vec((text(), value()), 0..4)
        .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>()))
}
