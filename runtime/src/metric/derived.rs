//! What the code of `#[derive(Metrics)]` calls beside the traits: rows of its tables, made from the types of fields.
//!
//! The functions take a getter of the field, from which the compiler learns the type; they never call it.

use super::descriptor::{Declared, Descriptor, InAppType, Nested, Orientation, Record, TagKey};
use super::emitter::Emitter;
use super::field::{Field, OneSeries};
use super::record::{Keyed, Metrics};
use super::tag::TagValue;

/// What `#[derive(Metrics)]` makes of a record: its declaration and the function that submits it.
///
/// Both stand in one constant, because the compiler then reports a field of a wrong type once.
pub trait Table: Sized {
    /// The two.
    const TABLE: (Record, fn(&Self, &mut Emitter<'_>));
}

/// The metric or service check that a field is, about which nothing but its type is known.
pub const fn metric_field<R, F: Field>(_field: fn(&R) -> &F) -> Descriptor {
    let declared: Declared = F::DECLARED;
    Descriptor {
        name: "",
        declared,
        description: "",
        short_name: None,
        orientation: Orientation::Neutral,
        curated: &[],
        interval: None,
        in_app: None,
        flush_first_value: false,
        from: None,
    }
}

/// The metric that a field is, shown under a type.
pub const fn in_app_field<R, F: OneSeries>(field: fn(&R) -> &F, in_app: InAppType) -> Descriptor {
    let mut descriptor = metric_field(field);
    descriptor.in_app = Some(in_app);
    descriptor
}

/// The tag that a field is.
pub const fn tag_field<R, T: TagValue>(
    _field: fn(&R) -> &T,
    key: &'static str,
    description: &'static str,
) -> TagKey {
    TagKey { key, description, values: T::VALUES, optional: T::OPTIONAL }
}

/// The record that a field is.
pub const fn record_field<R, M: Metrics>(_field: fn(&R) -> &M) -> Nested {
    Nested { each: None, declaration: M::DECLARATION }
}

/// The records that a field is a map of.
pub const fn records_field<R, K: Keyed>(
    _field: fn(&R) -> &K,
    key: &'static str,
    description: &'static str,
) -> Nested {
    let values = <K::Key as TagValue>::VALUES;
    let optional = <K::Key as TagValue>::OPTIONAL;
    let each = Some(TagKey { key, description, values, optional });
    Nested { each, declaration: <K::Record as Metrics>::DECLARATION }
}
