//! `metadata.csv` of a check, as Datadog's validator of integrations wants it: a row for every metric that arrives.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use crate::aggregate::{HISTOGRAM_AGGREGATES, SeriesKind, unit_of_series};
use crate::check::{Entry, Location};
use crate::metric::{InAppType, Kind, Orientation};

use super::csv;
use super::declared::{DeclaredMetric, declared_metrics};
use super::text::{integration_of, one_line};

/// The columns of `metadata.csv`.
pub const METADATA_HEADER: [&str; 11] = [
    "metric_name",
    "metric_type",
    "interval",
    "unit_name",
    "per_unit_name",
    "description",
    "orientation",
    "integration",
    "short_name",
    "curated_metric",
    "sample_tags",
];

/// What the names of any integration's metrics may begin with; the list is that of `ddev validate metadata`.
pub(super) const FREE_PREFIXES: [&str; 8] =
    ["system.", "jvm.", "http.", "datadog.", "sftp.", "process.", "runtime.", "otelcol_"];

/// The longest description that Datadog's validator accepts, in characters.
pub(super) const MAX_DESCRIPTION: usize = 400;

/// What descriptions and short names say of a histogram's aggregates, in the order of `HISTOGRAM_AGGREGATES`.
pub(super) const AGGREGATE_TEXTS: [(&str, &str); 5] = [
    ("maximum", "max"),
    ("median", "median"),
    ("average", "avg"),
    ("values per second", "count"),
    ("95th percentile", "p95"),
];

/// A row of `metadata.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataRow {
    /// The name that Datadog shows.
    pub metric_name: String,
    /// The type under which Datadog shows it: `gauge`, `rate` or `count`.
    pub metric_type: &'static str,
    /// The seconds between two points, if Datadog is to know them.
    pub interval: Option<u32>,
    /// The unit, empty if there is none.
    pub unit_name: &'static str,
    /// The unit that it is divided by, empty if it is not a quotient.
    pub per_unit_name: &'static str,
    /// What it is, on one line; empty if it is undocumented on purpose.
    pub description: String,
    /// 1 if a higher value is better, -1 if it is worse, else 0.
    pub orientation: i8,
    /// The name of the integration: the check's name for people, as Datadog writes it here.
    pub integration: String,
    /// A name for legends; empty if it has none.
    pub short_name: String,
    /// The lists that it is curated for.
    pub curated_metric: String,
    /// The keys of its tags.
    pub sample_tags: Vec<&'static str>,
}

/// Why there is no `metadata.csv` of a check: everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataError {
    /// The check.
    pub check: &'static str,
    /// Where it is written.
    pub location: Location,
    /// Each problem with its hint.
    pub problems: Vec<String>,
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check `{}` ({}) has no valid metadata", self.check, self.location)?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
}

impl std::error::Error for MetadataError {}

/// The rows of a check, sorted by name.
///
/// The types are those that Datadog stores, unless `in_app` says otherwise: a rate arrives as a gauge, a monotonic count as a count, a histogram as its
/// aggregates (the number of values as a rate). A distribution is one row of type gauge, because the file knows no type of
/// its own for it and all that can be asked of it (average, maximum, percentiles) are values in its unit.
///
/// # Errors
/// Metrics declared twice with different content, and units that Datadog's validator refuses; all of them at once.
pub fn metadata(entry: &'static Entry) -> Result<Vec<MetadataRow>, MetadataError> {
    let mut rows = BTreeMap::<String, MetadataRow>::new();
    let mut problems = Vec::new();
    for metric in declared_metrics(entry) {
        let metric_rows = rows_of(entry, &metric);
        problems.extend(metric_rows.first().and_then(refused));
        for row in metric_rows {
            match rows.get_mut(&row.metric_name) {
                Some(known) => problems.extend(merge(known, row)),
                None => drop(rows.insert(row.metric_name.clone(), row)),
            }
        }
    }
    if problems.is_empty() {
        Ok(rows.into_values().collect())
    } else {
        Err(MetadataError { check: entry.meta.name, location: entry.meta.location, problems })
    }
}

fn rows_of(entry: &'static Entry, metric: &DeclaredMetric) -> Vec<MetadataRow> {
    match metric.kind {
        Kind::Gauge | Kind::Rate | Kind::Distribution => {
            vec![row(entry, metric, SeriesKind::Gauge)]
        }
        Kind::Count | Kind::MonotonicCount => vec![row(entry, metric, SeriesKind::Count)],
        Kind::Histogram => {
            let texts = HISTOGRAM_AGGREGATES.into_iter().zip(AGGREGATE_TEXTS);
            texts
                .map(|((suffix, kind), texts)| aggregate(entry, metric, suffix, kind, texts))
                .collect()
        }
    }
}

fn row(entry: &'static Entry, metric: &DeclaredMetric, kind: SeriesKind) -> MetadataRow {
    let DeclaredMetric { descriptor, unit, tags, .. } = metric;
    let unit = unit_of_series(metric.kind, *unit);
    let options = entry.options.options();
    let option_tags = options.iter().map(|option| option.tag).filter(|tag| !tag.is_empty());
    let mut sample_tags: Vec<_> = option_tags.collect();
    for tag in tags {
        if !sample_tags.contains(&tag.key) {
            sample_tags.push(tag.key);
        }
    }
    MetadataRow {
        metric_name: descriptor.name.to_owned(),
        metric_type: descriptor.in_app.map_or(kind.name(), InAppType::name),
        interval: descriptor.interval,
        unit_name: unit.name,
        per_unit_name: unit.per,
        description: one_line(descriptor.description),
        orientation: descriptor.orientation.number(),
        integration: integration_of(entry.meta.display_name),
        short_name: short_name(descriptor.short_name, descriptor.name),
        curated_metric: descriptor.curated.join("|"),
        sample_tags,
    }
}

fn aggregate(
    entry: &'static Entry,
    metric: &DeclaredMetric,
    suffix: &str,
    kind: SeriesKind,
    (text, short): (&str, &str),
) -> MetadataRow {
    let mut row = row(entry, metric, kind);
    row.metric_name.push_str(suffix);
    row.short_name = aggregate_short_name(&row.short_name, short);
    row.description = aggregate_description(&row.description, text);
    if kind == SeriesKind::Rate {
        (row.unit_name, row.per_unit_name) = ("", "");
        row.orientation = Orientation::Neutral.number();
    }
    row
}

/// The description of a histogram's aggregate, from that of the histogram.
pub(super) fn aggregate_description(description: &str, text: &str) -> String {
    let whole = format!("{} ({text}).", description.trim_end_matches('.'));
    let fits = !description.is_empty() && whole.len() <= MAX_DESCRIPTION;
    if fits { whole } else { description.to_owned() }
}

/// The short name of a histogram's aggregate, from that of the histogram.
pub(super) fn aggregate_short_name(short_name: &str, short: &str) -> String {
    if short_name.is_empty() { String::new() } else { format!("{short_name} {short}") }
}

/// The short name of a metric: the given one, or one made of the metric's name.
pub(super) fn short_name(given: Option<&str>, metric: &str) -> String {
    match given {
        None => metric.rsplit('.').next().unwrap_or_default().replace('_', " "),
        Some(given) => given.to_owned(),
    }
}

/// Makes one row of two of the same name, or says how they differ.
fn merge(known: &mut MetadataRow, other: MetadataRow) -> Option<String> {
    let (ours, theirs) = (known.cells(), other.cells());
    let tags = METADATA_HEADER.len() - 1;
    let differs = METADATA_HEADER[..tags].iter().zip(ours.iter().zip(&theirs));
    let differences: Vec<_> = differs
        .filter(|(_, (ours, theirs))| ours != theirs)
        .map(|(column, (ours, theirs))| format!("{column} `{ours}` and `{theirs}`"))
        .collect();
    for tag in other.sample_tags {
        if !known.sample_tags.contains(&tag) {
            known.sample_tags.push(tag);
        }
    }
    (!differences.is_empty()).then(|| {
        format!(
            "metric `{}` is declared twice: {}\nhint: declare it once, in a record that both places use",
            known.metric_name,
            differences.join(", ")
        )
    })
}

/// What Datadog's validator would refuse in a row and no macro has: units that are not named in ASCII.
fn refused(row: &MetadataRow) -> Option<String> {
    let other = row.unit_name.chars().chain(row.per_unit_name.chars()).find(|c| !c.is_ascii())?;
    Some(format!(
        "metric `{}` has the character `{other}`, and Datadog's metadata.csv takes ASCII only\n\
         hint: use another unit, or `Unitless`",
        row.metric_name
    ))
}

impl MetadataRow {
    fn cells(&self) -> [String; 11] {
        let Self {
            metric_name,
            metric_type,
            interval,
            unit_name,
            per_unit_name,
            description,
            orientation,
            integration,
            short_name,
            curated_metric,
            sample_tags,
        } = self;
        [
            metric_name.clone(),
            (*metric_type).to_owned(),
            interval.map(|seconds| seconds.to_string()).unwrap_or_default(),
            (*unit_name).to_owned(),
            (*per_unit_name).to_owned(),
            description.clone(),
            orientation.to_string(),
            integration.clone(),
            short_name.clone(),
            curated_metric.clone(),
            sample_tags.join(","),
        ]
    }
}

/// The file: header and rows, quoted as Python's `csv` does.
pub fn metadata_csv(rows: &[MetadataRow]) -> String {
    let mut out = String::new();
    csv::push_row(&mut out, METADATA_HEADER);
    for row in rows {
        csv::push_row(&mut out, row.cells().iter().map(String::as_str));
    }
    out
}

/// The rows as a JSON list of objects, their keys the columns; `interval` stands only where there is one.
pub fn metadata_json(rows: &[MetadataRow]) -> Value {
    let row = |row: &MetadataRow| {
        let mut object = json!({
            "metric_name": row.metric_name,
            "metric_type": row.metric_type,
            "unit_name": row.unit_name,
            "per_unit_name": row.per_unit_name,
            "description": row.description,
            "orientation": row.orientation,
            "integration": row.integration,
            "short_name": row.short_name,
            "curated_metric": row.curated_metric,
            "sample_tags": row.sample_tags,
        });
        if let Some(seconds) = row.interval {
            object["interval"] = seconds.into();
        }
        object
    };
    rows.iter().map(row).collect()
}
