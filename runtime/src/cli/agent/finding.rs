//! What was found about a library.

use serde_json::{Value, json};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// As it should be.
    Fine,
    /// The library is loaded all the same.
    Warning,
    /// The loader refuses the library, or it cannot do what it is there for.
    Error,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    /// What was looked at.
    pub(super) what: &'static str,
    pub(super) message: String,
    /// What to do about it; empty if nothing need be done.
    pub(super) hint: String,
}

impl Finding {
    pub(super) fn fine(what: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Fine, what, message: message.into(), hint: String::new() }
    }

    pub(super) fn warning(
        what: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let (message, hint) = (message.into(), hint.into());
        Self { severity: Severity::Warning, what, message, hint }
    }

    pub(super) fn error(
        what: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Error, ..Self::warning(what, message, hint) }
    }

    pub(super) fn json(&self) -> Value {
        let severity = match self.severity {
            Severity::Fine => "ok",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        json!({ "what": self.what, "severity": severity, "message": self.message, "hint": self.hint })
    }
}
