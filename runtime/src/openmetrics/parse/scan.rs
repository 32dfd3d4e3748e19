//! Looks for a byte of a few, eight bytes at a time: names and values of labels are too short for what a search is worth that begins
//! with wider ones.

use wide::u8x16;

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// The place of the first byte that ends what is read: `among` marks those of eight bytes, and `is_one` tells of a single one.
#[inline]
pub(super) fn first(
    bytes: &[u8],
    among: impl Fn(u64) -> u64,
    is_one: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = among(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let found = rest.iter().position(|byte| is_one(*byte))?;
    Some(words.len() * 8 + found)
}

/// The places of the bytes that end the text of a label's value, one after another. They are looked for in 64 bytes at a time: where
/// one stands says nothing of where the next one does, so a search that stops at each would be mispredicted at most.
#[derive(Debug)]
pub(super) struct TextEnds<'t> {
    rest: &'t [u8],
    /// Where the last 64 bytes begin.
    at: usize,
    /// A bit for each of them.
    found: u64,
}

impl<'t> TextEnds<'t> {
    /// Those of a text from a place on.
    #[inline]
    pub(super) fn new(text: &'t [u8], at: usize) -> Self {
        let (now, rest) = split(text.get(at..).unwrap_or_default());
        Self { rest, at, found: ends_among(now) }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.rest.is_empty() {
                return None;
            }
            let (now, rest) = split(self.rest);
            (self.rest, self.at, self.found) = (rest, self.at + 64, ends_among(now));
        }
        let place = self.at + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(place)
    }
}

#[inline]
fn split(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.len().min(64))
}

/// A bit for each byte, of 64 at most.
#[inline]
fn ends_among(text: &[u8]) -> u64 {
    let (parts, rest) = text.as_chunks::<16>();
    let mut found = 0;
    for (index, part) in parts.iter().enumerate() {
        found |= ends_of(*part) << (index * 16);
    }
    let of_rest = match text.last_chunk() {
        _ if rest.is_empty() => return found,
        // The last sixteen bytes, without those that were looked at.
        Some(last) => ends_of(*last) >> (16 - rest.len()),
        None => {
            let mut part = [0; 16];
            part[..rest.len()].copy_from_slice(rest);
            ends_of(part)
        }
    };
    found | (of_rest << (parts.len() * 16))
}

/// A bit for each of sixteen bytes.
#[inline]
fn ends_of(part: [u8; 16]) -> u64 {
    let part = u8x16::from(part);
    let ends = part.simd_eq(u8x16::splat(b'"')) | part.simd_eq(u8x16::splat(b'\\'));
    u64::from(ends.to_bitmask())
}

/// Marks the bytes that end the text of a label's value.
#[inline]
pub(super) const fn text_ends(word: u64) -> u64 {
    marked(word, b'"') | marked(word, b'\\')
}

/// Marks the bytes that end the name of a label, and those that most names lack, as they are before or behind letters and digits.
#[inline]
pub(super) const fn name_ends(word: u64) -> u64 {
    let below = word.wrapping_sub(ONES * b'-' as u64) & !word & HIGHS;
    let above = (word.wrapping_add(ONES * (0x7f - b'z') as u64) | word) & HIGHS;
    marked(word, b'=') | below | above
}

/// The same of one byte.
#[inline]
pub(super) const fn ends_name(byte: u8) -> bool {
    byte == b'=' || byte < b'-' || byte > b'z'
}

/// Sets the highest bit of the bytes that are this one. Those behind the first may be marked wrongly.
#[inline]
const fn marked(word: u64, byte: u8) -> u64 {
    let zero_where_equal = word ^ (ONES * byte as u64);
    zero_where_equal.wrapping_sub(ONES) & !zero_where_equal & HIGHS
}

#[cfg(test)]
mod tests {
    use super::{TextEnds, ends_name, first, name_ends, text_ends};

    #[test]
    fn the_first_one_is_found_wherever_it_stands() {
        for before in 0..40 {
            for (end, others) in [(b'"', "x"), (b'\\', "é"), (b'"', "=!#")] {
                let mut text: Vec<u8> = others.bytes().cycle().take(before).collect();
                text.extend([end, b'"', end, b'!', b'#']);
                let found = first(&text, text_ends, |byte| matches!(byte, b'"' | b'\\'));
                assert_eq!(found, Some(before), "{text:?}");
                assert_eq!(first(&text[..before], text_ends, |byte| byte == b'"'), None);
            }
            let mut name = "<zA_:-9".repeat(10).into_bytes();
            name.truncate(before);
            assert_eq!(first(&name, name_ends, ends_name), None);
            for end in ["=\"x\"", ",", "{", "}=", "é=", " =", "\"="] {
                let name = [&name, end.as_bytes(), b"=======\xff"].concat();
                assert_eq!(first(&name, name_ends, ends_name), Some(before), "{end}");
            }
        }
    }

    #[test]
    fn all_ends_of_texts_are_found() {
        let text: String = "é\"\\x\"\"=!#]^\"".repeat(30) + "\\\"x";
        for length in 0..text.len() {
            let text = &text.as_bytes()[..length];
            for start in [0, 1, 7, 63, 64, 65].into_iter().filter(|start| *start <= length) {
                let is_end = |place: &usize| matches!(text[*place], b'"' | b'\\');
                let mut ends = TextEnds::new(text, start);
                let found: Vec<usize> = std::iter::from_fn(|| ends.next()).collect();
                assert_eq!(found, (start..length).filter(is_end).collect::<Vec<_>>());
            }
        }
    }
}
