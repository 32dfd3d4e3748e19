//! What is read as the text that it stands for: lines of the format 0.0.4, as Go's client library writes them.

use std::fmt::Write as _;

/// Writes a name, in quotes if it is of other characters than names have always been.
pub(super) fn name(name: &str, out: &mut String) {
    if is_plain(name) {
        return out.push_str(name);
    }
    out.push('"');
    escaped(name, true, out);
    out.push('"');
}

/// Whether a name needs no quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':');
    let mut bytes = name.bytes();
    bytes.next().is_some_and(is_letter)
        && bytes.all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

/// Writes text so that it stays on its line, and within its quotes.
pub(super) fn escaped(text: &str, in_quotes: bool, out: &mut String) {
    let is_special = |c: char| matches!(c, '\\' | '\n') || (c == '"' && in_quotes);
    let mut rest = text;
    while let Some(at) = rest.find(is_special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'\n' => "\\n",
            b'"' => "\\\"",
            _ => "\\\\",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Writes a label behind others.
pub(super) fn label(key: &str, value: &str, out: &mut String) {
    if !out.is_empty() {
        out.push(',');
    }
    name(key, out);
    out.push_str("=\"");
    escaped(value, true, out);
    out.push('"');
}

/// The whole numbers below it are written as such.
const WHOLE: f64 = 1e15;

/// Writes a value so that it is read back as exactly that. It is no text that anyone compares with, so the shortest way is good enough.
pub(super) fn value(value: f64, out: &mut String) {
    if value.fract() == 0.0 && value.abs() < WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and not great")]
        out.push_str(itoa::Buffer::new().format(value as i64));
    } else if value.is_finite() {
        // A string takes whatever is written.
        let _ = write!(out, "{value:?}");
    } else {
        out.push_str(infinite(value));
    }
}

/// Writes a bound or a quantile the way Go does, which is what people write in filters and conditions.
pub(super) fn bound(value: f64, out: &mut String) {
    if !value.is_finite() {
        return out.push_str(infinite(value));
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // A string takes whatever is written.
    let _ = if matches!(exponent, -4..6) {
        write!(out, "{value}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{mantissa}e{sign}{:02}", exponent.abs())
    };
}

const fn infinite(value: f64) -> &'static str {
    match (value.is_nan(), value > 0.0) {
        (true, _) => "NaN",
        (_, true) => "+Inf",
        _ => "-Inf",
    }
}

#[cfg(test)]
mod tests {
    fn written(write: fn(f64, &mut String), number: f64) -> String {
        let mut out = String::new();
        write(number, &mut out);
        out
    }

    #[test]
    fn values_are_read_back_exactly() {
        let odd = [0.1, 1e15, -1e15, 1e300, 5e-324, f64::MAX, 1.0 / 3.0, 999_999_999_999_999.9];
        for number in [0.0, 17.0, -3.0, 1e14].into_iter().chain(odd) {
            let text = written(super::value, number);
            assert_eq!(text.parse(), Ok(number), "{text}");
        }
        assert_eq!(written(super::value, 17.0), "17");
        let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        assert_eq!(special.map(|number| written(super::value, number)), ["NaN", "+Inf", "-Inf"]);
    }

    #[test]
    fn bounds_are_written_as_go_writes_them() {
        let bounds =
            [0.0, 1.0, 0.5, 0.001, 100.0, 1e5, 1e6, 1_234_567.5, 1e-4, 1e-5, 2.5e-7, 1e100];
        let texts = bounds.map(|bound| written(super::bound, bound));
        let expected = [
            "0",
            "1",
            "0.5",
            "0.001",
            "100",
            "100000",
            "1e+06",
            "1.2345675e+06",
            "0.0001",
            "1e-05",
            "2.5e-07",
            "1e+100",
        ];
        assert_eq!(texts, expected);
        assert_eq!(written(super::bound, f64::INFINITY), "+Inf");
    }
}
