//! What was probably meant: units by their symbols and plurals, types by the names that other tools have for them.

use crate::config::nearest;
use crate::metric::units;

/// Symbols and other names of units.
const ALIASES: &[(&str, &str)] = &[
    ("ns", "nanosecond"),
    ("us", "microsecond"),
    ("µs", "microsecond"),
    ("μs", "microsecond"),
    ("ms", "millisecond"),
    ("millis", "millisecond"),
    ("s", "second"),
    ("sec", "second"),
    ("secs", "second"),
    ("m", "minute"),
    ("min", "minute"),
    ("mins", "minute"),
    ("h", "hour"),
    ("hr", "hour"),
    ("hrs", "hour"),
    ("d", "day"),
    ("b", "byte"),
    ("kb", "kilobyte"),
    ("mb", "megabyte"),
    ("gb", "gigabyte"),
    ("tb", "terabyte"),
    ("kib", "kibibyte"),
    ("mib", "mebibyte"),
    ("gib", "gibibyte"),
    ("tib", "tebibyte"),
    ("%", "percent"),
    ("pct", "percent"),
    ("percentage", "percent"),
    ("ratio", "fraction"),
    ("req", "request"),
    ("reqs", "request"),
    ("conn", "connection"),
    ("conns", "connection"),
    ("msg", "message"),
    ("msgs", "message"),
    ("op", "operation"),
    ("ops", "operation"),
    ("hz", "hertz"),
    ("c", "degree celsius"),
    ("celsius", "degree celsius"),
    ("f", "degree fahrenheit"),
    ("fahrenheit", "degree fahrenheit"),
    ("w", "watt"),
    ("v", "volt"),
    ("usd", "dollar"),
    ("eur", "euro"),
];

/// The unit that was meant.
pub(super) fn unit(given: &str) -> Option<&'static str> {
    let lower = given.trim().to_lowercase();
    if let Some(name) = known(&lower) {
        return Some(name);
    }
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == lower) {
        return Some(name);
    }
    singular(&lower).or_else(|| nearest(&lower, units::NAMES.iter().copied()))
}

/// The unit and the unit to divide by that `bytes/second` or `bytes per second` means.
pub(super) fn quotient(given: &str) -> Option<(&'static str, &'static str)> {
    let (unit_name, per) = given.split_once('/').or_else(|| given.split_once(" per "))?;
    Some((unit(unit_name)?, unit(per)?))
}

fn singular(plural: &str) -> Option<&'static str> {
    let y = || Some(format!("{}y", plural.strip_suffix("ies")?));
    let endings = [
        plural.strip_suffix("es").map(str::to_owned),
        plural.strip_suffix('s').map(str::to_owned),
        y(),
    ];
    endings.into_iter().flatten().find_map(|name| known(&name))
}

fn known(name: &str) -> Option<&'static str> {
    units::NAMES.iter().find(|known| **known == name).copied()
}

/// How a metric is listed whose type another tool, or the Agent itself, calls by that name.
pub(super) fn listed_as(given: &str) -> Option<&'static str> {
    Some(match given.trim().to_lowercase().as_str() {
        "counter" | "monotonic_count" | "monotonic count" => "it arrives as a `count`",
        "distribution" => "it is listed as a `gauge`",
        "histogram" | "historate" => {
            "its aggregates are listed, each in a row: `.count` as a `rate`, `.avg`, `.max` and so on as a `gauge`"
        }
        _ => return None,
    })
}

/// What can be written in place of a character that is not ASCII.
pub(super) fn ascii(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{b4}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => " ",
        '\u{b5}' | '\u{3bc}' => "u",
        '\u{d7}' => "x",
        '\u{2264}' => "<=",
        '\u{2265}' => ">=",
        '\u{2192}' => "->",
        '\u{b0}' => "degrees",
        '\u{2022}' | '\u{b7}' => "*",
        _ => return None,
    })
}
