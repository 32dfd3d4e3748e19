//! Who takes what a run yields: the Agent through its callbacks, or a class of Python's.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_int, c_long};

use crate::metric::{Bucket, Kind, Log, Tags};

use super::text::TagList;

/// Takes what a run yields, one thing at a time, while the run's caller waits.
pub(super) trait Receiver {
    /// The host keeps what a run has submitted that ends with an error.
    fn keeps_failed_runs(&self) -> bool;

    /// The host itself honours `service` and `empty_default_hostname`.
    fn honours_common_options(&self) -> bool;

    /// The host says when it needs an instance no more.
    fn closes_instances(&self) -> bool;

    /// What the check has in its cache, which has changed, for a host that keeps it longer than the library lives.
    fn cache(&self, entries: &BTreeMap<String, String>);

    /// A sample.
    fn metric(
        &self,
        kind: MetricType,
        name: &CStr,
        value: f64,
        scope: Scope<'_>,
        flush_first: bool,
    );

    /// A value of a distribution.
    fn distribution(&self, name: &CStr, value: f64, scope: Scope<'_>);

    /// A bucket of a histogram.
    fn bucket(&self, name: &CStr, bucket: &Bucket, scope: Scope<'_>, flush_first: bool);

    /// A service check.
    fn service_check(&self, name: &CStr, status: u8, scope: Scope<'_>, message: &CStr);

    /// An event.
    fn event(&self, event: &EventTexts<'_>);

    /// A log line of the check's, and the tags of its instance.
    fn log_line(&self, log: &Log, tags: Tags<'_>);

    /// Something that the user should know, and that is no error.
    fn warn(&self, message: &str);

    /// So many samples were not kept, since there were more than the instance may have.
    fn beyond_limit(&self, count: u64);

    /// A fact about what is watched.
    fn metadata(&self, name: &str, value: &str);

    /// A line for the host's own log. Tells whether there is one.
    fn log(&self, level: Level, message: &str) -> bool;
}

/// What a thing belongs to.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) tags: &'s TagList<'s>,
    /// Empty for the host's own name.
    pub(super) host: &'s CStr,
}

/// An event, as its receiver wants it.
pub(super) struct EventTexts<'e> {
    pub(super) title: &'e CStr,
    pub(super) text: &'e CStr,
    /// Seconds since the Unix epoch.
    pub(super) timestamp: c_long,
    pub(super) priority: &'e CStr,
    pub(super) scope: Scope<'e>,
    pub(super) alert_type: &'e CStr,
    pub(super) aggregation_key: Option<&'e CStr>,
    pub(super) source_type_name: &'e CStr,
    pub(super) event_type: Option<&'e CStr>,
}

/// How the Agent aggregates a metric, by its own numbers (`metric_type_t`). A distribution has none; it comes as histogram buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(super) enum MetricType {
    Gauge = 0,
    Rate = 1,
    Count = 2,
    MonotonicCount = 3,
    Histogram = 5,
}

impl MetricType {
    /// The type of a kind; none for a distribution.
    pub(super) const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Gauge => Some(Self::Gauge),
            Kind::Rate => Some(Self::Rate),
            Kind::Count => Some(Self::Count),
            Kind::MonotonicCount => Some(Self::MonotonicCount),
            Kind::Histogram => Some(Self::Histogram),
            Kind::Distribution => None,
        }
    }

    pub(super) const fn number(self) -> c_int {
        self as c_int
    }
}

/// How important a line of the log is, by the Agent's numbers, which are Python's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(super) enum Level {
    Trace = 7,
    Debug = 10,
    Info = 20,
    Warning = 30,
    Error = 40,
    Critical = 50,
}

impl Level {
    /// The level of a log line's status, as Datadog reads it; info for any other word.
    pub(super) fn of(status: &str) -> Self {
        let is = |words: &[&str]| words.iter().any(|word| status.eq_ignore_ascii_case(word));
        match () {
            () if is(&["emergency", "emerg", "alert", "critical", "crit", "fatal"]) => {
                Self::Critical
            }
            () if is(&["error", "err"]) => Self::Error,
            () if is(&["warning", "warn"]) => Self::Warning,
            () if is(&["debug"]) => Self::Debug,
            () if is(&["trace"]) => Self::Trace,
            () => Self::Info,
        }
    }

    pub(super) const fn number(self) -> c_int {
        self as c_int
    }
}

/// A value as the interface takes the bounds of a bucket, no greater than the greatest.
pub(super) fn narrowed(value: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "that is what the interface takes")]
    let narrow = value as f32;
    narrow.clamp(f32::MIN, f32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_datadog_does() {
        let levels = [
            ("ERROR", 40),
            ("warn", 30),
            ("Fatal", 50),
            ("notice", 20),
            ("debug", 10),
            ("trace", 7),
            ("", 20),
        ];
        for (status, number) in levels {
            assert_eq!(Level::of(status).number(), number, "{status}");
        }
    }
}
