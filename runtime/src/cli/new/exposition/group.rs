//! Records: series of the same labels whose names begin alike.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::export::import::names::words;

use super::series::{Field, Series};
use super::survey::Survey;

/// How many fields a record has at most; compilers and readers tire of longer ones.
const MAX_FIELDS: usize = 60;
/// How many series must begin with a word for it to be a part of their names.
const MIN_ALIKE: usize = 3;
/// The longest name of a metric.
const MAX_NAME: usize = 200;

/// A record.
pub(super) struct Record {
    pub(super) namespace: String,
    pub(super) tags: Vec<Tag>,
    pub(super) metrics: Vec<Metric>,
    /// All sets of labels of its series.
    rows: HashSet<u64>,
    labels: Vec<String>,
}

/// A label that becomes a tag.
pub(super) struct Tag {
    pub(super) label: String,
    /// It holds numbers: a bound or a quantile.
    pub(super) is_number: bool,
    pub(super) is_optional: bool,
}

/// A series that becomes a field.
pub(super) struct Metric {
    pub(super) series: Series,
    /// The name behind the namespace.
    pub(super) name: String,
    /// Not every record has it.
    pub(super) is_optional: bool,
}

/// The records of a check of this name.
pub(super) fn records(survey: Survey, check: &str) -> Vec<Record> {
    let stems = Stems::of(&survey.series, check);
    let mut taken = HashSet::new();
    let mut records = Vec::<Record>::new();
    for series in survey.series {
        let (namespace, name) = stems.name(&series, &mut taken);
        let labels: Vec<String> = series.labels.keys().cloned().collect();
        let fits = |record: &&mut Record| {
            record.namespace == namespace
                && record.labels == labels
                && record.metrics.len() < MAX_FIELDS
                && !record.rows.is_disjoint(&series.rows)
        };
        if let Some(record) = records.iter_mut().find(fits) {
            record.add(Metric { series, name, is_optional: false });
            continue;
        }
        let (tags, rows) = (Vec::new(), HashSet::new());
        let mut record = Record { namespace, tags, metrics: Vec::new(), rows, labels };
        record.add(Metric { series, name, is_optional: false });
        records.push(record);
    }
    records.iter_mut().for_each(Record::settle);
    records
}

impl Record {
    fn add(&mut self, metric: Metric) {
        self.rows.extend(&metric.series.rows);
        self.metrics.push(metric);
    }

    /// Works out what not every record has.
    fn settle(&mut self) {
        for metric in &mut self.metrics {
            metric.is_optional = metric.series.rows.len() < self.rows.len();
        }
        let tag = |label: &String| {
            let of =
                self.metrics.iter().map(|metric| (&metric.series, metric.series.labels[label]));
            let is_number = matches!(label.as_str(), "le" | "quantile")
                && of.clone().all(|(_, label)| !label.is_text);
            let is_optional = of.clone().any(|(series, label)| label.samples < series.samples);
            Tag { label: label.clone(), is_number, is_optional }
        };
        self.tags = self.labels.iter().map(tag).collect();
    }
}

/// How the names of series become those of metrics.
struct Stems<'c> {
    check: &'c str,
    /// What most names begin with, for which the check's name stands.
    prefix: String,
    /// Words that several names begin with.
    alike: HashMap<String, usize>,
}

impl<'c> Stems<'c> {
    fn of(series: &[Series], check: &'c str) -> Self {
        let mut firsts = BTreeMap::<String, usize>::new();
        for series in series {
            *firsts.entry(first_word(&words(series.stem().0)).to_owned()).or_default() += 1;
        }
        let most = firsts.into_iter().max_by_key(|(_, count)| *count);
        let prefix = most.filter(|(_, count)| count * 2 >= series.len()).map(|(word, _)| word);
        let mut stems = Self { check, prefix: prefix.unwrap_or_default(), alike: HashMap::new() };
        for series in series {
            let path = stems.path(series);
            if let Some((first, _)) = path.split_once('_') {
                *stems.alike.entry(first.to_owned()).or_default() += 1;
            }
        }
        stems
    }

    /// The words of a name without those that the check's name stands for.
    fn path(&self, series: &Series) -> String {
        let words = words(series.stem().0);
        let without = |prefix: &str| {
            let rest = words.strip_prefix(prefix)?.strip_prefix('_')?;
            (!prefix.is_empty()).then(|| rest.to_owned())
        };
        without(self.check).or_else(|| without(&self.prefix)).unwrap_or(words.clone())
    }

    /// The namespace of a series, and its name behind that. No two metrics have the same.
    fn name(&self, series: &Series, taken: &mut HashSet<String>) -> (String, String) {
        let path = self.path(series);
        let (_, end) = series.stem();
        let (namespace, rest) = match path.split_once('_') {
            Some((first, rest))
                if self.alike.get(first).is_some_and(|count| *count >= MIN_ALIKE) =>
            {
                (format!("{}.{first}", self.check), rest)
            }
            _ => (self.check.to_owned(), path.as_str()),
        };
        let room = MAX_NAME.saturating_sub(namespace.len() + end.len() + "._total_99999".len());
        let rest: String = rest.chars().take(room).collect();
        let rest = match rest.trim_matches('_') {
            "" => "unnamed",
            rest => rest,
        };
        let plain = format!("{rest}{end}");
        let mut name = plain.clone();
        let mut number = 2;
        while !taken.insert(format!("{namespace}.{name}")) {
            name = match (series.field, number) {
                (Field::Total, 2) => format!("{rest}_total"),
                _ => format!("{rest}_{number}{end}"),
            };
            number += 1;
        }
        (namespace, name)
    }
}

fn first_word(words: &str) -> &str {
    words.split('_').next().unwrap_or_default()
}
