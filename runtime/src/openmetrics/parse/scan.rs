//! Looks for a byte of a few, eight bytes at a time: names and values of labels are too short for what a search is worth that begins
//! with wider ones.

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
    use super::{ends_name, first, name_ends, text_ends};

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
}
