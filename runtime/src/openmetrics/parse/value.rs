//! What follows the name and labels of a sample: its value, a timestamp, an exemplar.

use super::problem::Mistake;

/// Value and timestamp of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    pub(super) value: f64,
    /// As it is written: milliseconds in the text format, seconds in `OpenMetrics`.
    pub(super) timestamp: Option<f64>,
}

/// Reads the rest of a line. An exemplar is passed over.
#[inline]
pub(super) fn read(text: &str) -> Result<Reading, Mistake> {
    let (start, word, rest) = word(text, 0);
    let value = number(word).ok_or_else(|| {
        Mistake::at(
            start,
            if word.is_empty() { "the value is missing" } else { "the value is not a number" },
        )
    })?;
    if rest == text.len() {
        return Ok(Reading { value, timestamp: None });
    }
    after_value(text, rest, value)
}

fn after_value(text: &str, at: usize, value: f64) -> Result<Reading, Mistake> {
    let (start, next, rest) = word(text, at);
    if next.is_empty() || next.starts_with('#') {
        return Ok(Reading { value, timestamp: None });
    }
    let timestamp =
        number(next).ok_or_else(|| Mistake::at(start, "the timestamp is not a number"))?;
    let (start, next, _) = word(text, rest);
    if !next.is_empty() && !next.starts_with('#') {
        return Err(Mistake::at(start, "nothing is expected after the timestamp"));
    }
    Ok(Reading { value, timestamp: Some(timestamp) })
}

/// The next word from `at` on: where it begins, the word, and where it ends.
#[inline]
fn word(text: &str, at: usize) -> (usize, &str, usize) {
    let bytes = text.as_bytes();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = at + bytes[at..].iter().take_while(|byte| is_blank(byte)).count();
    let length = bytes[start..].iter().take_while(|byte| !is_blank(byte)).count();
    (start, &text[start..start + length], start + length)
}

/// A number as Python reads it: decimal, with `inf` and `nan` in any case.
#[inline]
pub(super) fn number(text: &str) -> Option<f64> {
    whole(text.as_bytes()).or_else(|| text.parse().ok())
}

/// A whole number that a float holds exactly; most counters are.
#[inline]
fn whole(bytes: &[u8]) -> Option<f64> {
    if bytes.is_empty() || bytes.len() > 15 {
        return None;
    }
    let mut sum: u64 = 0;
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum = sum * 10 + u64::from(digit);
    }
    Some(sum as f64)
}
