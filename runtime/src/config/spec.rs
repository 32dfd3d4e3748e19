//! The model of options: constant tables that the reader, the reports and every export work from.

use serde_json::Value;

/// The options of a section.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The name of the Rust type.
    pub type_name: &'static str,
    /// The type's doc comment.
    pub description: &'static str,
    /// The template of Datadog's configuration specifications that has options of these names, such as `instances/http`;
    /// empty if none. Exports refer to it.
    pub template: &'static str,
    /// The options, and groups of options that stand in the same section.
    pub items: &'static [Item],
}

impl Spec {
    /// The option at a place among the items, for generated code.
    #[doc(hidden)]
    pub const fn option(&self, index: usize) -> &'static OptionSpec {
        match &self.items[index] {
            Item::Option(option) => option,
            Item::Flatten(_) => panic!("a group of options is not an option"),
        }
    }

    /// The options in order, with those of flattened groups in their place.
    pub fn options(&self) -> Vec<&'static OptionSpec> {
        let mut options = Vec::new();
        self.collect(&mut options);
        options
    }

    fn collect(&self, options: &mut Vec<&'static OptionSpec>) {
        for item in self.items {
            match item {
                Item::Option(option) => options.push(option),
                Item::Flatten(spec) => spec.collect(options),
            }
        }
    }
}

/// An option, or a group of them.
#[derive(Debug, Clone, Copy)]
pub enum Item {
    /// One option.
    Option(OptionSpec),
    /// The options of another struct, in the same section.
    Flatten(&'static Spec),
}

/// One option.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an attribute that an author may write on its own"
)]
pub struct OptionSpec {
    /// The key in the file.
    pub name: &'static str,
    /// The doc comment, paragraphs kept.
    pub description: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// It must be given.
    pub required: bool,
    /// The value if it is not given.
    pub default: Option<fn() -> Value>,
    /// The value that examples show.
    pub example: Option<fn() -> Value>,
    /// What its value must fulfil beyond its type.
    pub constraints: Constraints,
    /// Its value never shows in any output.
    pub secret: bool,
    /// It is left out of examples and documentation.
    pub hidden: bool,
    /// It may stand in `init_config`, too, as the default of all instances.
    pub shared: bool,
    /// The tag that its value becomes; empty if none.
    pub tag: &'static str,
    /// What to use instead, if it is deprecated.
    pub deprecated: Option<&'static str>,
}

impl OptionSpec {
    /// The first line of the description.
    pub fn summary(&self) -> &'static str {
        self.description.lines().next().unwrap_or_default()
    }
}

/// What a value must fulfil beyond its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constraints {
    /// The least number.
    pub min: Option<f64>,
    /// The greatest number.
    pub max: Option<f64>,
    /// The number must stay below `max`.
    pub max_exclusive: bool,
    /// A pattern that the text matches somewhere.
    pub pattern: Option<&'static str>,
    /// Text, list or map is not empty.
    pub non_empty: bool,
    /// The texts that are possible; all if empty.
    pub one_of: &'static [&'static str],
}

impl Constraints {
    /// No constraint.
    pub const NONE: Self = Self {
        min: None,
        max: None,
        max_exclusive: false,
        pattern: None,
        non_empty: false,
        one_of: &[],
    };
}

/// The shape of a value in YAML.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// true or false.
    Boolean,
    /// A whole number between two bounds.
    Integer {
        /// The least that the type holds.
        min: i128,
        /// The greatest that the type holds.
        max: i128,
    },
    /// A number.
    Number,
    /// A time in seconds.
    Seconds,
    /// Text of a format, or of none.
    Text {
        /// `uri`, `ipv4`, `ipv6` or `regex`, which are JSON Schema's, or `ip`, `socket-address`, `character` or `tag` (not
        /// blank); empty for any text.
        format: &'static str,
    },
    /// One of these texts; the second of each pair describes it.
    OneOf(&'static [(&'static str, &'static str)]),
    /// A list.
    List(&'static Self),
    /// A mapping from text.
    Map(&'static Self),
    /// A section of its own.
    Section(&'static Spec),
    /// Anything.
    Any,
}

impl Shape {
    /// The name of the type in Datadog's `spec.yaml`.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer { .. } => "integer",
            Self::Number | Self::Seconds => "number",
            Self::Text { .. } | Self::OneOf(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) | Self::Section(_) | Self::Any => "object",
        }
    }
}
