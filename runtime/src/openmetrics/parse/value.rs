//! What follows the name and labels of a sample: its value, a timestamp, an exemplar.

use super::problem::Mistake;

/// Value and timestamp of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    pub(super) value: f64,
    /// As it is written: milliseconds in the text format, seconds in `OpenMetrics`.
    pub(super) timestamp: Option<f64>,
}

/// Reads a line from a byte on. An exemplar is passed over.
#[inline]
pub(super) fn read(line: &str, at: usize) -> Result<Reading, Mistake> {
    let bytes = line.as_bytes();
    let start = at + bytes[at..].iter().take_while(|byte| is_blank(**byte)).count();
    let (value, rest) = match short(&bytes[start..]) {
        Some((value, length)) => (value, start + length),
        None => any(line, start)?,
    };
    if rest == line.len() {
        return Ok(Reading { value, timestamp: None });
    }
    after_value(line, rest, value)
}

/// A value of any form, and where it ends.
fn any(line: &str, at: usize) -> Result<(f64, usize), Mistake> {
    let (start, word, rest) = word(line, at);
    number(word).map(|value| (value, rest)).ok_or_else(|| no_value(start, word))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cold]
fn no_value(start: usize, word: &str) -> Mistake {
    let is_missing = word.is_empty();
    let message = if is_missing { "the value is missing" } else { "the value is not a number" };
    Mistake::at(start, message)
}

fn after_value(line: &str, at: usize, value: f64) -> Result<Reading, Mistake> {
    let (start, next, rest) = word(line, at);
    if next.is_empty() || next.starts_with('#') {
        return Ok(Reading { value, timestamp: None });
    }
    let timestamp =
        number(next).ok_or_else(|| Mistake::at(start, "the timestamp is not a number"))?;
    let (start, next, _) = word(line, rest);
    if !next.is_empty() && !next.starts_with('#') {
        return Err(Mistake::at(start, "nothing is expected after the timestamp"));
    }
    Ok(Reading { value, timestamp: Some(timestamp) })
}

/// The next word from `at` on: where it begins, the word, and where it ends.
fn word(line: &str, at: usize) -> (usize, &str, usize) {
    let bytes = line.as_bytes();
    let start = at + bytes[at..].iter().take_while(|byte| is_blank(**byte)).count();
    let length = bytes[start..].iter().take_while(|byte| !is_blank(**byte)).count();
    (start, &line[start..start + length], start + length)
}

/// A number as Python reads it: decimal, with `inf` and `nan` in any case.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// How many digits a float holds exactly, whatever they are.
const EXACT: usize = 15;

const POWERS: [f64; EXACT + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The decimal number of few digits that a text begins with, as most are, and its length. A float holds the digits and the power of
/// ten exactly, so their quotient is what the number is rounded to.
#[inline]
fn short(bytes: &[u8]) -> Option<(f64, usize)> {
    let (mut sum, mut length, mut point) = (0_u64, 0, None);
    // One place more is that of the point.
    for byte in bytes.iter().take(EXACT + 2) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            sum = sum * 10 + u64::from(digit);
        } else if *byte == b'.' && point.is_none() {
            point = Some(length);
        } else if is_blank(*byte) {
            break;
        } else {
            return None;
        }
        length += 1;
    }
    let digits = length - usize::from(point.is_some());
    let decimals = point.map_or(0, |point| digits - point);
    (1..=EXACT).contains(&digits).then(|| (sum as f64 / POWERS[decimals], length))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn short_numbers_are_rounded_as_any() {
        let texts = [
            "0",
            "7",
            "0.1",
            "0.3",
            "999.9999",
            "123456789.012345",
            "999999999999999",
            "1.",
            ".5",
            "00012.50",
            "0.00000000000001",
            "5404.3195528445",
        ];
        for text in texts {
            let exact: f64 = text.parse().expect("a number");
            for after in ["", " 17", "\t"] {
                let read = short(format!("{text}{after}").as_bytes());
                let read = read.map(|(value, length)| (value.to_bits(), length));
                assert_eq!(read, Some((exact.to_bits(), text.len())), "{text}");
            }
        }
        let others =
            ["", " ", ".", "-1", "1e3", "1.2.3", "NaN", "1234567890123456", "0.1234567890123456"];
        for text in others {
            assert_eq!(short(text.as_bytes()), None, "{text}");
        }
    }
}
