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
    let (value, rest) = match short_at(bytes, start) {
        Some((value, length)) => (value, start + length),
        None => any(line, start)?,
    };
    if rest == line.len() {
        return Ok(Reading { value, timestamp: None });
    }
    after_value(line, rest, value)
}

/// A short decimal number, if that is the whole word.
#[inline]
fn short_at(bytes: &[u8], start: usize) -> Option<(f64, usize)> {
    let rest = &bytes[start..];
    let text = match (rest.first_chunk(), bytes.last_chunk()) {
        (Some(text), _) => *text,
        // Nothing follows the end of the line.
        (None, Some(end)) if !rest.is_empty() => {
            (u128::from_le_bytes(*end) >> ((16 - rest.len()) * 8)).to_le_bytes()
        }
        _ => return None,
    };
    let (value, length) = short(text)?;
    rest.get(length).is_none_or(|byte| is_blank(*byte)).then_some((value, length))
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

const ONES: u128 = u128::from_ne_bytes([0x01; 16]);
const LOW_BITS: u128 = ONES * 0x7f;

/// The decimal number of few digits that a text begins with, as most are, and its length, which is less than 16. A float holds the
/// digits and the power of ten exactly, so their quotient is what the number is rounded to.
///
/// All digits are looked at at once: numbers end at any place, and a loop over them would be mispredicted at most ends.
#[inline]
pub(super) fn short(text: [u8; 16]) -> Option<(f64, usize)> {
    let digits = u128::from_le_bytes(text) ^ (ONES * u128::from(b'0'));
    // The highest bit of each byte that is no digit.
    let above_nine = (digits & LOW_BITS) + ONES * (0x7f - 9);
    let others = (above_nine | digits) & !LOW_BITS;
    let first = others.trailing_zeros() as usize / 8;
    let has_point = at_byte(digits, first) == b'.' ^ b'0';
    let behind_point = others & others.wrapping_sub(u128::from(has_point));
    let length = behind_point.trailing_zeros() as usize / 8;
    let count = length - usize::from(has_point);
    if length > EXACT || count == 0 {
        return None;
    }
    // The digits before the point move up to those behind it, and all to the end.
    let before = (1_u128 << (first * 8)) - 1;
    let closed = if has_point { (digits & before) | ((digits >> 8) & !before) } else { digits };
    let number = sixteen_digits(closed << ((16 - count) * 8));
    Some((number as f64 / POWERS[count - first], length))
}

/// The byte at a place; that of the end is any.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "one byte is taken")]
const fn at_byte(bytes: u128, place: usize) -> u8 {
    bytes.wrapping_shr(place as u32 * 8) as u8
}

/// The number of sixteen digits, of which the lowest byte is the first.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the halves are taken apart")]
const fn sixteen_digits(digits: u128) -> u64 {
    eight_digits(digits as u64) * 100_000_000 + eight_digits((digits >> 64) as u64)
}

/// Neighbours are added up, in pairs, then fours, then eights.
#[inline]
const fn eight_digits(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul((10 << 8) | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) | 1) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul((10_000 << 32) | 1) >> 32
}

#[cfg(test)]
mod tests {
    use super::short_at;

    #[test]
    fn short_numbers_are_rounded_as_any() {
        let texts = [
            "0",
            "7",
            "0.1",
            "0.3",
            "999.9999",
            "12345678.012345",
            "999999999999999",
            "1.",
            ".5",
            "00012.50",
            "0.0000000000001",
            "5404.3195528445",
        ];
        for text in texts {
            let exact: f64 = text.parse().expect("a number");
            for after in ["", " 17", "\t"] {
                let read = short_at(format!("of_some_metric {text}{after}").as_bytes(), 15);
                let read = read.map(|(value, length)| (value.to_bits(), length));
                assert_eq!(read, Some((exact.to_bits(), text.len())), "{text}");
            }
        }
        let others = [
            "",
            " ",
            ".",
            "-1",
            "1e3",
            "1.2.3",
            "NaN",
            "12\0",
            "1é",
            "1234567890123456",
            "0.00000000000001",
        ];
        for text in others {
            let line = format!("of_some_metric {text}");
            assert_eq!(short_at(line.as_bytes(), 15), None, "{text}");
        }
    }
}
