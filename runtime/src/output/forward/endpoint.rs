//! Where payloads are sent, and what it may say to one.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::output::Amount;

use super::payload::Payload;

/// A place that takes payloads: an HTTP server, mostly.
pub trait Endpoint: Send + Sync + 'static {
    /// What it is called in messages. Not an address that has a password in it.
    fn name(&self) -> &str;

    /// Sends a payload and waits for the answer, but not for ever.
    ///
    /// # Errors
    /// It was not accepted, or nobody knows whether it was.
    fn send<'a>(&'a self, payload: &'a Payload) -> Sending<'a>;
}

/// The future of [`Endpoint::send`].
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), Refusal>> + Send + 'a>>;

/// Why a payload was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What went wrong, as a fragment of a sentence, without secrets.
    pub message: String,
    /// What is to be done about it.
    pub remedy: Remedy,
    /// The endpoint has read the payload and says that something is wrong with itself, as with a status of 5xx. Where it says so
    /// again and again of one payload and takes others, it is the payload.
    pub answered: bool,
    /// Nobody knows whether it was accepted: the connection was lost before the answer. When it is sent again, that is counted.
    pub unknown: bool,
}

/// What is to be done with a payload that was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It is sent again, later and later.
    Retry {
        /// The time that the endpoint asks to be left alone.
        after: Option<Duration>,
    },
    /// It is kept and seldom sent again: as long as the key is wrong, nothing will be accepted, and when it is right, everything.
    Hold,
    /// It will never be accepted.
    Drop,
    /// So much of it will never be accepted; the rest was.
    DropPart(Amount),
}

impl Refusal {
    /// It may be accepted later.
    pub fn retry(message: impl fmt::Display) -> Self {
        Self::new(message, Remedy::Retry { after: None })
    }

    /// It may be accepted once somebody has set the key right.
    pub fn hold(message: impl fmt::Display) -> Self {
        Self::new(message, Remedy::Hold)
    }

    /// It will never be accepted.
    pub fn drop(message: impl fmt::Display) -> Self {
        Self::new(message, Remedy::Drop)
    }

    /// An error with this remedy.
    pub fn new(message: impl fmt::Display, remedy: Remedy) -> Self {
        Self { message: message.to_string(), remedy, answered: false, unknown: false }
    }

    /// The same as an answer to the payload.
    #[must_use]
    pub fn answered(self) -> Self {
        Self { answered: true, ..self }
    }

    /// The same where the payload may have been accepted.
    #[must_use]
    pub fn unknown(self) -> Self {
        Self { unknown: true, ..self }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
