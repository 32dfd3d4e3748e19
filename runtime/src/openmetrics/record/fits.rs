//! Which samples a field can take, by the type that the exposition gives them.

use crate::openmetrics::parse::{FamilyType, Part};

use super::shape::{Source, Takes};

/// What is wrong with a sample of this type for a field, if anything.
pub(super) fn fault(
    type_name: &str,
    source: &Source,
    kind: FamilyType,
    part: Part,
) -> Option<String> {
    if source.any_type || fits(source.takes, kind, part) {
        return None;
    }
    let field = format!("`{type_name}::{}`", source.field);
    let is = source.kind.map_or("service check", |kind| kind.name()).replace('_', " ");
    let (given, remedy) = match (kind, part) {
        (FamilyType::Counter, _) | (_, Part::Sum | Part::Count | Part::Bucket) => {
            ("a total", "make it a `MonotonicCount` or a `Rate`")
        }
        (FamilyType::Gauge | FamilyType::Summary, _) => ("a value", "make it a `Gauge`"),
        _ => ("of another type", "take another sample"),
    };
    let name = kind.name();
    Some(format!(
        "{field} is a {is}, and this is {given} of a {name}; hint: {remedy}, or write `any_type` beside `from`"
    ))
}

fn fits(takes: Takes, kind: FamilyType, part: Part) -> bool {
    match (takes, kind) {
        (_, FamilyType::Unknown) => true,
        (Takes::Total, FamilyType::Counter) => part != Part::Created,
        (Takes::Total, FamilyType::Histogram | FamilyType::Summary) => {
            matches!(part, Part::Sum | Part::Count | Part::Bucket)
        }
        (Takes::Bucket, FamilyType::Histogram) => part == Part::Bucket,
        // When a total began is a value.
        (Takes::Value, _) if part == Part::Created => true,
        (Takes::Value, FamilyType::Summary) => part == Part::Whole,
        (
            Takes::Value | Takes::State,
            FamilyType::Gauge
            | FamilyType::Info
            | FamilyType::StateSet
            | FamilyType::GaugeHistogram,
        ) => true,
        _ => false,
    }
}
