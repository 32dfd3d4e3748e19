//! Values of tags: what a `#[tag]` field may be, and how it is written.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::hash::{BuildHasher, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

/// The value of a tag.
///
/// Implemented for text, paths, numbers, flags, addresses and `Option`s of them; derive it on an enum to close the set of values.
/// Any other type that is [`Display`](fmt::Display) is marked `#[tag(display)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a tag",
    label = "not a tag value",
    note = "hint: derive `TagValue` on an enum, or write `#[tag(display)]` for a type that implements `Display`"
)]
pub trait TagValue {
    /// All values that are possible, where the type closes the set.
    const VALUES: Option<&'static [&'static str]> = None;
    /// The value may be absent, which leaves the tag out.
    const OPTIONAL: bool = false;

    /// Appends the value. Nothing appended leaves the tag out.
    fn write(&self, out: &mut TagText<'_>);
}

/// Where a tag's value is written.
///
/// A value that comes in one piece is hashed as it comes.
#[derive(Debug)]
pub struct TagText<'a> {
    arena: &'a mut String,
    start: usize,
    hash: Option<u64>,
}

impl<'a> TagText<'a> {
    pub(super) fn new(arena: &'a mut String) -> Self {
        let start = arena.len();
        Self { arena, start, hash: None }
    }

    /// Appends text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        self.hash = if self.is_empty() { Some(hash(text)) } else { None };
        self.arena.push_str(text);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.arena.len() == self.start
    }

    /// The hash of the whole value. Values of several pieces (numbers, what a `Display` writes) are read once more.
    #[inline]
    pub(super) fn hash(&self) -> u64 {
        self.hash.unwrap_or_else(|| hash(&self.arena[self.start..]))
    }
}

/// The hash of a text, the same in every process.
#[inline]
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The hash of a key: its length and its first and last bytes, which the compiler computes for a key that it knows.
#[inline]
pub(super) fn key_hash(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let (first, last) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (bytes.iter().fold(0, |hash, byte| hash << 8 | u64::from(*byte)), 0),
    };
    (first ^ last.rotate_left(23)).wrapping_add(bytes.len() as u64)
}

/// The hash of a tag, from those of its key and its value.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves of the product are used")]
pub(super) const fn tag_hash(key: u64, value: u64) -> u64 {
    let product = (key ^ 0x9e37_79b9_7f4a_7c15) as u128 * (value | 1) as u128;
    (product >> 64) as u64 ^ product as u64 ^ value
}

/// The tag `key:value`, or nothing where the value is absent or empty.
pub fn tag<T: TagValue + ?Sized>(key: &str, value: &T) -> Option<String> {
    let mut tag = format!("{key}:");
    value.write(&mut TagText::new(&mut tag));
    (tag.len() > key.len() + 1).then_some(tag)
}

impl Write for TagText<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

/// Writes a value as its `Display` does; what `#[tag(display)]` stands for.
#[doc(hidden)]
#[derive(Debug)]
pub struct Displayed<'a, T>(pub &'a T);

impl<T: fmt::Display> TagValue for Displayed<'_, T> {
    fn write(&self, out: &mut TagText<'_>) {
        write_display(self.0, out);
    }
}

fn write_display(value: &impl fmt::Display, out: &mut TagText<'_>) {
    // Writing into a `String` cannot fail; a `Display` that says it did has written what it could.
    let _ = write!(out, "{value}");
}

impl TagValue for str {
    #[inline]
    fn write(&self, out: &mut TagText<'_>) {
        out.push_str(self);
    }
}

macro_rules! text_tags {
    ($($type:ty)*) => {$(
        impl TagValue for $type {
            #[inline]
            fn write(&self, out: &mut TagText<'_>) {
                out.push_str(self);
            }
        }
    )*};
}

macro_rules! whole_number_tags {
    ($($type:ty)*) => {$(
        impl TagValue for $type {
            #[inline]
            fn write(&self, out: &mut TagText<'_>) {
                out.push_str(itoa::Buffer::new().format(*self));
            }
        }
    )*};
}

macro_rules! displayed_tags {
    ($($type:ty)*) => {$(
        impl TagValue for $type {
            fn write(&self, out: &mut TagText<'_>) {
                write_display(self, out);
            }
        }
    )*};
}

text_tags!(String Box<str> Arc<str> Rc<str> Cow<'_, str>);
whole_number_tags!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
displayed_tags!(char IpAddr Ipv4Addr Ipv6Addr SocketAddr);

impl TagValue for bool {
    const VALUES: Option<&'static [&'static str]> = Some(&["false", "true"]);

    fn write(&self, out: &mut TagText<'_>) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

#[cfg(feature = "url")]
impl TagValue for url::Url {
    /// A user and password in the address are left out.
    fn write(&self, out: &mut TagText<'_>) {
        if self.username().is_empty() && self.password().is_none() {
            return out.push_str(self.as_str());
        }
        let mut public = self.clone();
        // Both fail for addresses that cannot have a user, which have none to leave out.
        let _ = public.set_username("");
        let _ = public.set_password(None);
        out.push_str(public.as_str());
    }
}

impl TagValue for Path {
    fn write(&self, out: &mut TagText<'_>) {
        write_display(&self.display(), out);
    }
}

impl TagValue for PathBuf {
    fn write(&self, out: &mut TagText<'_>) {
        self.as_path().write(out);
    }
}

impl<T: TagValue + ?Sized> TagValue for &T {
    const VALUES: Option<&'static [&'static str]> = T::VALUES;
    const OPTIONAL: bool = T::OPTIONAL;

    #[inline]
    fn write(&self, out: &mut TagText<'_>) {
        (**self).write(out);
    }
}

impl<T: TagValue> TagValue for Option<T> {
    const VALUES: Option<&'static [&'static str]> = T::VALUES;
    const OPTIONAL: bool = true;

    #[inline]
    fn write(&self, out: &mut TagText<'_>) {
        if let Some(value) = self {
            value.write(out);
        }
    }
}
