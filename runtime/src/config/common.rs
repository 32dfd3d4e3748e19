//! The options that every instance of every check has; the framework honours them, not the check.
//!
//! Names and meaning are those of the Agent and of its Python checks. An option that may stand in `init_config`, too, is
//! replaced by the instance's own, not merged with it.

use std::time::Duration;

use regex_lite::Regex;
use serde_json::{Value, json};

use super::Config;
use super::node::Node;
use super::problem::Problem;
use super::reader::Reader;
use super::section::Section;
use super::spec::{Constraints, Item, OptionSpec, Shape, Spec};
use super::value::OptionValue;
use crate::metric::{Filter, Limits};

/// The options of an instance that are the framework's business.
#[derive(Debug, Clone, Default)]
pub struct Common {
    /// Tags on everything that the instance submits.
    pub tags: Vec<String>,
    /// The service, a tag on everything that the instance submits.
    pub service: Option<String>,
    /// How often the instance runs; the check's own interval if not given, once if zero.
    pub min_collection_interval: Option<Duration>,
    /// Submits without a host name.
    pub empty_default_hostname: bool,
    /// Which metrics are submitted.
    pub metric_patterns: MetricPatterns,
    /// How many contexts a run may submit; all if zero or not given.
    pub max_returned_metrics: Option<usize>,
    /// A name, part of the instance's id.
    pub name: Option<String>,
    /// Part of the instance's id where there is no name.
    pub namespace: Option<String>,
    /// Submits metrics that are not indexed.
    pub no_index: bool,
}

/// Which metrics an instance submits, by patterns that match anywhere in their names.
#[derive(Debug, Clone, Default)]
pub struct MetricPatterns {
    /// Only these; all if empty.
    pub include: Vec<Pattern>,
    /// Not these, whatever `include` says.
    pub exclude: Vec<Pattern>,
}

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Pattern(pub Regex);

impl Common {
    /// The limits that the instance puts on what it submits.
    pub fn limits(&self) -> Limits {
        let MetricPatterns { include, exclude } = &self.metric_patterns;
        let regexes = |patterns: &[Pattern]| patterns.iter().map(|p| p.0.clone()).collect();
        let filter = (!include.is_empty() || !exclude.is_empty())
            .then(|| Filter::new(regexes(include), regexes(exclude)));
        Limits::new(self.max_returned_metrics.filter(|max| *max > 0), filter)
    }

    /// The tags on everything that the instance submits, beside those of the check's own options.
    pub fn instance_tags(&self) -> Vec<String> {
        let service = self.service.iter().map(|service| format!("service:{service}"));
        self.tags.iter().cloned().chain(service).collect()
    }
}

impl OptionValue for Pattern {
    const SHAPE: Shape = Shape::Text { format: "regex" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let text = String::read(node, reader)?;
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

/// An option with nothing special about it.
const fn option(name: &'static str, description: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec {
        name,
        description,
        shape,
        required: false,
        default: None,
        example: None,
        constraints: Constraints::NONE,
        secret: false,
        hidden: false,
        shared: false,
        tag: "",
        deprecated: None,
    }
}

/// A tag: text that is not empty.
struct Tag(String);

impl OptionValue for Tag {
    const SHAPE: Shape = String::SHAPE;

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

impl Config for Common {
    const SPEC: Spec = Spec {
        type_name: "Common",
        description: "Options of every check.",
        items: &[
            Item::Option(OptionSpec {
                example: Some(|| json!(["<KEY_1>:<VALUE_1>", "<KEY_2>:<VALUE_2>"])),
                shared: true,
                ..option(
                    "tags",
                    "Tags on everything that this instance submits.",
                    <Vec<Tag>>::SHAPE,
                )
            }),
            Item::Option(OptionSpec {
                shared: true,
                ..option(
                    "service",
                    "The service that this instance belongs to: the tag `service:<SERVICE>` on everything it submits.",
                    String::SHAPE,
                )
            }),
            Item::Option(OptionSpec {
                shared: true,
                example: Some(|| json!(15)),
                ..option(
                    "min_collection_interval",
                    "Seconds between two runs, the check's own interval if not given. With 0 the instance runs once.",
                    Duration::SHAPE,
                )
            }),
            Item::Option(OptionSpec {
                shared: true,
                default: Some(|| json!(false)),
                ..option(
                    "empty_default_hostname",
                    "Submit without a host name, as for what belongs to a cluster and not to a host.",
                    bool::SHAPE,
                )
            }),
            Item::Option(option(
                "metric_patterns",
                "Which metrics are submitted, by regular expressions that match anywhere in their names.\n\nWhat `exclude` names is left out whatever `include` says.",
                MetricPatterns::SHAPE,
            )),
            Item::Option(option(
                "max_returned_metrics",
                "How many metrics a run may submit, counted with each set of tags. With 0 there is no limit.",
                usize::SHAPE,
            )),
            Item::Option(option(
                "name",
                "A name that tells this instance from others.",
                String::SHAPE,
            )),
            Item::Option(OptionSpec {
                hidden: true,
                ..option(
                    "namespace",
                    "Tells this instance from others where it has no name.",
                    String::SHAPE,
                )
            }),
            Item::Option(OptionSpec {
                hidden: true,
                default: Some(|| json!(false)),
                ..option("no_index", "Submit metrics that are not indexed.", bool::SHAPE)
            }),
            Item::Option(OptionSpec {
                hidden: true,
                ..option(
                    "loader",
                    "How the Agent loads the check. Accepted so that an Agent's file can be used, and without effect.",
                    String::SHAPE,
                )
            }),
        ],
    };

    fn read(section: &mut Section<'_, '_>) -> Option<Self> {
        let tags = section.option_or::<Vec<Tag>>(Self::SPEC.option(0), Vec::new);
        let service = section.option(Self::SPEC.option(1));
        let min_collection_interval = section.option(Self::SPEC.option(2));
        let empty_default_hostname = section.option_or(Self::SPEC.option(3), || false);
        let metric_patterns = section.option_or(Self::SPEC.option(4), MetricPatterns::default);
        let max_returned_metrics = section.option(Self::SPEC.option(5));
        let name = section.option(Self::SPEC.option(6));
        let namespace = section.option(Self::SPEC.option(7));
        let no_index = section.option_or(Self::SPEC.option(8), || false);
        let loader = section.option::<Option<String>>(Self::SPEC.option(9));
        loader?;
        Some(Self {
            tags: tags?.into_iter().map(|Tag(text)| text).collect(),
            service: service?,
            min_collection_interval: min_collection_interval?,
            empty_default_hostname: empty_default_hostname?,
            metric_patterns: metric_patterns?,
            max_returned_metrics: max_returned_metrics?,
            name: name?,
            namespace: namespace?,
            no_index: no_index?,
        })
    }
}

impl Config for MetricPatterns {
    const SPEC: Spec = Spec {
        type_name: "MetricPatterns",
        description: "Which metrics are submitted.",
        items: &[
            Item::Option(OptionSpec {
                example: Some(|| json!(["<INCLUDE_REGEX>"])),
                ..option("include", "Only these; all if there are none.", <Vec<Pattern>>::SHAPE)
            }),
            Item::Option(OptionSpec {
                example: Some(|| json!(["<EXCLUDE_REGEX>"])),
                ..option("exclude", "Not these.", <Vec<Pattern>>::SHAPE)
            }),
        ],
    };

    fn read(section: &mut Section<'_, '_>) -> Option<Self> {
        let include = section.option_or(Self::SPEC.option(0), Vec::new);
        let exclude = section.option_or(Self::SPEC.option(1), Vec::new);
        Some(Self { include: include?, exclude: exclude? })
    }
}
