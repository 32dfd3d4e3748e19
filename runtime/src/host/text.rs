//! Texts as C wants them: with a NUL at the end and none before it.

use std::ffi::{CStr, c_char};
use std::ptr;

/// What stands for a NUL within a text, which would end it: U+FFFD, as where bytes are no text.
const SUBSTITUTE: &str = "\u{fffd}";

/// A text, in memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Text(Vec<u8>);

impl Text {
    pub(super) fn of(text: &str) -> Self {
        let mut this = Self::default();
        this.set(text);
        this
    }

    /// Takes another text.
    pub(super) fn set(&mut self, text: &str) -> &CStr {
        self.0.clear();
        push(&mut self.0, text);
        self.get()
    }

    pub(super) fn get(&self) -> &CStr {
        // It always ends with a NUL, but for one that was never set.
        CStr::from_bytes_with_nul(&self.0).unwrap_or_default()
    }
}

fn push(out: &mut Vec<u8>, text: &str) {
    let mut pieces = text.split('\0');
    out.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        out.extend_from_slice(SUBSTITUTE.as_bytes());
        out.extend_from_slice(piece.as_bytes());
    }
    out.push(0);
}

/// Tags, as an array of pointers that ends with NULL, in memory that is used again.
///
/// The pointers stand for texts of `bytes`, which no method changes without making the pointers anew.
#[derive(Debug)]
pub(super) struct TagList {
    bytes: Vec<u8>,
    starts: Vec<usize>,
    pointers: Vec<*const c_char>,
}

impl TagList {
    /// No tags.
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), starts: Vec::new(), pointers: vec![ptr::null()] }
    }

    /// Takes other tags.
    pub(super) fn set<'t>(&mut self, tags: impl Iterator<Item = &'t str>) {
        let Self { bytes, starts, pointers } = self;
        pointers.clear();
        starts.clear();
        bytes.clear();
        for tag in tags {
            starts.push(bytes.len());
            push(bytes, tag);
        }
        pointers.extend(starts.iter().map(|start| bytes[*start..].as_ptr().cast::<c_char>()));
        pointers.push(ptr::null());
    }

    /// The array, valid until the tags change or go.
    pub(super) const fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }

    #[cfg(test)]
    fn texts(&self) -> Vec<&str> {
        let text = |start: &usize| CStr::from_bytes_until_nul(&self.bytes[*start..]).unwrap();
        self.starts.iter().map(|start| text(start).to_str().unwrap()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_within_a_text_does_not_end_it() {
        let mut text = Text::default();
        assert_eq!(text.get(), c"");
        assert_eq!(text.set("a\0b\0"), c"a\u{fffd}b\u{fffd}");
        assert_eq!(text.set("ä"), c"ä");
        assert_eq!(text.set(""), c"");
    }

    #[test]
    fn tags_end_with_null_and_start_anew() {
        let mut tags = TagList::new();
        assert_eq!(tags.pointers, [ptr::null()]);
        tags.set(["a:1", "b:\0", ""].into_iter());
        assert_eq!(tags.texts(), ["a:1", "b:\u{fffd}", ""]);
        assert_eq!((tags.pointers.len(), tags.pointers[3]), (4, ptr::null()));
        tags.set(["c:3"].into_iter());
        assert_eq!(tags.texts(), ["c:3"]);
        assert_eq!((tags.pointers[0], tags.pointers[1]), (tags.bytes.as_ptr().cast(), ptr::null()));
    }
}
