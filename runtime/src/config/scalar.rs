//! What scalars mean: the text of a value as a flag, a number or a time, where an option asks for one.
//!
//! YAML 1.1 (the Agent's Python checks), YAML 1.2 and the Agent's Go code read the same file differently. Here the type
//! of the option decides, and where the readings differ, the one that is safe or that the Agent's users rely on wins:
//!
//! | the option is | accepted | refused |
//! | --- | --- | --- |
//! | a flag | `true` `false` `yes` `no` `on` `off`, in lower, upper or title case, quoted or not | `y` `n` `1` `0` |
//! | an integer | `6379` `"6379"` `+1` `-1` `1_000` `0x1F` `0b101` `0o17`, `0755` as octal | `08` (no octal digits), `1.0`, `1e3` |
//! | a number | integers in all these forms, `1.5` `.5` `1e3` | `.inf` `.nan` |
//! | a time | a number of seconds; `500ms` `10s` `2m` `1h30m` `1d` | negative numbers |
//! | text | everything as it is written: `1.10` `yes` `0755` `12:30:45` | lists and mappings |
//! | anything | `true` `false`, decimal numbers, `0x1F`, `0o17`; all else is text, `yes` and `0755` among it | |
//!
//! An empty value, `~` and `null` count as not given, whatever the option is; `""` is text.

use std::time::Duration;

/// Why a text is not what an option asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is something else; the hint may say what was probably meant.
    Other(Hint),
    /// A number that no type here holds.
    TooLarge,
}

/// What to do about a wrong scalar.
pub(super) type Hint = &'static str;

/// Nothing to say.
const NO_HINT: Hint = "";

const OTHER: Wrong = Wrong::Other(NO_HINT);

/// A flag.
pub(super) fn flag(text: &str) -> Result<bool, Wrong> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Ok(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Ok(false),
        "y" | "Y" | "1" => Err(Wrong::Other("write `true`")),
        "n" | "N" | "0" => Err(Wrong::Other("write `false`")),
        _ => Err(OTHER),
    }
}

/// A whole number.
pub(super) fn integer(text: &str) -> Result<i128, Wrong> {
    let (negative, digits) = sign(text);
    let (radix, digits) = radix(digits)?;
    let digits = without_separators(digits).ok_or(OTHER)?;
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        let number = digits.parse::<f64>().is_ok_and(f64::is_finite);
        return Err(if number { Wrong::Other("write it as a whole number") } else { OTHER });
    }
    let number = i128::from_str_radix(&digits, radix).map_err(|_| Wrong::TooLarge)?;
    Ok(if negative { -number } else { number })
}

/// A finite number.
pub(super) fn number(text: &str) -> Result<f64, Wrong> {
    match integer(text) {
        Ok(integer) => return Ok(integer as f64),
        Err(Wrong::Other(LEADING_ZERO)) => return Err(Wrong::Other(LEADING_ZERO)),
        Err(_) => {}
    }
    let (negative, digits) = sign(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Err(Wrong::Other("write a number that has an end"));
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(OTHER);
    }
    let digits = without_separators(digits).ok_or(OTHER)?;
    let number: f64 = digits.parse().map_err(|_| OTHER)?;
    if !number.is_finite() {
        return Err(Wrong::TooLarge);
    }
    Ok(if negative { -number } else { number })
}

/// A time: a number of seconds, or numbers with units, the larger first.
pub(super) fn seconds(text: &str) -> Result<Duration, Wrong> {
    match number(text) {
        Ok(seconds) if seconds < 0.0 => Err(Wrong::Other("a time is not negative")),
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|_| Wrong::TooLarge),
        Err(Wrong::Other(NO_HINT)) => with_units(text),
        Err(wrong) => Err(wrong),
    }
}

const UNITS: &[(&str, f64)] =
    &[("d", 86_400.0), ("h", 3_600.0), ("m", 60.0), ("s", 1.0), ("ms", 1e-3), ("us", 1e-6)];

const TIME_FORMS: Wrong =
    Wrong::Other("write seconds, as `10` or `0.5`, or a unit, as `500ms`, `10s`, `2m`, `1h`");

fn with_units(text: &str) -> Result<Duration, Wrong> {
    let mut rest = text;
    let mut units = UNITS;
    let mut total = 0.0;
    while !rest.is_empty() {
        let unit_start = rest.find(|c: char| c.is_ascii_alphabetic()).ok_or(TIME_FORMS)?;
        let (amount, tail) = rest.split_at(unit_start);
        let unit_end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let place = units.iter().position(|(name, _)| *name == unit).ok_or(TIME_FORMS)?;
        let amount = number(amount.trim_end()).map_err(|_| TIME_FORMS)?;
        if amount < 0.0 {
            return Err(Wrong::Other("a time is not negative"));
        }
        total += amount * units[place].1;
        units = &units[place + 1..];
        rest = tail.trim_start();
    }
    Duration::try_from_secs_f64(total).map_err(|_| Wrong::TooLarge)
}

/// What a scalar without quotes is where no type asks for anything.
#[derive(Debug, PartialEq)]
pub(super) enum Untyped {
    Null,
    Flag(bool),
    Integer(i64),
    Large(u64),
    Number(f64),
    Text,
}

/// The reading of YAML 1.2, but for numbers that begin with a zero: they stay text, since others read them as octal.
pub(super) fn untyped(text: &str) -> Untyped {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Untyped::Null,
        "true" | "True" | "TRUE" => return Untyped::Flag(true),
        "false" | "False" | "FALSE" => return Untyped::Flag(false),
        _ => {}
    }
    let (_, digits) = sign(text);
    let ambiguous = digits.contains('_')
        || digits.starts_with("0b")
        || (digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit());
    if ambiguous {
        return Untyped::Text;
    }
    if let Ok(integer) = integer(text) {
        return match (i64::try_from(integer), u64::try_from(integer)) {
            (Ok(integer), _) => Untyped::Integer(integer),
            (_, Ok(large)) => Untyped::Large(large),
            _ => Untyped::Text,
        };
    }
    number(text).map_or(Untyped::Text, Untyped::Number)
}

const LEADING_ZERO: Hint =
    "a number that begins with `0` is octal, and this one has other digits; leave the `0` out";

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The radix that a number's prefix names, and what follows it.
fn radix(digits: &str) -> Result<(u32, &str), Wrong> {
    let Some(rest) = digits.strip_prefix('0').filter(|rest| !rest.is_empty()) else {
        return Ok((10, digits));
    };
    match rest.as_bytes()[0] {
        b'x' | b'X' => Ok((16, &rest[1..])),
        b'o' | b'O' => Ok((8, &rest[1..])),
        b'b' | b'B' => Ok((2, &rest[1..])),
        _ if !rest.chars().all(|c| c.is_ascii_digit() || c == '_') => Ok((10, digits)),
        _ if rest.contains(['8', '9']) => Err(Wrong::Other(LEADING_ZERO)),
        _ => Ok((8, rest)),
    }
}

/// The digits without `_` between them; nothing if one stands elsewhere.
fn without_separators(digits: &str) -> Option<String> {
    let bytes = digits.as_bytes();
    let between = |at: usize| {
        let digit =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_hexdigit);
        digit(at.checked_sub(1)) && digit(Some(at + 1))
    };
    let misplaced = bytes.iter().enumerate().any(|(at, byte)| *byte == b'_' && !between(at));
    (!misplaced).then(|| digits.replace('_', ""))
}
