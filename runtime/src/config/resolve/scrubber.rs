//! Keeps secrets out of texts that others wrote: errors of clients, replies of servers.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::config::secret::MASK;

/// Replaces secrets in a text by `********`, also where they are escaped as in Rust's `{:?}`, and where any of their bytes are
/// encoded as in a URL or a form: which ones are depends on who encodes, and on the place.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Scrubber {
    secrets: Vec<Box<str>>,
}

impl Scrubber {
    /// Adds a secret.
    pub fn add(&mut self, secret: &str) {
        for form in [secret.to_owned(), secret.escape_debug().to_string()] {
            let known = self.secrets.iter().any(|known| **known == *form);
            if !form.is_empty() && !known {
                self.secrets.push(form.into());
            }
        }
    }

    /// Adds a secret as it stands in a URL.
    pub fn add_encoded(&mut self, secret: &str) {
        self.add(secret);
        let (mut decoded, mut rest) = (Vec::with_capacity(secret.len()), secret.as_bytes());
        while let [first, after @ ..] = rest {
            let byte = encoded(rest);
            decoded.push(byte.unwrap_or(*first));
            rest = if byte.is_some() { &rest[3..] } else { after };
        }
        if let Ok(decoded) = String::from_utf8(decoded) {
            self.add(&decoded);
        }
    }

    /// It knows no secret.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The text without secrets.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut places: Vec<_> =
            self.secrets.iter().flat_map(|secret| places(secret.as_bytes(), text)).collect();
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        places.sort_unstable_by_key(|place| place.start);
        let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
        for place in places {
            // Of secrets that overlap, nothing is left.
            if place.start >= end {
                shown.push_str(&text[end..place.start]);
                shown.push_str(MASK);
            }
            end = end.max(place.end);
        }
        shown.push_str(&text[end..]);
        Cow::Owned(shown)
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scrubber({} forms)", self.secrets.len())
    }
}

/// Where a secret stands in a text.
fn places(secret: &[u8], text: &str) -> impl Iterator<Item = Range<usize>> {
    let (bytes, first) = (text.as_bytes(), secret[0]);
    let may_begin =
        move |byte: u8| byte == first || byte == b'%' || (byte == b'+' && first == b' ');
    let begun = bytes.iter().enumerate().filter(move |(_, byte)| may_begin(**byte));
    begun.filter_map(move |(start, _)| Some(start..start + length(secret, &bytes[start..])?))
}

/// How many bytes a secret takes at the beginning of a text, if it stands there.
fn length(secret: &[u8], text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (index, byte) in secret.iter().enumerate() {
        let rest = &text[at..];
        let encoded = encoded(rest) == Some(*byte);
        // A percent sign may stand for itself, too, whatever follows it.
        if encoded && *byte == b'%' {
            let after = |taken: usize| Some(taken + length(&secret[index + 1..], &rest[taken..])?);
            return Some(at + after(1).max(after(3))?);
        }
        at += match rest.first()? {
            _ if encoded => 3,
            b'+' if *byte == b' ' => 1,
            same if same == byte => 1,
            _ => return None,
        };
    }
    Some(at)
}

/// The byte that `%XX` at the beginning of a text stands for.
fn encoded(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = *text else { return None };
    let digit = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
