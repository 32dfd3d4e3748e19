//! What a value may be, from the shape of an option and its constraints.

use serde_json::{Number, Value};

use crate::config::{Constraints, OptionSpec, OptionValue as _, Shape, Spec};
use crate::export::formats;

use super::{SpecAdditional, SpecLimits, SpecProperty, SpecSchema, SpecType, wording};

/// Numbers beyond it are not exact everywhere.
const EXACT: i128 = 1 << 53;

/// What a value may be. If its example is not of the option's type (a time as `10s`), both are said.
pub(super) fn schema(
    shape: &Shape,
    constraints: &Constraints,
    example: Option<&Value>,
) -> SpecSchema {
    let schema = match shape {
        Shape::Any => anything(example),
        shape => constrained(shape, constraints),
    };
    match example {
        Some(example) if !schema.fits(example) => {
            SpecType::AnyOf(vec![schema, of_value(example)]).into()
        }
        _ => schema,
    }
}

fn constrained(shape: &Shape, constraints: &Constraints) -> SpecSchema {
    // Each item of a list fulfils the constraints, but for the one that is about the list.
    if let Shape::List(inner) = shape {
        let items = constrained(inner, &Constraints { non_empty: false, ..*constraints });
        let mut schema = SpecSchema::from(SpecType::Array(Box::new(items)));
        schema.limits.min_items = constraints.non_empty.then_some(1);
        return schema;
    }
    let mut schema = of_shape(shape);
    let Constraints { min, max, max_exclusive, pattern, non_empty, one_of } = *constraints;
    let SpecSchema { kind, limits } = &mut schema;
    match kind {
        SpecType::Integer | SpecType::Number => {
            limits.minimum = min.and_then(number).or(limits.minimum.take());
            if let Some(max) = max.and_then(number) {
                limits.maximum = Some(max);
                limits.exclusive_maximum = max_exclusive;
            }
            limits.drop_single();
        }
        SpecType::Text => {
            limits.pattern = pattern.map(str::to_owned);
            limits.min_length = non_empty.then_some(1);
            if !one_of.is_empty() {
                limits.choices = one_of.iter().copied().map(Value::from).collect();
            }
        }
        _ => {}
    }
    schema
}

fn of_shape(shape: &Shape) -> SpecSchema {
    match shape {
        Shape::Boolean => SpecType::Boolean.into(),
        Shape::Number => SpecType::Number.into(),
        Shape::Integer { min, max } => integer(*min, *max),
        Shape::Seconds => SpecSchema {
            kind: SpecType::Number,
            limits: SpecLimits { minimum: Some(Number::from(0)), ..SpecLimits::default() },
        },
        Shape::Text { format } => SpecSchema {
            kind: SpecType::Text,
            limits: SpecLimits { format: standard_format(format), ..SpecLimits::default() },
        },
        Shape::OneOf(choices) => SpecSchema {
            kind: SpecType::Text,
            limits: SpecLimits {
                choices: choices.iter().map(|(name, _)| Value::from(*name)).collect(),
                ..SpecLimits::default()
            },
        },
        Shape::List(inner) => SpecType::Array(Box::new(of_shape(inner))).into(),
        Shape::Map(inner) => {
            let additional = Some(SpecAdditional::Schema(Box::new(of_shape(inner))));
            SpecType::Object { properties: Vec::new(), additional }.into()
        }
        Shape::Section(spec) => {
            SpecType::Object { properties: properties(spec), additional: None }.into()
        }
        Shape::Any => anything(None),
    }
}

fn standard_format(name: &str) -> Option<String> {
    match formats::find(name)?.standard {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

/// A whole number with the bounds of its type, where they say something.
fn integer(min: i128, max: i128) -> SpecSchema {
    let exact = |bound: i128| i64::try_from(bound).ok().filter(|_| bound.abs() <= EXACT);
    let mut limits = SpecLimits {
        minimum: exact(min).map(Number::from),
        maximum: exact(max).map(Number::from),
        ..SpecLimits::default()
    };
    limits.drop_single();
    SpecSchema { kind: SpecType::Integer, limits }
}

impl SpecLimits {
    /// Datadog's validator wants the greatest number to be greater than the least; a range of one number is told as a choice.
    fn drop_single(&mut self) {
        let bounds = self.minimum.as_ref().and_then(Number::as_f64);
        let bounds = bounds.zip(self.maximum.as_ref().and_then(Number::as_f64));
        if bounds.is_some_and(|(minimum, maximum)| maximum <= minimum) {
            self.choices = self.minimum.take().map(Value::Number).into_iter().collect();
            self.maximum = None;
            self.exclusive_maximum = false;
        }
    }
}

fn properties(spec: &Spec) -> Vec<SpecProperty> {
    let property = |option: &'static OptionSpec| SpecProperty {
        name: option.name.to_owned(),
        description: wording::as_block(option.description.trim_end().to_owned()),
        required: option.required,
        schema: schema(&option.shape, &option.constraints, None),
    };
    spec.options().into_iter().filter(|option| !option.hidden).map(property).collect()
}

/// Anything; the type of the example is named first.
fn anything(example: Option<&Value>) -> SpecSchema {
    let mapping =
        || SpecType::Object { properties: Vec::new(), additional: Some(SpecAdditional::Any) };
    let of = |kinds: Vec<SpecType>| kinds.into_iter().map(SpecSchema::from).collect::<Vec<_>>();
    let items = of(vec![mapping(), SpecType::Text, SpecType::Number, SpecType::Boolean]);
    let items = Box::new(SpecType::AnyOf(items).into());
    let mut kinds = of(vec![
        mapping(),
        SpecType::Array(items),
        SpecType::Text,
        SpecType::Number,
        SpecType::Boolean,
    ]);
    let first = kinds.iter().position(|kind| example.is_some_and(|example| kind.fits(example)));
    kinds[..=first.unwrap_or_default()].rotate_right(1);
    SpecType::AnyOf(kinds).into()
}

fn of_value(value: &Value) -> SpecSchema {
    let kind = match value {
        Value::Bool(_) => SpecType::Boolean,
        Value::Number(_) => SpecType::Number,
        Value::Null | Value::String(_) => SpecType::Text,
        Value::Array(_) => SpecType::Array(Box::new(anything(None))),
        Value::Object(_) => {
            SpecType::Object { properties: Vec::new(), additional: Some(SpecAdditional::Any) }
        }
    };
    kind.into()
}

/// A bound without a fraction where it has none.
fn number(number: f64) -> Option<Number> {
    match number.show() {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
