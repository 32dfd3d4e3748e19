//! Text that never shows: a password, a token.

use std::fmt;

/// Text that shows as `********` everywhere but where it is asked for by name.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

/// What is shown in place of a secret.
pub(crate) const MASK: &str = "********";

impl Secret {
    /// Keeps a text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
