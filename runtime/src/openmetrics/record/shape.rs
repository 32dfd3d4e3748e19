//! What a record takes from a scrape, as constant tables.

use crate::metric::Kind;

/// What a record takes.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The name of the Rust type.
    pub type_name: &'static str,
    /// The labels that its tags and its host are made of, in their order.
    pub labels: &'static [LabelSource],
    /// The samples that its metrics are made of, in the order of the fields.
    pub sources: &'static [Source],
    /// What the records within it take.
    pub nested: &'static [Needs],
}

impl Shape {
    /// Nothing at all.
    pub const NOTHING: Self = Self { type_name: "", labels: &[], sources: &[], nested: &[] };
}

/// What a type takes that is made of records.
#[derive(Debug, Clone, Copy)]
pub enum Needs {
    /// A record.
    Record(&'static Shape),
    /// Several types; none for `()`.
    All(&'static [Self]),
}

impl Needs {
    /// How many records there are in it, those within records included.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Record(shape) => 1 + shape.nested.iter().map(Self::count).sum::<usize>(),
            Self::All(members) => members.iter().map(Self::count).sum(),
        }
    }
}

/// A label that becomes a tag.
#[derive(Debug, Clone, Copy)]
pub struct LabelSource {
    /// Its name in the exposition.
    pub name: &'static str,
    /// Whether a text can be the tag's value.
    pub reads: fn(&str) -> bool,
}

/// The samples that become a metric.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The name of the field.
    pub field: &'static str,
    /// The name of the samples, as the lines write it.
    pub metric: &'static str,
    /// What their labels must be.
    pub conditions: &'static [LabelCondition],
    /// What the field takes of a sample.
    pub takes: Takes,
    /// The field's kind; none for a service check.
    pub kind: Option<Kind>,
    /// The field may be without a value.
    pub optional: bool,
    /// Samples that only labels tell apart which are no tags are added up.
    pub sum: bool,
    /// It does not matter what type the exposition gives them.
    pub any_type: bool,
    /// The values that stand for a status.
    pub levels: &'static [(StateLevel, f64)],
}

impl Source {
    /// What it becomes is compared with what it was in the last run.
    pub(super) const fn remembers(&self) -> bool {
        matches!(self.kind, Some(Kind::MonotonicCount | Kind::Distribution))
    }

    /// It is a sum that must not fall when one of its series ends.
    pub(super) const fn is_growing_sum(&self) -> bool {
        self.sum && matches!(self.takes, Takes::Total | Takes::Bucket)
    }
}

/// What a label must be.
#[derive(Debug, Clone, Copy, Hash)]
pub struct LabelCondition {
    /// Its name.
    pub label: &'static str,
    /// Its value; that of an absent label is empty.
    pub value: &'static str,
    /// It must be that value, and not any other.
    pub equal: bool,
}

/// What a field takes of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A value as it is now.
    Value,
    /// A total that only grows.
    Total,
    /// The state that a value stands for.
    State,
    /// A bucket of a histogram.
    Bucket,
}

/// A status that a value stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateLevel {
    /// OK
    Ok,
    /// WARNING
    Warning,
    /// CRITICAL
    Critical,
}
