//! Service checks: a status and, unless it is OK, a message.

use std::fmt;

/// The state of what a service check looks at.
///
/// OK takes no message, the others need one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// All is well.
    Ok,
    /// Something needs attention.
    Warning(String),
    /// It does not work.
    Critical(String),
    /// It could not be found out.
    Unknown(String),
}

impl Status {
    /// WARNING with this message. An error is written with its causes.
    pub fn warning(message: impl fmt::Display) -> Self {
        Self::Warning(format!("{message:#}"))
    }

    /// CRITICAL with this message. An error is written with its causes.
    pub fn critical(message: impl fmt::Display) -> Self {
        Self::Critical(format!("{message:#}"))
    }

    /// UNKNOWN with this message. An error is written with its causes.
    pub fn unknown(message: impl fmt::Display) -> Self {
        Self::Unknown(format!("{message:#}"))
    }

    /// The Agent's number: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
    pub const fn number(&self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning(_) => 1,
            Self::Critical(_) => 2,
            Self::Unknown(_) => 3,
        }
    }

    /// The name, in upper case as Datadog writes it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning(_) => "WARNING",
            Self::Critical(_) => "CRITICAL",
            Self::Unknown(_) => "UNKNOWN",
        }
    }

    /// The message, empty for OK.
    pub fn message(&self) -> &str {
        match self {
            Self::Ok => "",
            Self::Warning(message) | Self::Critical(message) | Self::Unknown(message) => message,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message() {
            "" => f.write_str(self.name()),
            message => write!(f, "{}: {message}", self.name()),
        }
    }
}

/// A service check in a record: `search.into()` makes one of a [`Status`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCheck {
    status: Status,
}

impl ServiceCheck {
    /// The status that is reported.
    pub const fn status(&self) -> &Status {
        &self.status
    }
}

impl From<Status> for ServiceCheck {
    fn from(status: Status) -> Self {
        Self { status }
    }
}

impl<E: fmt::Display> From<Result<(), E>> for ServiceCheck {
    fn from(result: Result<(), E>) -> Self {
        Self { status: result.map_or_else(Status::critical, |()| Status::Ok) }
    }
}
