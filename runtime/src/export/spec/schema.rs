//! What a value may be, in the part of `OpenAPI` that `spec.yaml` knows.

use serde_json::{Number, Value, json};

use super::document::Yaml;

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecSchema {
    /// Its type.
    pub kind: SpecType,
    /// What it must fulfil beyond its type; nothing where the type is a choice of several.
    pub limits: SpecLimits,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum SpecType {
    /// true or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Text. (`String` would take the short name from the standard one in the messages of the compiler.)
    Text,
    /// A list.
    Array(Box<SpecSchema>),
    /// A mapping.
    Object {
        /// Its known keys.
        properties: Vec<SpecProperty>,
        /// Its other keys.
        additional: Option<SpecAdditional>,
    },
    /// One of these.
    AnyOf(Vec<SpecSchema>),
}

/// A known key of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecProperty {
    /// The key.
    pub name: String,
    /// What people read of it; may be empty.
    pub description: String,
    /// It must be given.
    pub required: bool,
    /// What its value may be.
    pub schema: SpecSchema,
}

/// The other keys of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub enum SpecAdditional {
    /// Their values may be anything.
    Any,
    /// What their values may be.
    Schema(Box<SpecSchema>),
}

/// What a value must fulfil beyond its type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpecLimits {
    /// The least number.
    pub minimum: Option<Number>,
    /// The number must be above the least.
    pub exclusive_minimum: bool,
    /// The greatest number.
    pub maximum: Option<Number>,
    /// The number must stay below the greatest.
    pub exclusive_maximum: bool,
    /// How many characters a text has at least.
    pub min_length: Option<u64>,
    /// How many items a list has at least.
    pub min_items: Option<u64>,
    /// A pattern that a text matches somewhere.
    pub pattern: Option<String>,
    /// The format of a text, by its name in JSON Schema.
    pub format: Option<String>,
    /// The values that are possible; all if empty.
    pub choices: Vec<Value>,
}

impl From<SpecType> for SpecSchema {
    fn from(kind: SpecType) -> Self {
        Self { kind, limits: SpecLimits::default() }
    }
}

impl SpecSchema {
    /// The type as an example names it.
    pub(super) fn name(&self) -> String {
        match &self.kind {
            SpecType::Boolean => String::from("boolean"),
            SpecType::Integer => String::from("integer"),
            SpecType::Number => String::from("number"),
            SpecType::Text => String::from("string"),
            SpecType::Object { .. } => String::from("mapping"),
            SpecType::AnyOf(schemas) => {
                schemas.iter().map(Self::name).collect::<Vec<_>>().join(" or ")
            }
            SpecType::Array(items) => match &items.kind {
                SpecType::AnyOf(_) => format!("(list of {})", items.name()),
                SpecType::Array(_) => String::from("list of lists"),
                _ => format!("list of {}s", items.name()),
            },
        }
    }

    /// Whether a value has the type.
    pub(super) fn fits(&self, value: &Value) -> bool {
        match &self.kind {
            SpecType::Boolean => value.is_boolean(),
            SpecType::Integer | SpecType::Number => value.is_number(),
            SpecType::Text => value.is_string(),
            SpecType::Array(_) => value.is_array(),
            SpecType::Object { .. } => value.is_object(),
            SpecType::AnyOf(_) => true,
        }
    }

    /// The pairs of the schema in `spec.yaml`.
    pub(super) fn pairs(&self) -> Vec<(String, Yaml)> {
        let mut pairs = Vec::new();
        let mut put = |name: &str, value: Yaml| pairs.push((name.to_owned(), value));
        match &self.kind {
            SpecType::Boolean => put("type", Yaml::text("boolean")),
            SpecType::Integer => put("type", Yaml::text("integer")),
            SpecType::Number => put("type", Yaml::text("number")),
            SpecType::Text => put("type", Yaml::text("string")),
            SpecType::Array(items) => {
                put("type", Yaml::text("array"));
                put("items", Yaml::Map(items.pairs()));
            }
            SpecType::Object { properties, additional } => {
                put("type", Yaml::text("object"));
                put_properties(properties, &mut put);
                match additional {
                    None => {}
                    Some(SpecAdditional::Any) => put("additionalProperties", Yaml::flag(true)),
                    Some(SpecAdditional::Schema(schema)) => {
                        put("additionalProperties", Yaml::Map(schema.pairs()));
                    }
                }
            }
            SpecType::AnyOf(schemas) => {
                let schemas = schemas.iter().map(|schema| Yaml::Map(schema.pairs()));
                put("anyOf", Yaml::List(schemas.collect()));
            }
        }
        self.limits.put(&mut put);
        pairs
    }
}

fn put_properties(properties: &[SpecProperty], put: &mut impl FnMut(&str, Yaml)) {
    if !properties.is_empty() {
        let pairs = |property: &SpecProperty| {
            let mut pairs = vec![(String::from("name"), Yaml::text(&property.name))];
            if !property.description.is_empty() {
                pairs.push((String::from("description"), Yaml::text(&property.description)));
            }
            pairs.extend(property.schema.pairs());
            Yaml::Map(pairs)
        };
        put("properties", Yaml::List(properties.iter().map(pairs).collect()));
    }
    let required = properties.iter().filter(|property| property.required);
    let required: Vec<_> = required.map(|property| Yaml::text(&property.name)).collect();
    if !required.is_empty() {
        put("required", Yaml::List(required));
    }
}

impl SpecLimits {
    fn put(&self, put: &mut impl FnMut(&str, Yaml)) {
        let Self { minimum, exclusive_minimum, maximum, exclusive_maximum, .. } = self;
        let pairs = [
            ("minimum", minimum.as_ref().map(|number| json!(number))),
            ("exclusiveMinimum", exclusive_minimum.then(|| json!(true))),
            ("maximum", maximum.as_ref().map(|number| json!(number))),
            ("exclusiveMaximum", exclusive_maximum.then(|| json!(true))),
            ("minLength", self.min_length.map(|length| json!(length))),
            ("minItems", self.min_items.map(|count| json!(count))),
            ("pattern", self.pattern.as_ref().map(|pattern| json!(pattern))),
            ("format", self.format.as_ref().map(|format| json!(format))),
            ("enum", (!self.choices.is_empty()).then(|| json!(self.choices))),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                put(name, Yaml::Value(value));
            }
        }
    }
}
