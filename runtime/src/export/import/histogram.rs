//! Finds the rows that are the aggregates of one histogram.

use std::collections::HashMap;

use crate::aggregate::{HISTOGRAM_AGGREGATES, SeriesKind};
use crate::export::metadata::{
    AGGREGATE_TEXTS, aggregate_description, aggregate_short_name, short_name,
};
use crate::metric::{Kind, Orientation, UnitName};

use super::metric::Metric;
use super::row::Row;

/// The metrics of the rows. Five rows become one histogram if its export is these rows again.
pub(super) fn fold(rows: Vec<Row>) -> Vec<Metric> {
    let mut histograms = histograms(&rows);
    let mut metrics = Vec::new();
    let mut folded = Vec::new();
    for row in rows {
        let base = bases(&row.name).find(|base| histograms.contains_key(*base));
        match base.map(str::to_owned) {
            Some(base) => {
                metrics.extend(histograms.remove(&base));
                folded.push(base);
            }
            None if bases(&row.name).any(|base| folded.iter().any(|known| known == base)) => {}
            None => metrics.push(Metric::from(row)),
        }
    }
    metrics
}

/// The histograms that a metric of this name may be an aggregate of.
fn bases(name: &str) -> impl Iterator<Item = &str> {
    HISTOGRAM_AGGREGATES.iter().filter_map(|(suffix, _)| name.strip_suffix(suffix))
}

/// The histograms among the rows, by name.
fn histograms(rows: &[Row]) -> HashMap<String, Metric> {
    let by_name: HashMap<_, _> = rows.iter().map(|row| (row.name.as_str(), row)).collect();
    let (first, _) = HISTOGRAM_AGGREGATES[0];
    let names = rows.iter().filter_map(|row| row.name.strip_suffix(first));
    let names = names.filter(|name| !by_name.contains_key(name));
    let found = names.filter_map(|name| Some((name.to_owned(), histogram(name, &by_name)?)));
    found.collect()
}

fn histogram(name: &str, rows: &HashMap<&str, &Row>) -> Option<Metric> {
    let aggregate = |(suffix, _): &(&str, SeriesKind)| rows.get(format!("{name}{suffix}").as_str());
    let aggregates: Vec<&Row> =
        HISTOGRAM_AGGREGATES.iter().map(|pair| aggregate(pair).copied()).collect::<Option<_>>()?;
    let first = aggregates.first()?;
    candidates(name, first)
        .into_iter()
        .find(|candidate| exported(candidate).iter().zip(&aggregates).all(|(a, b)| a == *b))
}

/// The histograms that may export this row as their first.
fn candidates(name: &str, first: &Row) -> Vec<Metric> {
    let (text, short) = AGGREGATE_TEXTS[0];
    let said = first.description.strip_suffix(&format!(" ({text})."));
    let descriptions = [said.map(|said| format!("{said}.")), Some(first.description.clone())];
    let given = first.short_name.strip_suffix(&format!(" {short}"));
    let short_names = [None, Some(given.unwrap_or_default().to_owned())];
    let candidate = |description: &String, short_name: &Option<String>| Metric {
        name: name.to_owned(),
        kind: Kind::Histogram,
        in_app: None,
        unit: first.unit,
        interval: first.interval,
        description: description.clone(),
        orientation: first.orientation,
        short_name: short_name.clone(),
        curated: first.curated.clone(),
        tags: first.tags.clone(),
    };
    let descriptions = descriptions.into_iter().flatten();
    descriptions
        .flat_map(|text| short_names.each_ref().map(|short| candidate(&text, short)))
        .collect()
}

/// The rows that are exported of a histogram.
fn exported(histogram: &Metric) -> Vec<Row> {
    let short_name = short_name(histogram.short_name.as_deref(), &histogram.name);
    let row = |((suffix, kind), (text, short)): ((&str, SeriesKind), (&str, &str))| {
        let plain = kind == SeriesKind::Rate;
        Row {
            name: format!("{}{suffix}", histogram.name),
            kind,
            interval: histogram.interval,
            unit: if plain { UnitName { name: "", per: "" } } else { histogram.unit },
            description: aggregate_description(&histogram.description, text),
            orientation: if plain { Orientation::Neutral } else { histogram.orientation },
            short_name: aggregate_short_name(&short_name, short),
            curated: histogram.curated.clone(),
            tags: histogram.tags.clone(),
        }
    };
    HISTOGRAM_AGGREGATES.into_iter().zip(AGGREGATE_TEXTS).map(row).collect()
}
