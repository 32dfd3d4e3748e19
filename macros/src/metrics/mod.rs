//! `#[derive(Metrics)]`: what the macro knows about a record once everything about it is right.

mod expand;
mod fill;
mod parse;
mod selector;
mod source;
mod validate;

use proc_macro2::{Span, TokenStream};
use syn::{DeriveInput, Generics, Ident, Type};

use crate::diag::Errors;
use crate::paths::Runtime;

/// A record of metrics.
struct Record<'i> {
    ident: &'i Ident,
    generics: &'i Generics,
    runtime: Runtime,
    tags: Vec<Tag<'i>>,
    host: Option<Host<'i>>,
    items: Vec<Item<'i>>,
    nested: Vec<Nested<'i>>,
    /// Fields that the author fills in where a scrape fills the others.
    own: Vec<&'i Ident>,
    /// A scrape fills it.
    is_scraped: bool,
}

/// A field that is a tag of all metrics of the record.
struct Tag<'i> {
    field: &'i Ident,
    ty: &'i Type,
    key: Key,
    description: String,
    display: bool,
    /// The label that it is made of, where a scrape fills the record, and where that is written.
    label: String,
    label_place: Span,
}

/// A field that names the host of the record.
struct Host<'i> {
    field: &'i Ident,
    ty: &'i Type,
    label: String,
    label_place: Span,
}

/// A field that is a metric or service check.
struct Item<'i> {
    field: &'i Ident,
    ty: &'i Type,
    name: String,
    name_place: Span,
    description: String,
    short_name: Option<String>,
    orientation: Orientation,
    curated: Vec<String>,
    interval: Option<u32>,
    in_app: Option<InAppType>,
    flush_first_value: bool,
    source: Option<Source>,
}

/// Where the value of an item comes from.
struct Source {
    selector: Selector,
    sum: bool,
    any_type: bool,
    levels: Vec<(Level, f64)>,
}

/// Which samples of an exposition are meant.
struct Selector {
    metric: String,
    conditions: Vec<Condition>,
    place: Span,
}

/// What a label of them must be.
struct Condition {
    label: String,
    value: String,
    equal: bool,
}

/// The status that a value stands for.
#[derive(Clone, Copy)]
enum Level {
    Ok,
    Warning,
    Critical,
}

/// Whether a higher value is better.
#[derive(Clone, Copy)]
enum Orientation {
    LowerIsBetter,
    Neutral,
    HigherIsBetter,
}

/// The type under which Datadog shows a metric.
#[derive(Clone, Copy)]
enum InAppType {
    Gauge,
    Rate,
    Count,
}

/// A field that is a record, or a map of records whose keys become the tag `each`.
struct Nested<'i> {
    field: &'i Ident,
    ty: &'i Type,
    each: Option<Key>,
    description: String,
}

/// The key of a tag, and where it is written.
struct Key {
    text: String,
    place: Span,
}

/// The code for a struct, and what is wrong with it.
pub(crate) fn derive(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let parsed = parse::record(input, errors);
    match validate::record(&parsed, errors) {
        Some(record) if errors.count() == 0 => record.expand(),
        _ => expand::fallback(&parsed),
    }
}
