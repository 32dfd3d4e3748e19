//! Why a command could not do what it was asked to.

use std::fmt;
use std::io;

use super::exit::Exit;

/// What a command ends with when it does not end well.
#[derive(Debug)]
pub(super) enum Failure {
    /// An error to be told, with a hint that may be empty.
    Told { exit: Exit, message: String, hint: String },
    /// Nobody could be told anything.
    Output(io::Error),
}

/// What a command ends with.
pub(super) type Outcome = Result<Exit, Failure>;

impl Failure {
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Told { exit: Exit::USAGE, message: message.into(), hint: hint.into() }
    }

    pub(super) fn configuration(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Told { exit: Exit::CONFIGURATION, message: message.into(), hint: hint.into() }
    }

    /// An error whose own text ends with its hints.
    pub(super) fn internal(error: &impl fmt::Display) -> Self {
        Self::Told { exit: Exit::INTERNAL, message: error.to_string(), hint: String::new() }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
