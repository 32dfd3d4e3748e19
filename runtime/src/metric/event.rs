//! Events and log records that a check sends beside its metrics.

use super::unit::Unit;

/// Something that happened, for Datadog's event stream.
///
/// The type is also the unit `event`, so `Count<Event>` counts events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Headline, at most 100 characters in Datadog.
    pub title: String,
    /// What happened; Markdown between `%%%` lines is rendered.
    pub text: String,
    /// How bad it is.
    pub alert_type: AlertType,
    /// Whether it is shown by default.
    pub priority: Priority,
    /// Events with the same key are shown as one.
    pub aggregation_key: Option<String>,
    /// A finer type within the source, such as `config_change`.
    pub event_type: Option<String>,
    /// Seconds since the Unix epoch; the time of submission if absent.
    pub timestamp: Option<u64>,
    /// The host it belongs to; the default host if absent.
    pub host: Option<String>,
    /// Tags, beside those of the instance.
    pub tags: Vec<String>,
}

impl Event {
    /// An event of type info and normal priority.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            alert_type: AlertType::Info,
            priority: Priority::Normal,
            aggregation_key: None,
            event_type: None,
            timestamp: None,
            host: None,
            tags: Vec::new(),
        }
    }

    /// Sets how bad it is.
    #[must_use]
    pub const fn alert_type(mut self, alert_type: AlertType) -> Self {
        self.alert_type = alert_type;
        self
    }

    /// Sets the priority to low.
    #[must_use]
    pub const fn low_priority(mut self) -> Self {
        self.priority = Priority::Low;
        self
    }

    /// Sets the key by which events are shown as one.
    #[must_use]
    pub fn aggregation_key(mut self, key: impl Into<String>) -> Self {
        self.aggregation_key = Some(key.into());
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn tag(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        self.tags.push(format!("{key}:{value}"));
        self
    }
}

impl Unit for Event {
    const NAME: &'static str = "event";
}

/// How bad an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertType {
    /// Something failed.
    Error,
    /// Something may fail.
    Warning,
    /// Something happened.
    Info,
    /// Something went well.
    Success,
}

impl AlertType {
    /// The name that Datadog uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Success => "success",
        }
    }
}

/// Whether an event is shown by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Shown.
    Normal,
    /// Hidden unless asked for.
    Low,
}

impl Priority {
    /// The name that Datadog uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

/// A log line that a check collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The text.
    pub message: String,
    /// The level or status, such as `error`; info if absent.
    pub status: Option<String>,
    /// Milliseconds since the Unix epoch; the time of submission if absent.
    pub timestamp_ms: Option<u64>,
    /// Tags, beside those of the instance.
    pub tags: Vec<String>,
}

impl Log {
    /// A log line without level and time of its own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: None, timestamp_ms: None, tags: Vec::new() }
    }
}
