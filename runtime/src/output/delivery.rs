//! What one run of an instance yielded, ready to be sent.

use std::borrow::Cow;
use std::sync::Arc;

use crate::aggregate::{Series, SketchSeries};
use crate::metric::{Event, Log, ServiceCheckSample, Status};

use super::amount::Amount;

/// What one run of an instance yielded.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The check.
    pub check: &'static str,
    /// The instance's id.
    pub instance: Arc<str>,
    /// The host, for what names none of its own; none for what belongs to no host.
    pub host: Option<Arc<str>>,
    /// When the run ended, in seconds since the Unix epoch.
    pub time: f64,
    /// The instance's tags, which events and log lines have besides their own.
    pub tags: Arc<[String]>,
    /// Points of series.
    pub series: Vec<Series>,
    /// Sketches of distributions.
    pub sketches: Vec<SketchSeries>,
    /// Service checks.
    pub service_checks: Vec<ServiceCheckPoint>,
    /// Events, as the check made them.
    pub events: Vec<Event>,
    /// Log lines, as the check made them.
    pub logs: Vec<Log>,
}

impl Delivery {
    /// How much it holds.
    pub const fn amount(&self) -> Amount {
        Amount {
            series: self.series.len() as u64,
            sketches: self.sketches.len() as u64,
            service_checks: self.service_checks.len() as u64,
            events: self.events.len() as u64,
            logs: self.logs.len() as u64,
        }
    }

    /// It holds nothing.
    pub const fn is_empty(&self) -> bool {
        self.amount().total() == 0
    }

    /// The host of what names none of its own; empty for what belongs to no host.
    pub fn host(&self) -> &str {
        self.host.as_deref().unwrap_or_default()
    }
}

/// A service check that a run submitted.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceCheckPoint {
    /// Which one.
    pub name: Cow<'static, str>,
    /// The state.
    pub status: Status,
    /// All its tags.
    pub tags: Vec<String>,
    /// The host, if it names one of its own.
    pub host: Option<String>,
    /// Seconds since the Unix epoch.
    pub timestamp: i64,
}

impl ServiceCheckPoint {
    /// A service check that was submitted in a run, at a time in seconds since the Unix epoch.
    pub fn of(sample: &ServiceCheckSample<'_>, time: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole seconds since the epoch are meant"
        )]
        let timestamp = time as i64;
        Self {
            name: sample.metric.static_or_owned_name(),
            status: sample.status.clone(),
            tags: sample.tags.clone().map(str::to_owned).collect(),
            host: sample.host.map(str::to_owned),
            timestamp,
        }
    }
}
