//! Values of options that have a shape of their own: entries of `metrics`, of `share_labels` and of `exclude_metrics_by_labels`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::{Node, NodeValue, OptionValue, Problem, Reader, Shape};

use super::pattern::{Names, Search};

/// An entry of `metrics`: one or more names of the exposition, and what is made of each.
#[derive(Debug, Clone)]
pub struct MetricEntry {
    pub(super) metrics: Vec<Mapped>,
}

/// What is made of a metric of the exposition.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub(super) raw: String,
    pub(super) names: Names,
    /// The name that it is submitted under, for one that no expression found.
    pub(super) name: String,
    pub(super) to: Target,
}

/// How the samples of a family are submitted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    Native,
    NativeDynamic,
    Counter,
    Gauge,
    Histogram,
    Summary,
    CounterGauge,
    Rate,
    /// Parts of a second.
    TemporalPercent(f64),
    TimeElapsed,
    ServiceCheck(BTreeMap<i64, Level>),
    /// The label whose value is the metadata.
    Metadata(String),
}

/// The state that a value stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Ok,
    Warning,
    Critical,
    Unknown,
}

const TYPES: [&str; 12] = [
    "counter",
    "counter_gauge",
    "gauge",
    "histogram",
    "metadata",
    "native",
    "native_dynamic",
    "rate",
    "service_check",
    "summary",
    "temporal_percent",
    "time_elapsed",
];

impl OptionValue for MetricEntry {
    const SHAPE: Shape = Shape::Any;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if let Some(pairs) = node.pairs() {
            let read = pairs.iter().map(|pair| {
                reader
                    .within(&pair.key, |reader| Mapped::read(&pair.key, &pair.value, node, reader))
            });
            let metrics: Vec<Option<Mapped>> = read.collect();
            return metrics.into_iter().collect::<Option<_>>().map(|metrics| Self { metrics });
        }
        let raw = text(node, reader, "the name of a metric, or a mapping of names")?;
        let names = Names::read(node, reader)?;
        let mapped = Mapped { name: raw.clone(), raw, names, to: Target::Native };
        Some(Self { metrics: vec![mapped] })
    }

    fn show(&self) -> Value {
        self.metrics.iter().map(|mapped| (mapped.raw.clone(), mapped.name.show())).collect()
    }
}

impl Mapped {
    fn read(raw: &str, value: &Node, entry: &Node, reader: &mut Reader) -> Option<Self> {
        let names = match Names::new(raw) {
            Ok(names) => names,
            Err(error) => {
                let message = format!("`{raw}` is not a regular expression: {error}");
                reader.report(Problem::error(entry.span, message));
                return None;
            }
        };
        let raw = raw.to_owned();
        if value.pairs().is_none() {
            let name = text(value, reader, "the name to submit it under, or a mapping")?;
            return Some(Self { raw, names, name, to: Target::Native });
        }
        let name = match setting(value, "name") {
            Some(name) => {
                reader.within("name", |reader| text(name, reader, "the name to submit it under"))?
            }
            None => raw.clone(),
        };
        let to = Target::read(value, reader)?;
        Some(Self { raw, names, name, to })
    }
}

impl Target {
    fn read(settings: &Node, reader: &mut Reader) -> Option<Self> {
        let Some(kind) = setting(settings, "type") else { return Some(Self::Native) };
        let named = reader.within("type", |reader| String::read(kind, reader))?;
        Some(match named.as_str() {
            "native" => Self::Native,
            "native_dynamic" => Self::NativeDynamic,
            "counter" => Self::Counter,
            "gauge" => Self::Gauge,
            "histogram" => Self::Histogram,
            "summary" => Self::Summary,
            "counter_gauge" => Self::CounterGauge,
            "rate" => Self::Rate,
            "time_elapsed" => Self::TimeElapsed,
            "temporal_percent" => Self::TemporalPercent(scale(settings, reader)?),
            "service_check" => Self::ServiceCheck(status_map(settings, reader)?),
            "metadata" => Self::Metadata(needed(settings, "label", reader)?),
            _ => {
                reader.within("type", |reader| {
                    reader.expected(&format!("one of `{}`", TYPES.join("`, `")), kind);
                });
                return None;
            }
        })
    }
}

/// Text that YAML takes for such. What it takes for a flag or a number is a mistake where a name is meant, such as `foo: true`.
fn text(node: &Node, reader: &mut Reader, what: &str) -> Option<String> {
    let is_text = match &node.value {
        NodeValue::Scalar { quoted, text, .. } => {
            let begins_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
            let is_number = begins_number && text.parse::<f64>().is_ok();
            *quoted || !(is_number || matches!(text.as_str(), "true" | "false"))
        }
        _ => false,
    };
    if !is_text {
        reader.expected(what, node);
        return None;
    }
    String::read(node, reader)
}

/// A text that an entry of this type must have.
fn needed(settings: &Node, key: &str, reader: &mut Reader) -> Option<String> {
    let node = given(settings, key, reader)?;
    let text = reader.within(key, |reader| text(node, reader, "text"))?;
    if text.is_empty() {
        reader.report(Problem::error(node.span, format!("`{key}` is empty")));
        return None;
    }
    Some(text)
}

fn given<'n>(settings: &'n Node, key: &str, reader: &mut Reader) -> Option<&'n Node> {
    let node = setting(settings, key);
    if node.is_none() {
        let message = format!("an entry of this `type` needs `{key}`");
        reader.report(Problem::error(settings.span, message));
    }
    node
}

fn scale(settings: &Node, reader: &mut Reader) -> Option<f64> {
    let node = given(settings, "scale", reader)?;
    let text = reader.within("scale", |reader| String::read(node, reader))?;
    let parts = match text.to_lowercase().as_str() {
        "second" => 1_i64,
        "millisecond" => 1000,
        "microsecond" => 1_000_000,
        "nanosecond" => 1_000_000_000,
        number => number.parse::<i64>().unwrap_or(0),
    };
    if parts == 0 {
        reader.within("scale", |reader| {
            reader.expected(
                "`second`, `millisecond`, `microsecond`, `nanosecond` or parts of a second",
                node,
            );
        });
        return None;
    }
    Some(parts as f64)
}

fn status_map(settings: &Node, reader: &mut Reader) -> Option<BTreeMap<i64, Level>> {
    let node = given(settings, "status_map", reader)?;
    let pairs = node.pairs().filter(|pairs| !pairs.is_empty());
    let Some(pairs) = pairs else {
        reader
            .within("status_map", |reader| reader.expected("a mapping of values to states", node));
        return None;
    };
    let mut map = Some(BTreeMap::new());
    for pair in pairs {
        let value = pair.key.trim().parse::<i64>();
        let level = String::read(&pair.value, reader).and_then(|text| {
            Some(match text.to_uppercase().as_str() {
                "OK" => Level::Ok,
                "WARNING" => Level::Warning,
                "CRITICAL" => Level::Critical,
                "UNKNOWN" => Level::Unknown,
                _ => return None,
            })
        });
        match (value, level, &mut map) {
            (Ok(value), Some(level), Some(map)) => drop(map.insert(value, level)),
            (Ok(_), Some(_), None) => {}
            (Err(_), _, _) => {
                let message = format!("`{}` is not a whole number", pair.key);
                reader.report(Problem::error(pair.key_span, message));
                map = None;
            }
            (_, None, _) => {
                reader.expected("`OK`, `WARNING`, `CRITICAL` or `UNKNOWN`", &pair.value);
                map = None;
            }
        }
    }
    map
}

/// Which values of a label leave a sample out.
#[derive(Debug, Clone)]
pub enum LabelValues {
    /// All: `true`, or a list of nothing.
    Any,
    /// Those in which one of these matches.
    Matching(Vec<Search>),
}

impl LabelValues {
    pub(super) fn include(&self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Matching(searches) => searches.iter().any(|search| search.matches(value)),
        }
    }
}

impl OptionValue for LabelValues {
    const SHAPE: Shape = Shape::Any;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if let NodeValue::Sequence(_) = node.value {
            // An alternative of no expressions matches everything, as in Datadog's check.
            return Vec::read(node, reader).map(|searches| {
                if searches.is_empty() { Self::Any } else { Self::Matching(searches) }
            });
        }
        is_true(node, reader, "`true` or a list of regular expressions").then_some(Self::Any)
    }

    fn show(&self) -> Value {
        match self {
            Self::Any => Value::Bool(true),
            Self::Matching(searches) => searches.show(),
        }
    }
}

/// Which labels of a metric are put on others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Share {
    /// Those that are shared; all if there are none.
    pub labels: Vec<String>,
    /// Those whose values must be the same; without any, all metrics get the labels.
    pub match_labels: Vec<String>,
    /// The values of samples whose labels are shared; all if not given.
    pub values: Option<Vec<i64>>,
}

impl OptionValue for Share {
    const SHAPE: Shape = Shape::Any;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let Some(pairs) = node.pairs() else {
            let what = "`true` or a mapping of `labels`, `match` and `values`";
            return is_true(node, reader, what).then(Self::default);
        };
        let mut share = Self::default();
        for pair in pairs {
            reader.within(&pair.key, |reader| {
                match pair.key.as_str() {
                    "labels" => share.labels = Vec::read(&pair.value, reader)?,
                    "match" => share.match_labels = Vec::read(&pair.value, reader)?,
                    "values" => share.values = Some(Vec::read(&pair.value, reader)?),
                    _ => {}
                }
                Some(())
            })?;
        }
        Some(share)
    }

    fn show(&self) -> Value {
        serde_json::json!({ "labels": self.labels, "match": self.match_labels, "values": self.values })
    }
}

fn is_true(node: &Node, reader: &mut Reader, what: &str) -> bool {
    let is_scalar = matches!(&node.value, NodeValue::Scalar { .. });
    if is_scalar && bool::read(node, &mut Reader::new()) == Some(true) {
        return true;
    }
    reader.expected(what, node);
    false
}

fn setting<'n>(settings: &'n Node, key: &str) -> Option<&'n Node> {
    settings.get(key).map(|pair| &pair.value)
}
