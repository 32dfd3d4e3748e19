//! What a commit yields: points of time series and sketches.

use std::sync::Arc;

use crate::metric::{Kind, MetricName, UnitName};

use super::sketch::Sketch;
use super::tag_set::TagSet;

/// What a commit took out of a sampler, in the order in which the contexts were first seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flush {
    /// A point for every series that has one.
    pub series: Vec<Series>,
    /// The sketches of distributions.
    pub sketches: Vec<SketchSeries>,
    /// Points that could not be computed.
    pub rejected: Rejected,
}

/// A point of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The metric's name; for an aggregate of a histogram with its suffix.
    pub name: MetricName,
    /// How Datadog reads the value.
    pub kind: SeriesKind,
    /// What is measured.
    pub unit: &'static UnitName,
    /// Seconds since the Unix epoch.
    pub timestamp: i64,
    /// The value at that time.
    pub value: f64,
    /// The tags, and the host if it is not the default one.
    pub tags: Arc<TagSet>,
}

impl Series {
    /// The seconds that a point stands for: 0, as for all series of the Agent's checks.
    pub const INTERVAL: i64 = 0;
}

/// How Datadog reads a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SeriesKind {
    /// A value at a time.
    Gauge,
    /// A number per second.
    Rate,
    /// A number since the last point.
    Count,
}

impl SeriesKind {
    /// The name that Datadog uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Rate => "rate",
            Self::Count => "count",
        }
    }
}

/// The unit in which a metric of a kind and declared unit arrives: the growth of a `Rate` is per second.
///
/// A time per second is a fraction, per mille or nothing that Datadog knows. A rate declared as a quotient is left as it is.
pub fn unit_of_series(kind: Kind, unit: UnitName) -> UnitName {
    if kind != Kind::Rate || unit.name.is_empty() || !unit.per.is_empty() {
        return unit;
    }
    match unit.name {
        "second" => UnitName { name: "fraction", per: "" },
        "millisecond" => UnitName { name: "permille", per: "" },
        "nanosecond" | "microsecond" | "minute" | "hour" | "day" | "week" => {
            UnitName { name: "", per: "" }
        }
        name => UnitName { name, per: "second" },
    }
}

/// A sketch of a distribution, made of the samples of one second.
#[derive(Debug, Clone, PartialEq)]
pub struct SketchSeries {
    /// The metric's name.
    pub name: MetricName,
    /// What is measured.
    pub unit: &'static UnitName,
    /// Seconds since the Unix epoch.
    pub timestamp: i64,
    /// The samples.
    pub sketch: Sketch,
    /// The tags, and the host if it is not the default one.
    pub tags: Arc<TagSet>,
}

/// Points that could not be computed, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rejected {
    /// The total of a `Rate` went down, as after a restart of what is watched.
    pub negative_rates: u64,
    /// A `Rate` has no time between its last two samples: two in one run, or the clock was set back.
    pub timeless_rates: u64,
    /// Samples of series beyond the million that an instance may have.
    pub over_limit: u64,
    /// Values of a histogram beyond the million that one may have between two commits.
    pub overfull_histograms: u64,
}

impl Rejected {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.negative_rates + self.timeless_rates + self.over_limit + self.overfull_histograms
    }
}
