//! Lines of which all but the value is expected: a name of the current family, labels that are known, one short number. Nothing is
//! split or looked for in them, and most lines of a payload are such ones.

use super::family::{Belongs, Part};
use super::lines::MAX_LINE;
use super::{Reading, Visitor, value};

impl Reading {
    /// Reads lines that are as expected, and tells the length of their text.
    #[inline]
    pub(super) fn expected<V: Visitor>(&mut self, text: &str, visitor: &mut V) -> usize {
        if !V::EXPECTS || !self.current.is_open || self.strict.is_some() {
            return 0;
        }
        let mut rest = text.as_bytes();
        while let Some(length) = self.expected_line(rest, visitor) {
            self.number += 1;
            rest = &rest[length..];
        }
        text.len() - rest.len()
    }

    /// Reads one such line, and tells its length, with its end.
    #[inline]
    fn expected_line(&mut self, text: &[u8], visitor: &mut impl Visitor) -> Option<usize> {
        let (name, part) = self.expected_name(text)?;
        let labels = visitor.expects(&text[name + 1..], part)?;
        let behind = text.get(name + 1 + labels + 1..)?;
        let (value, digits) = value::short(*behind.get(1..)?.first_chunk()?)?;
        let is_simple = behind[0] == b' ' && behind.get(1 + digits) == Some(&b'\n');
        let length = text.len() - behind.len() + 1 + digits;
        if !is_simple || length > MAX_LINE {
            return None;
        }
        visitor.expected(part, value);
        Some(length + 1)
    }

    /// The length of a name that the opening brace follows, and what it is in the current family.
    #[inline]
    fn expected_name(&mut self, text: &[u8]) -> Option<(usize, Part)> {
        let current = &self.current;
        let last = &current.last;
        let belongs = |belongs: Option<Belongs>| belongs.filter(|it| !it.by_its_suffix);
        if text.starts_with(&last.name) && text.get(last.name.len()) == Some(&b'{') {
            return Some((last.name.len(), belongs(last.belongs)?.part));
        }
        let ending = text.strip_prefix(current.written.as_bytes())?;
        let length = ending.iter().take(LONGEST_ENDING + 1).position(|byte| *byte == b'{')?;
        // What does not belong is for the reading of a whole line to judge: it may be no name at all.
        let part = current.part(std::str::from_utf8(&ending[..length]).ok()?, self.format)?;
        let length = current.written.len() + length;
        self.current.last.set(&text[..length], Some(part));
        Some((length, belongs(Some(part))?.part))
    }
}

/// The longest end of a name that tells a part of a family: that of `_created`.
const LONGEST_ENDING: usize = 8;
