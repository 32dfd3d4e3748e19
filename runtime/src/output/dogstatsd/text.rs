//! Names, tags, texts and numbers as they may stand in a line, whatever they hold.

use crate::metric::normalize;

/// Marks a text of which only the beginning is there.
const ELLIPSIS: &str = "…";

/// Appends the name of a metric. One that the grammar has no room for is written as Datadog would store it; tells whether
/// anything is left of it.
pub(super) fn push_name(out: &mut Vec<u8>, name: &str) -> bool {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    let starts_well = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if starts_well && name.bytes().fold(true, |all, byte| all & kept(byte)) {
        out.extend_from_slice(name.as_bytes());
        return true;
    }
    let name = normalize(name);
    // A leading `_` would make an event of `_e{`, and a service check of `_sc`.
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    out.extend_from_slice(name.as_bytes());
    !name.is_empty()
}

/// Appends a tag. Commas, bars and control characters become `_`, as Datadog stores them.
pub(super) fn push_tag(out: &mut Vec<u8>, tag: &str) {
    push_without(out, tag, |byte| byte == b',' || byte == b'|' || byte.is_ascii_control());
}

/// Appends what fills a field up to the next bar. Bars and control characters become `_`.
pub(super) fn push_field(out: &mut Vec<u8>, text: &str) {
    push_without(out, text, |byte| byte == b'|' || byte.is_ascii_control());
}

fn push_without(out: &mut Vec<u8>, text: &str, refused: impl Fn(u8) -> bool) {
    let start = out.len();
    out.extend_from_slice(text.as_bytes());
    if text.bytes().fold(false, |any, byte| any | refused(byte)) {
        for byte in &mut out[start..] {
            if refused(*byte) {
                *byte = b'_';
            }
        }
    }
}

/// Appends a text for people, of which at most `room` bytes are taken. Line breaks become `\n` in two characters, which is how
/// DogStatsD writes them, other control characters a space, and `bar` stands for a bar. A text that is too long is cut between two characters, and ends with `…`.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str, room: usize, bar: &str) {
    let start = out.len();
    let (mut cut, mut bytes) = (start, [0; 4]);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' => out.extend_from_slice(b"\\n"),
            '|' => out.extend_from_slice(bar.as_bytes()),
            char if char.is_control() && char != '\t' => out.push(b' '),
            char => out.extend_from_slice(char.encode_utf8(&mut bytes).as_bytes()),
        }
        let taken = out.len() - start;
        if taken > room {
            out.truncate(cut);
            let ellipsis = if room < ELLIPSIS.len() { "" } else { ELLIPSIS };
            out.extend_from_slice(ellipsis.as_bytes());
            return;
        }
        if taken + ELLIPSIS.len() <= room {
            cut = out.len();
        }
    }
}

/// The first characters of a text.
pub(super) fn first(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

/// Appends a finite number in the fewest digits that are read as the same number.
pub(super) fn push_number(out: &mut Vec<u8>, number: f64) {
    /// Below it, whole numbers are written without an exponent.
    const WHOLE: f64 = 1e15;
    if number.abs() < WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "what is cut off is looked at")]
        let whole = number as i64;
        if (whole as f64).total_cmp(&number).is_eq() {
            return push_integer(out, whole);
        }
    }
    out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
}

/// Appends a whole number.
pub(super) fn push_integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(push: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        push(&mut out);
        String::from_utf8(out).expect("text stays text")
    }

    #[test]
    fn names_are_as_datadog_stores_them() {
        let name = |name| text_of(|out| assert!(push_name(out, name), "{name}"));
        for (given, sent) in [
            ("web.time_95", "web.time_95"),
            ("a:b|c\nd", "a_b_c_d"),
            ("_sc.errors", "sc.errors"),
            ("_e{1,1}:a", "e_1_1_a"),
            ("9lives", "lives"),
            ("größe", "gr_e"),
        ] {
            assert_eq!(name(given), sent, "{given}");
        }
        assert!(!push_name(&mut Vec::new(), "☃:1|"));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = |text, room| text_of(|out| push_text(out, text, room, "¦"));
        assert_eq!(text("a\r\nb|c\rd", 100), "a\\nb¦c\\nd");
        assert_eq!(text("abcdef", 6), "abcdef");
        assert_eq!(text("abcdefg", 6), "abc…");
        assert_eq!(text("äöü", 5), "ä…");
        assert_eq!(text("ab\nd", 4), "a…");
        assert_eq!(text("abc", 2), "");
    }

    #[test]
    fn numbers_are_read_as_what_they_were() {
        let number = |number| text_of(|out| push_number(out, number));
        for (given, sent) in [
            (0.0, "0"),
            (-17.0, "-17"),
            (0.1, "0.1"),
            (999_999_999_999_999.0, "999999999999999"),
            (-0.000_000_25, "-2.5e-7"),
        ] {
            assert_eq!(number(given), sent);
        }
        for given in [1e15, f64::MAX, f64::MIN_POSITIVE, 1.0 / 3.0, -9_007_199_254_740_993.0] {
            assert_eq!(number(given).parse(), Ok(given));
        }
    }
}
