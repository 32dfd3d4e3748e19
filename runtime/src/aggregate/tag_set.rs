//! The tags of a series, shared by all that have them.

use std::str::Chars;

use crate::metric::Tags;

/// The tags of a series, and the host that its record named. Shared by the metrics of a record, from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSet {
    pub(super) hash: u64,
    /// All in one text, to keep it small: how many tags there are, one more than the length of the host, the host, and each tag
    /// after its length; a number is the character of that number.
    packed: Box<str>,
}

/// The tags and host of a sample in a batch.
#[derive(Debug, Clone)]
pub(super) struct Tagged<'b> {
    pub(super) tags: Tags<'b>,
    pub(super) host: Option<&'b str>,
}

/// Numbers from here on are no characters. Tags and hosts are far shorter; beyond, they would be left out.
const MAX_NUMBER: usize = 0xd7ff;

impl TagSet {
    pub(super) fn of(sample: &Tagged<'_>) -> Self {
        let tags = sample.tags.clone();
        let kept = |text: &&str| text.len() < MAX_NUMBER;
        let host = sample.host.filter(kept);
        let length = tags.clone().map(|tag| tag.len() + 2).sum::<usize>();
        let mut packed = String::with_capacity(length + host.map_or(0, str::len) + 6);
        packed.push(number(tags.clone().filter(kept).take(MAX_NUMBER).count()));
        packed.push(number(host.map_or(0, |host| host.len() + 1)));
        packed.push_str(host.unwrap_or_default());
        for tag in tags.filter(kept).take(MAX_NUMBER) {
            packed.push(number(tag.len()));
            packed.push_str(tag);
        }
        Self { hash: sample.tags.hash(), packed: packed.into_boxed_str() }
    }

    /// The hash of the tags and of the host that the record named, whatever the order of the tags.
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// The tags as `key:value`, in the order in which the record named them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let mut rest = self.packed.chars();
        let left = take_number(&mut rest);
        let host = take_number(&mut rest);
        take_text(&mut rest, host.saturating_sub(1));
        TagIter { rest, left }
    }

    /// The host that the record named, unless it is the default one.
    pub fn host(&self) -> Option<&str> {
        let mut rest = self.packed.chars();
        take_number(&mut rest);
        let length = take_number(&mut rest).checked_sub(1)?;
        Some(take_text(&mut rest, length))
    }

    /// The same tags in any order. Nearly always the order is the same, too, since a record names its tags in one order.
    pub(super) fn is_of(&self, sample: &Tagged<'_>) -> bool {
        let mut tags = sample.tags.clone();
        self.hash == sample.tags.hash()
            && self.host() == sample.host
            && self.iter().len() == tags.len()
            && (self.iter().eq(tags.clone()) || tags.all(|tag| self.iter().any(|own| own == tag)))
    }
}

impl Default for TagSet {
    /// No tags.
    fn default() -> Self {
        Self { hash: 0, packed: "\0\0".into() }
    }
}

/// The tags that are left.
#[derive(Clone)]
struct TagIter<'s> {
    rest: Chars<'s>,
    left: usize,
}

impl<'s> Iterator for TagIter<'s> {
    type Item = &'s str;

    #[inline]
    fn next(&mut self) -> Option<&'s str> {
        self.left = self.left.checked_sub(1)?;
        let length = take_number(&mut self.rest);
        Some(take_text(&mut self.rest, length))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for TagIter<'_> {}

fn number(number: usize) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\0')
}

#[inline]
fn take_number(rest: &mut Chars<'_>) -> usize {
    rest.next().map_or(0, |number| number as usize)
}

#[inline]
fn take_text<'s>(rest: &mut Chars<'s>, length: usize) -> &'s str {
    let (text, after) = rest.as_str().split_at_checked(length).unwrap_or_default();
    *rest = after.chars();
    text
}
