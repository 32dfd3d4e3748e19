//! What is made of the samples of a family, by its type and the settings of its entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::metric::{DynamicMetric, Kind};
use crate::openmetrics::entry::{Level, Target};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::FamilyType;

/// What is made of each sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    Counter,
    Gauge,
    Histogram(Buckets),
    Summary,
    CounterGauge,
    Rate,
    Percent(f64),
    Elapsed,
    ServiceCheck(Arc<BTreeMap<i64, Level>>),
    Metadata { name: Arc<str>, label: Arc<str> },
}

/// What is made of the buckets of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Buckets {
    /// Nothing.
    Ignored,
    /// Counts of all that lies below the upper bound.
    Cumulative,
    /// Counts of what lies between the bounds.
    Separate,
    /// Distributions.
    Distributed {
        /// Sums and counts are submitted, too.
        counters: bool,
        /// Bounds are no tags.
        hidden: bool,
    },
}

impl Buckets {
    pub(super) const fn of(options: &Options) -> Self {
        let counters = options.collect_counters_with_distributions;
        let hidden = options.collect_histograms_as_distributions;
        if counters || hidden || options.histogram_buckets_as_distributions {
            Self::Distributed { counters, hidden }
        } else if !options.collect_histogram_buckets {
            Self::Ignored
        } else if options.non_cumulative_histogram_buckets {
            Self::Separate
        } else {
            Self::Cumulative
        }
    }
}

/// The metrics that the samples of a family become.
#[derive(Debug, Clone)]
pub(super) struct Transform {
    pub(super) action: Action,
    /// By the part of the sample, as `FIRST`, `SUM` and `COUNT` name them.
    pub(super) metrics: [Option<Arc<DynamicMetric>>; 3],
}

/// The place of a family's own metric: its value, its buckets, its quantiles.
pub(super) const FIRST: usize = 0;
/// The place of its sum.
pub(super) const SUM: usize = 1;
/// The place of its count.
pub(super) const COUNT: usize = 2;

impl Transform {
    /// What a target makes of a family of this type under a name; nothing where it says nothing about such families.
    pub(super) fn new(
        target: &Target,
        kind: FamilyType,
        name: &str,
        options: &Options,
    ) -> Option<Self> {
        let buckets = Buckets::of(options);
        let action = match target {
            Target::Native | Target::NativeDynamic => match kind {
                FamilyType::Counter => Action::Counter,
                FamilyType::Gauge => Action::Gauge,
                FamilyType::Histogram => Action::Histogram(buckets),
                FamilyType::Summary => Action::Summary,
                _ => return None,
            },
            Target::Counter => Action::Counter,
            Target::Gauge => Action::Gauge,
            Target::Histogram => Action::Histogram(buckets),
            Target::Summary => Action::Summary,
            Target::CounterGauge => Action::CounterGauge,
            Target::Rate => Action::Rate,
            Target::TemporalPercent(scale) => Action::Percent(*scale),
            Target::TimeElapsed => Action::Elapsed,
            Target::ServiceCheck(levels) => Action::ServiceCheck(Arc::new(levels.clone())),
            Target::Metadata(label) => {
                Action::Metadata { name: name.into(), label: label.as_str().into() }
            }
        };
        let metrics = match options.namespace.as_str() {
            "" => metrics(&action, name),
            namespace => metrics(&action, &format!("{namespace}.{name}")),
        };
        Some(Self { action, metrics })
    }
}

fn metrics(action: &Action, name: &str) -> [Option<Arc<DynamicMetric>>; 3] {
    let metric = |ending: &str, kind| Some(DynamicMetric::metric(format!("{name}{ending}"), kind));
    let total = |ending| metric(ending, Kind::MonotonicCount);
    match action {
        Action::Counter => [None, None, total(".count")],
        Action::Gauge | Action::Elapsed => [metric("", Kind::Gauge), None, None],
        Action::Rate | Action::Percent(_) => [metric("", Kind::Rate), None, None],
        Action::CounterGauge => [metric(".total", Kind::Gauge), None, total(".count")],
        Action::Summary => [metric(".quantile", Kind::Gauge), total(".sum"), total(".count")],
        Action::Histogram(Buckets::Ignored) => [None, total(".sum"), total(".count")],
        Action::Histogram(Buckets::Cumulative | Buckets::Separate) => {
            [total(".bucket"), total(".sum"), total(".count")]
        }
        Action::Histogram(Buckets::Distributed { counters: true, .. }) => {
            [metric("", Kind::Distribution), total(".sum"), total(".count")]
        }
        Action::Histogram(Buckets::Distributed { .. }) => {
            [metric("", Kind::Distribution), None, None]
        }
        Action::ServiceCheck(_) => [Some(DynamicMetric::service_check(name)), None, None],
        Action::Metadata { .. } => [None, None, None],
    }
}
