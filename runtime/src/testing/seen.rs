//! What a run under test has yielded, kept for looking at.

use std::collections::BTreeMap;

use crate::check::Entry;
use crate::metric::{Batch, Bucket, Declared, Descriptor, Event, Log, Status, Tags};
use crate::run::{RunOutcome, RunReport};

/// What a run has yielded.
#[derive(Debug, Clone)]
pub struct Run {
    pub(super) entry: &'static Entry,
    /// How it ended, and its counts.
    pub report: RunReport,
    /// The samples, in the order of submission.
    pub metrics: Vec<SeenMetric>,
    /// The buckets of histograms that are submitted as distributions, in the order of submission.
    pub buckets: Vec<SeenBucket>,
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
    /// The full name.
    pub name: String,
    /// Kind and unit.
    pub declared: Declared,
    /// A monotonic count reports its first value ever seen, too.
    pub flush_first_value: bool,
    /// The value.
    pub value: f64,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// The host that its record names, if any.
    pub host: Option<String>,
}

/// A bucket of a histogram that is submitted as a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenBucket {
    /// The full name.
    pub name: String,
    /// Count and bounds.
    pub bucket: Bucket,
    /// The first count ever seen is reported, too.
    pub flush_first_value: bool,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// The host that it names, if any.
    pub host: Option<String>,
}

/// A service check.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenServiceCheck {
    /// The full name.
    pub name: String,
    /// The declaration, unless the name is known only at run time.
    pub descriptor: Option<&'static Descriptor>,
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
            name: sample.metric.name().to_owned(),
            declared: sample.metric.declared(),
            flush_first_value: sample.flush_first_value,
            value: sample.value,
            tags: sorted(sample.tags),
            host: sample.host.map(str::to_owned),
        });
        let buckets = batch.buckets().map(|sample| SeenBucket {
            name: sample.metric.name().to_owned(),
            bucket: sample.bucket,
            flush_first_value: sample.flush_first_value,
            tags: sorted(sample.tags),
            host: sample.host.map(str::to_owned),
        });
        let service_checks = batch.service_checks().map(|check| SeenServiceCheck {
            name: check.metric.name().to_owned(),
            descriptor: check.metric.descriptor(),
            status: check.status.clone(),
            tags: sorted(check.tags),
            host: check.host.map(str::to_owned),
        });
        Self {
            entry,
            report,
            metrics: metrics.collect(),
            buckets: buckets.collect(),
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
        let mut found = self.service_checks.iter().filter(|check| check.name == name);
        found.next().filter(|_| found.next().is_none()).map(|check| &check.status)
    }

    /// The run ended well.
    pub const fn is_ok(&self) -> bool {
        matches!(self.report.outcome, RunOutcome::Ok)
    }

    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a SeenMetric> {
        self.metrics.iter().filter(move |metric| metric.name == name)
    }
}

fn sorted(tags: Tags<'_>) -> Vec<String> {
    let mut tags: Vec<String> = tags.map(str::to_owned).collect();
    tags.sort();
    tags
}
