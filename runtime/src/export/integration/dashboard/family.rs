//! Families of metrics: those that one graph shows together.

use crate::aggregate::SeriesKind;
use crate::export::declared::{DeclaredMetric, declared_metrics};
use crate::export::integration::facts::Known;
use crate::export::text::title;
use crate::metric::Kind;

/// How many metrics a graph shows at most.
const MOST: usize = 6;

/// How many tags tell the lines of a graph apart at most.
const MOST_TAGS: usize = 3;

/// The aggregates of a histogram that a graph shows: the number of values has no place beside them.
const AGGREGATES: [(&str, &str); 3] =
    [(".avg", "average"), (".max", "maximum"), (".95percentile", "95th percentile")];

/// Metrics of one part of the check that have their unit and their tags in common.
pub(super) struct Family {
    /// The group that the graph stands in.
    pub(super) group: String,
    pub(super) unit: (&'static str, &'static str),
    /// Counts are summed and shown as bars.
    pub(super) is_count: bool,
    /// The tags of the record, by which lines are told apart.
    pub(super) tags: Vec<&'static str>,
    pub(super) metrics: Vec<Shown>,
    /// The name of the histogram whose aggregates these are.
    pub(super) histogram: Option<String>,
    /// One of its metrics is on a list of Datadog's own.
    pub(super) is_curated: bool,
}

/// A metric of a graph.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) label: String,
}

/// The families of a check in order of declaration.
pub(super) fn families(facts: &Known) -> Vec<Family> {
    let mut families = Vec::<Family>::new();
    let mut seen = Vec::new();
    for metric in declared_metrics(facts.entry) {
        // A name may be declared twice, with other tags.
        if seen.contains(&metric.descriptor.name) {
            continue;
        }
        seen.push(metric.descriptor.name);
        let Some(family) = Family::of(&metric, facts) else { continue };
        match families.iter_mut().find(|known| known.takes(&family)) {
            Some(known) => known.metrics.extend(family.metrics),
            None => families.push(family),
        }
    }
    families
}

impl Family {
    fn of(metric: &DeclaredMetric, facts: &Known) -> Option<Self> {
        let name = metric.descriptor.name;
        let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
        let is_histogram = metric.kind == Kind::Histogram;
        let metrics = if is_histogram { aggregates(name) } else { vec![Shown::of(name, last)] };
        let row = facts.rows.iter().find(|row| row.metric_name == metrics[0].name)?;
        let tags = metric.tags.iter().filter(|tag| !tag.optional).map(|tag| tag.key);
        Some(Self {
            group: group(parent, facts),
            unit: (row.unit_name, row.per_unit_name),
            is_count: row.metric_type == SeriesKind::Count.name(),
            tags: tags.take(MOST_TAGS).collect(),
            metrics,
            histogram: is_histogram.then(|| words(last)),
            is_curated: !metric.descriptor.curated.is_empty(),
        })
    }

    /// Whether the metrics of another family belong to this one. A histogram is a family by itself.
    fn takes(&self, other: &Self) -> bool {
        self.histogram.is_none()
            && other.histogram.is_none()
            && self.metrics.len() < MOST
            && self.group == other.group
            && self.unit == other.unit
            && (self.is_count, self.is_curated) == (other.is_count, other.is_curated)
            && self.tags == other.tags
    }

    /// What the graph shows, in words.
    pub(super) fn title(&self) -> String {
        if let Some(histogram) = &self.histogram {
            return capital(histogram);
        }
        let labels: Vec<_> = self.metrics.iter().map(|metric| metric.label.as_str()).collect();
        capital(&labels.join(", "))
    }
}

impl Shown {
    fn of(name: &str, last: &str) -> Self {
        Self { name: name.to_owned(), label: words(last) }
    }
}

fn aggregates(name: &str) -> Vec<Shown> {
    let shown = |(suffix, label): (&str, &str)| Shown {
        name: format!("{name}{suffix}"),
        label: label.to_owned(),
    };
    AGGREGATES.map(shown).into()
}

/// The group of a part of the check: its name without the integration's prefix.
fn group(parent: &str, facts: &Known) -> String {
    let prefix = facts.prefix.trim_end_matches('.');
    match parent.strip_prefix(prefix).map(|rest| rest.trim_matches('.')) {
        Some("") => facts.display_name().to_owned(),
        Some(part) => title(part),
        None => title(parent),
    }
}

fn words(name: &str) -> String {
    name.replace(['_', '.'], " ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
