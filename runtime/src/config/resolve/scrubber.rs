//! Keeps secrets out of texts that others wrote: errors of clients, replies of servers.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::config::secret::MASK;

/// Replaces secrets in a text by `********`, also where they are escaped as in Rust's `{:?}` or in a URL.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Scrubber {
    /// Longer ones first, since one may hold another.
    secrets: Vec<Box<str>>,
}

impl Scrubber {
    /// Adds a secret.
    pub fn add(&mut self, secret: &str) {
        for form in [secret.to_owned(), secret.escape_debug().to_string(), percent_encoded(secret)]
        {
            let known = self.secrets.iter().any(|known| **known == *form);
            if !form.is_empty() && !known {
                self.secrets.push(form.into());
            }
        }
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// It knows no secret.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The text without secrets.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.secrets {
            if shown.contains(&**secret) {
                shown = Cow::Owned(shown.replace(&**secret, MASK));
            }
        }
        shown
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scrubber({} forms)", self.secrets.len())
    }
}

/// The text as it stands in a URL.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
