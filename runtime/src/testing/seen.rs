//! What a run under test has yielded, kept for looking at.

use std::collections::BTreeMap;

use crate::check::Entry;
use crate::metric::{Batch, Descriptor, Event, Log, Status, Tags};
use crate::run::{RunOutcome, RunReport};

/// What a run has yielded.
#[derive(Debug, Clone)]
pub struct Run {
    pub(super) entry: &'static Entry,
    /// How it ended, and its counts.
    pub report: RunReport,
    /// The samples, in the order of submission.
    pub metrics: Vec<SeenMetric>,
    /// The service checks, in the order of submission.
    pub service_checks: Vec<SeenServiceCheck>,
    /// The events.
    pub events: Vec<Event>,
    /// The log lines.
    pub logs: Vec<Log>,
    /// What the check said about its instance, such as `version.raw`.
    pub metadata: BTreeMap<String, String>,
}

/// A sample.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenMetric {
    /// What it is a value of.
    pub descriptor: &'static Descriptor,
    /// The value.
    pub value: f64,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// The host that its record names, if any.
    pub host: Option<String>,
}

/// A service check.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenServiceCheck {
    /// Which one.
    pub descriptor: &'static Descriptor,
    /// The state.
    pub status: Status,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// The host that its record names, if any.
    pub host: Option<String>,
}

impl Run {
    pub(super) fn new(
        entry: &'static Entry,
        report: RunReport,
        batch: &Batch,
        metadata: &BTreeMap<String, String>,
    ) -> Self {
        let metrics = batch.samples().map(|sample| SeenMetric {
            descriptor: sample.descriptor,
            value: sample.value,
            tags: sorted(sample.tags),
            host: sample.host.map(str::to_owned),
        });
        let service_checks = batch.service_checks().map(|check| SeenServiceCheck {
            descriptor: check.descriptor,
            status: check.status.clone(),
            tags: sorted(check.tags),
            host: check.host.map(str::to_owned),
        });
        Self {
            entry,
            report,
            metrics: metrics.collect(),
            service_checks: service_checks.collect(),
            events: batch.events().to_vec(),
            logs: batch.logs().to_vec(),
            metadata: metadata.clone(),
        }
    }

    /// The values of a metric, in the order of submission.
    pub fn values(&self, name: &str) -> Vec<f64> {
        self.named(name).map(|metric| metric.value).collect()
    }

    /// The status of a service check that was submitted once.
    pub fn status(&self, name: &str) -> Option<&Status> {
        let mut found = self.service_checks.iter().filter(|check| check.descriptor.name == name);
        found.next().filter(|_| found.next().is_none()).map(|check| &check.status)
    }

    /// The run ended well.
    pub const fn is_ok(&self) -> bool {
        matches!(self.report.outcome, RunOutcome::Ok)
    }

    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a SeenMetric> {
        self.metrics.iter().filter(move |metric| metric.descriptor.name == name)
    }
}

fn sorted(tags: Tags<'_>) -> Vec<String> {
    let mut tags: Vec<String> = tags.map(str::to_owned).collect();
    tags.sort();
    tags
}
