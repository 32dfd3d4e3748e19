//! What a record declares, as constant tables: the source of every export and the only names that can be submitted.

use super::kind::Kind;
use super::unit::UnitName;

/// One declared metric or service check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descriptor {
    /// The full name, such as `system.disk.in_use`.
    pub name: &'static str,
    /// Metric or service check.
    pub declared: Declared,
    /// The doc comment; empty if the metric is undocumented on purpose.
    pub description: &'static str,
    /// A name for legends, empty to have none; if not given, it is made of `name`.
    pub short_name: Option<&'static str>,
    /// Whether more is better.
    pub orientation: Orientation,
    /// The out-of-the-box lists that the metric is curated for (`cpu`, `memory`).
    pub curated: &'static [&'static str],
    /// The seconds between two points, where Datadog is to know them.
    pub interval: Option<u32>,
    /// The type under which Datadog shows the metric, if it is not the one that arrives.
    pub in_app: Option<InAppType>,
    /// A monotonic count reports its first value ever seen, too, and counts a reset from zero.
    pub flush_first_value: bool,
    /// The name that an exposition has for it, if a scrape fills it.
    pub from: Option<&'static str>,
}

impl Descriptor {
    /// The descriptor of a service check that stands in no record (`can_connect = "…"`).
    pub const fn service_check(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            declared: Declared::ServiceCheck,
            description,
            short_name: None,
            orientation: Orientation::Neutral,
            curated: &[],
            interval: None,
            in_app: None,
            flush_first_value: false,
            from: None,
        }
    }

    /// The metric's kind, or nothing for a service check.
    pub const fn kind(&self) -> Option<Kind> {
        match self.declared {
            Declared::Metric { kind, .. } => Some(kind),
            Declared::ServiceCheck => None,
        }
    }
}

/// Metric or service check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// A metric of a kind and unit.
    Metric {
        /// How samples become points.
        kind: Kind,
        /// What is measured.
        unit: UnitName,
    },
    /// A service check.
    ServiceCheck,
}

/// Whether a higher value is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// A higher value is worse.
    LowerIsBetter,
    /// Neither.
    #[default]
    Neutral,
    /// A higher value is better.
    HigherIsBetter,
}

impl Orientation {
    /// The number that `metadata.csv` writes: -1, 0 or 1.
    pub const fn number(self) -> i8 {
        match self {
            Self::LowerIsBetter => -1,
            Self::Neutral => 0,
            Self::HigherIsBetter => 1,
        }
    }
}

/// The type under which Datadog shows a metric.
///
/// It is a setting of its own, beside the type that arrives: a `Rate` arrives as a gauge, and integrations of Datadog show
/// it as a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InAppType {
    /// A value at a time.
    Gauge,
    /// A number per second.
    Rate,
    /// A number since the last point.
    Count,
}

impl InAppType {
    /// The name that `metadata.csv` writes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Rate => "rate",
            Self::Count => "count",
        }
    }
}

/// A tag that a record puts on its metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagKey {
    /// The part before the colon.
    pub key: &'static str,
    /// The field's doc comment; may be empty.
    pub description: &'static str,
    /// All values that are possible, if the type knows them.
    pub values: Option<&'static [&'static str]>,
    /// The tag may be absent.
    pub optional: bool,
}

/// One record type: its tags, what it declares, and the records within it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// The name of the Rust type.
    pub type_name: &'static str,
    /// The tags of everything in the record, and in the records within it.
    pub tags: &'static [TagKey],
    /// The metrics and service checks, in the order of their fields.
    pub items: &'static [Descriptor],
    /// The records within this one.
    pub nested: &'static [Nested],
}

/// A record (or several) within a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nested {
    /// The tag that tells the records of a map apart.
    pub each: Option<TagKey>,
    /// What is within.
    pub declaration: Declaration,
}

/// What a type that implements [`Metrics`](super::Metrics) may submit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Declaration {
    /// A record.
    Record(&'static Record),
    /// Everything that the members declare; none for `()`.
    All(&'static [Self]),
    /// Names that are known only at run time.
    Dynamic,
}

impl Declaration {
    /// Nothing at all.
    pub const NOTHING: Self = Self::All(&[]);

    /// The items of a record, for generated code.
    #[doc(hidden)]
    pub const fn items(&self) -> &'static [Descriptor] {
        match self {
            Self::Record(record) => record.items,
            Self::All(_) | Self::Dynamic => &[],
        }
    }

    /// Calls `visit` with every item and the tag keys that it carries, in order of declaration.
    ///
    /// A record that is declared in several places is visited once for each.
    pub fn visit(&self, visit: &mut dyn FnMut(&'static Descriptor, &[TagKey])) {
        self.walk(&mut Vec::new(), visit);
    }

    /// Some of the names are known only at run time.
    pub fn is_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::All(members) => members.iter().any(Self::is_dynamic),
            Self::Record(record) => {
                record.nested.iter().any(|nested| nested.declaration.is_dynamic())
            }
        }
    }

    fn walk(&self, tags: &mut Vec<TagKey>, visit: &mut dyn FnMut(&'static Descriptor, &[TagKey])) {
        match self {
            Self::Dynamic => {}
            Self::All(members) => members.iter().for_each(|member| member.walk(tags, visit)),
            Self::Record(record) => {
                let outer = tags.len();
                tags.extend(record.tags);
                record.items.iter().for_each(|item| visit(item, tags));
                for nested in record.nested {
                    let inner = tags.len();
                    tags.extend(nested.each);
                    nested.declaration.walk(tags, visit);
                    tags.truncate(inner);
                }
                tags.truncate(outer);
            }
        }
    }
}
