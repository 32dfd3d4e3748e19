//! The options that every instance of every check has; the framework honours them, not the check.
//!
//! Names and meaning are those of the Agent and of its Python checks. An option that may stand in `init_config`, too, is
//! replaced by the instance's own, not merged with it.

use std::time::Duration;

use regex_lite::Regex;
use serde_json::Value;

use super::Config;
use super::node::Node;
use super::problem::Problem;
use super::reader::Reader;
use super::spec::Shape;
use super::value::OptionValue;
use crate::metric::{Filter, Limits};

/// Options of every check.
#[derive(Debug, Clone, Default, PartialEq, Config)]
#[config(template = "instances/default")]
pub struct Common {
    /// Tags on everything that this instance submits.
    #[config(shared, default, example = ["<KEY_1>:<VALUE_1>", "<KEY_2>:<VALUE_2>"])]
    pub tags: Vec<Tag>,
    /// The service that this instance belongs to: the tag `service:<SERVICE>` on everything it submits.
    #[config(shared)]
    pub service: Option<String>,
    /// Seconds between two runs; the check's own interval if not given. With 0 the instance runs once.
    #[config(shared, example = 15)]
    pub min_collection_interval: Option<Duration>,
    /// Submit without a host name, as for what belongs to a cluster and not to a host.
    #[config(shared, default = false)]
    pub empty_default_hostname: bool,
    /// Which metrics are submitted, by regular expressions that match anywhere in their names.
    ///
    /// What `exclude` names is left out whatever `include` says.
    pub metric_patterns: Option<MetricPatterns>,
    /// How many metrics a run may submit, counted with each set of tags. With 0 there is no limit.
    #[config(example = 2000)]
    pub max_returned_metrics: Option<usize>,
    /// A name that tells this instance from others.
    pub name: Option<String>,
    /// Tells this instance from others where it has no name.
    #[config(hidden)]
    pub namespace: Option<String>,
    /// Submit metrics that are not indexed.
    #[config(hidden, default = false)]
    pub no_index: bool,
    /// How the Agent loads the check. Accepted so that an Agent's file can be used, and without effect.
    #[config(hidden)]
    pub loader: Option<String>,
}

/// Which metrics an instance submits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Config)]
pub struct MetricPatterns {
    /// Only these; all if there are none.
    #[config(default, example = ["<INCLUDE_REGEX>"])]
    pub include: Vec<Pattern>,
    /// Not these.
    #[config(default, example = ["<EXCLUDE_REGEX>"])]
    pub exclude: Vec<Pattern>,
}

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Pattern(pub Regex);

/// A tag: text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(pub String);

impl Common {
    /// The limits that the instance puts on what it submits.
    pub fn limits(&self) -> Limits {
        // The Agent passes over an empty one, too.
        let regexes = |patterns: &[Pattern]| {
            let patterns = patterns.iter().filter(|pattern| !pattern.0.as_str().is_empty());
            patterns.map(|pattern| pattern.0.clone()).collect()
        };
        let filter = self
            .metric_patterns
            .as_ref()
            .map(|patterns| Filter::new(regexes(&patterns.include), regexes(&patterns.exclude)));
        Limits::new(self.max_returned_metrics.filter(|max| *max > 0), filter)
    }

    /// The tags on everything that the instance submits, beside those of the check's own options.
    pub fn instance_tags(&self) -> Vec<String> {
        let service = self.service.iter().map(|service| format!("service:{service}"));
        self.tags.iter().map(|Tag(text)| text.clone()).chain(service).collect()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl OptionValue for Pattern {
    const SHAPE: Shape = Shape::Text { format: "regex" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let text = String::read(node, reader)?;
        if text.is_empty() {
            let message = format!("{}an empty expression is passed over", reader.subject());
            let problem = Problem::warning(node.span, message);
            reader.report(problem.hint("it would match every name: `.*` does that, too"));
        }
        match Regex::new(&text) {
            Ok(regex) => Some(Self(regex)),
            Err(error) => {
                let message = format!(
                    "{}{} is not a regular expression: {error}",
                    reader.subject(),
                    reader.shown(node)
                );
                reader.report(
                    Problem::error(node.span, message)
                        .hint("`\\.` stands for a dot, `.*` for anything"),
                );
                None
            }
        }
    }

    fn show(&self) -> Value {
        Value::from(self.0.as_str())
    }
}

impl OptionValue for Tag {
    const SHAPE: Shape = Shape::Text { format: "tag" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let text = String::read(node, reader)?;
        if text.trim().is_empty() {
            reader.report(
                Problem::error(node.span, format!("{}a tag without text", reader.subject()))
                    .hint("write `key:value`"),
            );
            return None;
        }
        Some(Self(text))
    }

    fn show(&self) -> Value {
        self.0.show()
    }
}
