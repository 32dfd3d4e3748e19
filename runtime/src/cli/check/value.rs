//! Values with their units, for people: `1.8 TiB`, `12.3 %`, `3d 4h`.

use std::time::Duration;

use crate::metric::UnitName;

/// Units of information and how many bytes they are.
const BYTES: [(&str, f64); 7] = [
    ("byte", 1.0),
    ("kibibyte", 1024.0),
    ("mebibyte", 1_048_576.0),
    ("gibibyte", 1_073_741_824.0),
    ("tebibyte", 1_099_511_627_776.0),
    ("pebibyte", 1_125_899_906_842_624.0),
    ("exbibyte", 1_152_921_504_606_846_976.0),
];

const BYTE_SYMBOLS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// Units of time, how many seconds they are, and their symbols as a divisor.
const TIMES: [(&str, f64, &str); 8] = [
    ("nanosecond", 1e-9, "ns"),
    ("microsecond", 1e-6, "µs"),
    ("millisecond", 1e-3, "ms"),
    ("second", 1.0, "s"),
    ("minute", 60.0, "min"),
    ("hour", 3_600.0, "h"),
    ("day", 86_400.0, "d"),
    ("week", 604_800.0, "wk"),
];

/// Units that are their own plural.
const UNCOUNTED: [&str; 5] = ["hertz", "kilohertz", "megahertz", "gigahertz", "apdex"];

/// A number and its unit, so that they can be aligned.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) number: String,
    pub(super) unit: String,
}

/// A value as people read it.
pub(super) fn shown(value: f64, unit: UnitName) -> Shown {
    let mut shown = scaled(value, unit.name);
    if !unit.per.is_empty() {
        let symbol = TIMES.iter().find(|(name, _, _)| *name == unit.per);
        shown.unit.push('/');
        shown.unit.push_str(symbol.map_or(unit.per, |(_, _, symbol)| symbol));
    }
    shown
}

fn scaled(value: f64, unit: &str) -> Shown {
    if let Some((_, factor)) = BYTES.iter().find(|(name, _)| *name == unit) {
        return bytes(value * factor);
    }
    if let Some((_, factor, _)) = TIMES.iter().find(|(name, _, _)| *name == unit) {
        return time(value * factor);
    }
    match unit {
        "" => Shown { number: number(value), unit: String::new() },
        "fraction" => percent(value * 100.0),
        "percent" => percent(value),
        unit => {
            let number = number(value);
            let unit = if number == "1" { unit.to_owned() } else { plural(unit) };
            Shown { number, unit }
        }
    }
}

/// A share to a hundredth of a percent.
fn percent(value: f64) -> Shown {
    Shown { number: number((value * 100.0).round() / 100.0), unit: "%".to_owned() }
}

fn bytes(value: f64) -> Shown {
    let (mut value, mut power) = (value, 0);
    while value.abs() >= 1024.0 && power + 1 < BYTE_SYMBOLS.len() {
        value /= 1024.0;
        power += 1;
    }
    Shown { number: number(value), unit: BYTE_SYMBOLS[power].to_owned() }
}

fn time(seconds: f64) -> Shown {
    let (factor, unit) = match seconds.abs() {
        0.0 => (1.0, "s"),
        size if size < 1e-6 => (1e9, "ns"),
        size if size < 1e-3 => (1e6, "µs"),
        size if size < 1.0 => (1e3, "ms"),
        size if size < 120.0 => (1.0, "s"),
        _ => return Shown { number: long_time(seconds), unit: String::new() },
    };
    Shown { number: number(seconds * factor), unit: unit.to_owned() }
}

/// The two largest parts of a long time.
fn long_time(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let whole = Duration::try_from_secs_f64(seconds.abs()).map_or(u64::MAX, |time| time.as_secs());
    match whole {
        whole if whole < 3_600 => format!("{sign}{}m {}s", whole / 60, whole % 60),
        whole if whole < 86_400 => format!("{sign}{}h {}m", whole / 3_600, whole % 3_600 / 60),
        whole => format!("{sign}{}d {}h", whole / 86_400, whole % 86_400 / 3_600),
    }
}

/// A number with four significant digits, or all of them if it is whole.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e15 {
        return grouped(&format!("{value:.0}"));
    }
    if !(1e-4..1e15).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = match size {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        size if size >= 0.1 => 4,
        _ => 6,
    };
    let text = format!("{value:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    grouped(text)
}

/// Commas between the thousands.
fn grouped(text: &str) -> String {
    let (whole, fraction) = text.find('.').map_or((text, ""), |point| text.split_at(point));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(fraction);
    out
}

fn plural(unit: &str) -> String {
    if UNCOUNTED.contains(&unit) || unit.contains([' ', '_', '-']) {
        return unit.to_owned();
    }
    let stem = unit.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    if let Some(stem) = stem {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "ch", "sh"].iter().any(|end| unit.ends_with(end));
    format!("{unit}{}", if hisses { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(value: f64, name: &'static str, per: &'static str, expected: &str) {
        let Shown { number, unit } = shown(value, UnitName { name, per });
        assert_eq!(format!("{number} {unit}").trim_end(), expected);
    }

    #[test]
    fn bytes_take_the_largest_unit_below_them() {
        reads(0.0, "byte", "", "0 B");
        reads(1023.0, "byte", "", "1,023 B");
        reads(1024.0, "byte", "", "1 KiB");
        reads(1_572_864.0, "byte", "", "1.5 MiB");
        reads(-2048.0, "byte", "", "-2 KiB");
        reads(2048.0, "kibibyte", "", "2 MiB");
        reads(1e30, "byte", "", "867,361,737,988 EiB");
        reads(1234.0, "byte", "second", "1.205 KiB/s");
    }

    #[test]
    fn times_take_the_unit_that_fits() {
        reads(0.0, "second", "", "0 s");
        reads(0.001_234_5, "second", "", "1.234 ms");
        reads(1500.0, "microsecond", "", "1.5 ms");
        reads(12.0, "nanosecond", "", "12 ns");
        reads(90.0, "second", "", "90 s");
        reads(754.0, "second", "", "12m 34s");
        reads(90.0, "minute", "", "1h 30m");
        reads(-2.5, "day", "", "-2d 12h");
        reads(1e300, "second", "", "213503982334601d 7h");
    }

    #[test]
    fn shares_are_percent() {
        reads(0.123_456, "fraction", "", "12.35 %");
        reads(12.0, "percent", "", "12 %");
        reads(3.2e-7, "fraction", "", "0 %");
    }

    #[test]
    fn things_are_counted() {
        reads(1.0, "request", "", "1 request");
        reads(2.0, "request", "second", "2 requests/s");
        reads(0.5, "query", "minute", "0.5 queries/min");
        reads(3.0, "key", "", "3 keys");
        reads(3.0, "flush", "", "3 flushes");
        reads(3.0, "hertz", "", "3 hertz");
        reads(20.0, "degree celsius", "", "20 degree celsius");
        reads(5.0, "read", "operation", "5 reads/operation");
        reads(7.0, "", "", "7");
    }

    #[test]
    fn numbers_have_four_digits_unless_they_are_whole() {
        for (value, expected) in [
            (1_234_567.0, "1,234,567"),
            (-1_234.0, "-1,234"),
            (1_234.567, "1,235"),
            (123.456, "123.5"),
            (12.3456, "12.35"),
            (1.5, "1.5"),
            (0.123_456, "0.1235"),
            (0.001_234, "0.001234"),
            (0.000_001_234, "1.234e-6"),
            (1e20, "1.000e20"),
        ] {
            assert_eq!(number(value), expected);
        }
    }
}
