//! Texts as C wants them: with a NUL at the end and none before it.

use std::borrow::Cow;
use std::ffi::{CStr, CString, c_char};
use std::ptr;

use crate::metric::{Batch, Tags};

/// What stands for a NUL within a text, which would end it: U+FFFD, as where bytes are no text.
const SUBSTITUTE: &str = "\u{fffd}";

/// The text without a NUL in it, which may end it on the other side of an interface.
pub(super) fn whole(text: &str) -> Cow<'_, str> {
    match text.contains('\0') {
        true => text.replace('\0', SUBSTITUTE).into(),
        false => text.into(),
    }
}

/// A text.
#[derive(Debug, Default)]
pub(super) struct Text(CString);

impl Text {
    pub(super) fn of(text: &str) -> Self {
        let text = CString::new(text).or_else(|_| CString::new(&*whole(text)));
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
/// The pointers stand for texts of the batch, or for those of `copies`, which no method changes without making the pointers anew.
#[derive(Debug)]
pub(super) struct TagList<'b> {
    batch: &'b Batch,
    /// No text of the batch has a NUL within it, so that its tags can be pointed to where they stand.
    in_place: bool,
    pointers: Vec<*const c_char>,
    /// How many pointers all tags of the batch begin with, while the last ones were of it.
    common: Option<usize>,
    /// The tags of the batch that the pointers stand for, if they do not stand for the copies.
    lent: Option<Tags<'b>>,
    copies: Vec<Vec<u8>>,
}

impl<'b> TagList<'b> {
    /// The tags that all in a batch have.
    pub(super) fn of(batch: &'b Batch) -> Self {
        let (pointers, copies) = Default::default();
        let in_place = batch.is_text_of_c();
        let mut this = Self { batch, in_place, pointers, common: None, lent: None, copies };
        this.set(batch.common_tags());
        this
    }

    /// Takes other tags of the batch.
    #[inline]
    pub(super) fn set(&mut self, tags: Tags<'b>) {
        if !self.in_place {
            return self.copy(tags);
        }
        match self.common {
            Some(common) => self.pointers.truncate(common),
            None => self.begin(),
        }
        self.pointers.extend(tags.without_common().with_nul().map(|text| text.as_ptr().cast()));
        self.pointers.push(ptr::null());
        self.lent = Some(tags);
    }

    /// Begins with the tags that all in the batch have.
    #[cold]
    fn begin(&mut self) {
        let common = self.batch.common_tags().with_nul();
        self.pointers.clear();
        self.pointers.extend(common.map(|text| text.as_ptr().cast::<c_char>()));
        self.common = Some(self.pointers.len());
    }

    /// Takes tags that are elsewhere, behind the common ones.
    pub(super) fn add_to_common<'t>(&mut self, tags: impl Iterator<Item = &'t str>)
    where
        'b: 't,
    {
        self.copy(self.batch.common_tags().chain(tags));
    }

    fn copy<'t>(&mut self, tags: impl Iterator<Item = &'t str>) {
        (self.common, self.lent) = (None, None);
        self.copies.clear();
        self.copies.extend(tags.map(|tag| Text::of(tag).0.into_bytes_with_nul()));
        self.pointers.clear();
        self.pointers.extend(self.copies.iter().map(|text| text.as_ptr().cast::<c_char>()));
        self.pointers.push(ptr::null());
    }

    /// Each tag, with a NUL at its end.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let lent = self.lent.iter().cloned().flat_map(Tags::with_nul);
        let copied = if self.lent.is_some() { &[][..] } else { &self.copies };
        lent.chain(copied.iter().map(Vec::as_slice))
    }

    /// The array, valid until the tags change or go.
    pub(super) const fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }
}

#[cfg(test)]
mod tests {
    use crate::metric::{Descriptor, Limits, Status};

    use super::*;

    static CHECK: Descriptor = Descriptor::service_check("check", "For its tags.");

    #[test]
    fn a_nul_within_a_text_does_not_end_it() {
        let mut text = Text::default();
        assert_eq!(text.get(), c"");
        assert_eq!(text.set("a\0b\0"), c"a\u{fffd}b\u{fffd}");
        assert_eq!(text.set("ä"), c"ä");
        assert_eq!(text.set(""), c"");
    }

    /// The instance's tags, those of a record in it, of a record in that, of a record with none; a host in between.
    fn batch(tags: [&str; 2], value: &str) -> Batch {
        let mut batch = Batch::new(tags, Limits::default());
        let mut root = batch.emitter();
        let mut outer = root.record();
        outer.tag("c", value);
        outer.tag("c", value);
        outer.tag("gone", "");
        outer.host("h");
        let mut outer = outer.samples();
        outer.service_check(&CHECK, Status::Ok);
        let mut inner = outer.record();
        inner.tag("d", &4);
        inner.samples().service_check(&CHECK, Status::Ok);
        root.record().samples().service_check(&CHECK, Status::Ok);
        batch
    }

    fn texts<'l>(list: &'l TagList<'_>) -> Vec<&'l str> {
        let (end, pointers) = list.pointers.split_last().unwrap();
        assert!(end.is_null());
        assert!(list.texts().map(|text| text.as_ptr().cast()).eq(pointers.iter().copied()));
        let text = |bytes| CStr::from_bytes_with_nul(bytes).unwrap().to_str().unwrap();
        list.texts().map(text).collect()
    }

    fn all(batch: &Batch) -> Vec<Vec<String>> {
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
        let mut list = TagList::of(batch);
        let mut all = vec![owned(texts(&list))];
        for (place, check) in batch.service_checks().enumerate() {
            if place == 2 {
                list.add_to_common(["e:5"].into_iter());
                all.push(owned(texts(&list)));
            }
            list.set(check.tags);
            all.push(owned(texts(&list)));
        }
        all
    }

    #[test]
    fn tags_are_pointed_to_where_they_stand() {
        let batch = batch(["a:1", "b:2"], "3");
        assert!(batch.is_text_of_c());
        let common = ["a:1", "b:2"];
        let own: [&[&str]; 5] = [&[], &["c:3"], &["c:3", "d:4"], &["e:5"], &[]];
        assert_eq!(all(&batch), own.map(|own| [&common, own].concat()));
        assert_eq!(all(&Batch::default()), [Vec::<String>::new()]);
    }

    #[test]
    fn tags_with_a_nul_within_are_copied_without_it() {
        for (batch, a, c) in [
            (batch(["a:1", "b:2"], "3\0"), "a:1", "c:3\u{fffd}"),
            (batch(["a:\0", "b:2"], "3"), "a:\u{fffd}", "c:3"),
        ] {
            assert!(!batch.is_text_of_c());
            let own: [&[&str]; 5] = [&[], &[c], &[c, "d:4"], &["e:5"], &[]];
            assert_eq!(all(&batch), own.map(|own| [&[a, "b:2"], own].concat()));
        }
    }

    #[test]
    fn a_batch_that_begins_again_knows_its_texts() {
        let mut batch = batch(["a:1", "b:2"], "3\0");
        batch.clear();
        assert!(batch.is_text_of_c());
        assert_eq!(all(&batch), [["a:1", "b:2"]]);
    }
}
