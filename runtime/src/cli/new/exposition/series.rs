//! Samples of one name, and the kind of field that they become.

use std::collections::{BTreeMap, HashSet};

use crate::openmetrics::parse::{FamilyType, Part};

/// The samples of a name.
pub(super) struct Series {
    /// The name, as the lines write it.
    pub(super) name: String,
    pub(super) field: Field,
    /// What `# HELP` says.
    pub(super) help: String,
    /// What `# UNIT` says.
    pub(super) unit: String,
    /// It has samples of several types.
    pub(super) is_mixed: bool,
    pub(super) labels: BTreeMap<String, Label>,
    pub(super) samples: usize,
    /// Hashes of the sets of labels.
    pub(super) rows: HashSet<u64>,
}

/// A label of a series.
#[derive(Default, Clone, Copy)]
pub(super) struct Label {
    /// How many samples have it.
    pub(super) samples: usize,
    /// One of them is no number.
    pub(super) is_text: bool,
}

impl Label {
    pub(super) fn add(&mut self, value: &str) {
        self.samples += 1;
        self.is_text |= value.trim().parse::<f64>().is_err();
    }
}

/// What a series becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Gauge,
    Quantile,
    Total,
    Sum,
    Count,
    Buckets,
}

impl Field {
    /// The field for a sample of a name, in a family of a type. What is typeless and ends in `_total` is one.
    pub(super) fn of(name: &str, kind: FamilyType, part: Part) -> Self {
        match (kind, part) {
            (FamilyType::Counter, _) => Self::Total,
            (FamilyType::Histogram, Part::Bucket) => Self::Buckets,
            (FamilyType::Histogram | FamilyType::Summary, Part::Sum) => Self::Sum,
            (FamilyType::Histogram | FamilyType::Summary, Part::Count) => Self::Count,
            (FamilyType::Summary, _) => Self::Quantile,
            (FamilyType::Unknown, _) if name.ends_with("_total") => Self::Total,
            _ => Self::Gauge,
        }
    }

    /// The type of the field, but for the unit.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Gauge | Self::Quantile => "Gauge",
            Self::Total | Self::Sum | Self::Count => "MonotonicCount",
            Self::Buckets => "Buckets",
        }
    }
}

impl Series {
    /// The name without what only says which part of its family it is, and what stands for that in the name of a metric.
    pub(super) fn stem(&self) -> (&str, &'static str) {
        let without = |end: &str| self.name.strip_suffix(end).unwrap_or(&self.name);
        match self.field {
            Field::Gauge => (&self.name, ""),
            Field::Quantile => (&self.name, ".quantile"),
            Field::Total => (without("_total"), ""),
            Field::Sum => (without("_sum"), ".sum"),
            Field::Count => (without("_count"), ".count"),
            Field::Buckets => (without("_bucket"), ""),
        }
    }
}
