//! Texts as C wants them: with a NUL at the end and none before it.

use std::ffi::{CStr, CString, c_char};
use std::ptr;

/// What stands for a NUL within a text, which would end it: U+FFFD, as where bytes are no text.
const SUBSTITUTE: &str = "\u{fffd}";

/// A text.
#[derive(Debug, Default)]
pub(super) struct Text(CString);

impl Text {
    pub(super) fn of(text: &str) -> Self {
        let text = CString::new(text).or_else(|_| CString::new(text.replace('\0', SUBSTITUTE)));
        // There is no NUL left that it could fail for.
        Self(text.unwrap_or_default())
    }

    /// Takes another text.
    pub(super) fn set(&mut self, text: &str) -> &CStr {
        // Most often both are empty, and to compare what is nowhere costs more than one would think.
        let same = text.is_empty() && self.0.is_empty();
        if !same && self.0.as_bytes() != text.as_bytes() {
            *self = Self::of(text);
        }
        self.get()
    }

    pub(super) fn get(&self) -> &CStr {
        &self.0
    }
}

/// The names of a batch's metrics, each made a text once.
#[derive(Debug, Default)]
pub(super) struct Names<'b> {
    known: Vec<(&'b str, Text)>,
    /// Where the next name is, if it comes after the last one as it did before.
    expected: usize,
}

impl<'b> Names<'b> {
    /// Up to how many names are looked through. A batch with more has names that are made at run time.
    const MOST: usize = 64;

    #[inline]
    pub(super) fn get(&mut self, name: &'b str) -> &CStr {
        let is_it = |known: &(&str, Text)| ptr::eq(known.0, name);
        let place = match self.known.get(self.expected) {
            Some(known) if is_it(known) => self.expected,
            _ => self.known.iter().position(is_it).unwrap_or_else(|| self.add(name)),
        };
        self.expected = place + 1;
        self.known[place].1.get()
    }

    #[cold]
    fn add(&mut self, name: &'b str) -> usize {
        if self.known.len() == Self::MOST {
            self.known.clear();
        }
        self.known.push((name, Text::of(name)));
        self.known.len() - 1
    }
}

/// Tags, as an array of pointers that ends with NULL, in memory that is used again.
///
/// The pointers stand for texts of `bytes`, which no method changes without making the pointers anew.
#[derive(Debug)]
pub(super) struct TagList {
    bytes: Vec<u8>,
    starts: Vec<usize>,
    pointers: Vec<*const c_char>,
    /// How many bytes and tags those take that all lists begin with.
    common: (usize, usize),
}

impl TagList {
    /// The tags that all lists begin with.
    pub(super) fn of<'t>(common: impl Iterator<Item = &'t str>) -> Self {
        let (bytes, starts, pointers) = (Vec::new(), Vec::new(), Vec::new());
        let mut this = Self { bytes, starts, pointers, common: (0, 0) };
        this.set(common);
        this.common = (this.bytes.len(), this.starts.len());
        this
    }

    /// Takes other tags behind the common ones.
    pub(super) fn set<'t>(&mut self, tags: impl Iterator<Item = &'t str>) {
        let Self { bytes, starts, pointers, common } = self;
        pointers.clear();
        bytes.truncate(common.0);
        starts.truncate(common.1);
        for tag in tags {
            let start = bytes.len();
            starts.push(start);
            bytes.extend_from_slice(tag.as_bytes());
            if bytes[start..].contains(&0) {
                bytes.truncate(start);
                bytes.extend_from_slice(tag.replace('\0', SUBSTITUTE).as_bytes());
            }
            bytes.push(0);
        }
        let base = bytes.as_ptr().cast::<c_char>();
        pointers.extend(starts.iter().map(|start| base.wrapping_add(*start)));
        pointers.push(ptr::null());
    }

    /// All of it, a NUL after each.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
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
    fn tags_end_with_null_and_start_anew_behind_the_common_ones() {
        let mut tags = TagList::of(["a:1", "b:\0"].into_iter());
        assert_eq!(tags.texts(), ["a:1", "b:\u{fffd}"]);
        assert_eq!((tags.pointers.len(), tags.pointers[2]), (3, ptr::null()));
        for many in [1, 1000, 0] {
            tags.set((0..many).map(|_| "c:3"));
            assert_eq!(tags.texts()[2..], vec!["c:3"; many]);
            assert_eq!(tags.pointers.len(), many + 3);
            let places = tags.starts.iter().map(|start| tags.bytes[*start..].as_ptr().cast());
            assert!(places.chain([ptr::null()]).eq(tags.pointers.iter().copied()));
        }
        assert_eq!(TagList::of(std::iter::empty()).pointers, [ptr::null()]);
    }
}
