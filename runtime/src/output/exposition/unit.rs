//! Units in the words of Prometheus: what is measured gets a suffix, what is counted does not.

use std::borrow::Cow;

use crate::metric::UnitName;

/// Units whose word is their plural.
const REGULAR: &[&str] = &[
    "bit",
    "byte",
    "kibibyte",
    "mebibyte",
    "gibibyte",
    "tebibyte",
    "pebibyte",
    "exbibyte",
    "kilobyte",
    "megabyte",
    "gigabyte",
    "terabyte",
    "petabyte",
    "exabyte",
    "kilobit",
    "megabit",
    "gigabit",
    "terabit",
    "petabit",
    "exabit",
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "nanocore",
    "microcore",
    "millicore",
    "core",
    "kilocore",
    "megacore",
    "gigacore",
    "teracore",
    "petacore",
    "exacore",
    "nanowatt",
    "microwatt",
    "milliwatt",
    "deciwatt",
    "watt",
    "kilowatt",
    "megawatt",
    "gigawatt",
    "terawatt",
    "nanojoule",
    "millijoule",
    "joule",
    "kilojoule",
    "megajoule",
    "milliampere",
    "ampere",
    "millivolt",
    "volt",
];

/// Units of other words.
const OTHERS: &[(&str, &str)] = &[
    ("fraction", "ratio"),
    ("percent", "percent"),
    ("permille", "permille"),
    ("percent_nano", "nanopercent"),
    ("hertz", "hertz"),
    ("kilohertz", "kilohertz"),
    ("megahertz", "megahertz"),
    ("gigahertz", "gigahertz"),
    ("degree celsius", "celsius"),
    ("decidegree celsius", "decicelsius"),
    ("degree fahrenheit", "fahrenheit"),
    ("unix second", "timestamp_seconds"),
    ("unix millisecond", "timestamp_milliseconds"),
    ("bit_in_bits_family", "bits"),
    ("byte_in_bits_family", "bytes"),
    ("bit_in_decimal_bytes_family", "bits"),
    ("byte_in_decimal_bytes_family", "bytes"),
    ("bit_in_binary_bytes_family", "bits"),
    ("byte_in_binary_bytes_family", "bytes"),
];

/// The word for a unit, if what has it is measured: `bytes`, `bytes_per_second`; for a number of things per time `per_second`.
///
/// Things that are counted (`request`, `connection`) have none: Prometheus tells them in the name. That is the rule of
/// OpenTelemetry's names for Prometheus, too, as is the `ratio`.
pub(super) fn word(unit: UnitName) -> Option<Cow<'static, str>> {
    let measured = measured(unit.name);
    if unit.per.is_empty() {
        return measured;
    }
    let per = unit.per.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    match measured {
        Some(measured) => Some(Cow::Owned(format!("{measured}_per_{per}"))),
        None if crate::metric::TIME_UNITS.contains(&unit.per) => {
            Some(Cow::Owned(format!("per_{per}")))
        }
        None => None,
    }
}

fn measured(name: &str) -> Option<Cow<'static, str>> {
    if REGULAR.contains(&name) {
        return Some(Cow::Owned(format!("{name}s")));
    }
    let other = OTHERS.iter().find(|(unit, _)| *unit == name);
    other.map(|(_, word)| Cow::Borrowed(*word))
}
