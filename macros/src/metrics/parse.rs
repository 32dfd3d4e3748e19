//! What an author wrote on a record and its fields.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DataStruct, DeriveInput, Expr, Field, Fields, Generics, Ident, LitStr, Path,
    Token, Type,
};

use crate::attr::{self, Options, Place, Word};
use crate::diag::Errors;
use crate::doc::Doc;
use crate::paths::Runtime;

use super::Level;

const ON_STRUCT: Place = Place {
    attribute: "metrics",
    on: "a record",
    options: &["namespace", "crate", "scraped"],
    elsewhere: &[
        ("flatten", "`#[metrics(flatten)]` belongs on a field that is a record"),
        ("each", "`#[metrics(each = \"…\")]` belongs on a field that is a map of records"),
        ("name", "`#[metric(name = \"…\")]` belongs on a field; a record has a `namespace`"),
        ("tag", "`#[tag]` belongs on a field"),
    ],
};

const ON_NESTED: Place = Place {
    attribute: "metrics",
    on: "a field",
    options: &["flatten", "each"],
    elsewhere: &[
        ("namespace", "`#[metrics(namespace = \"…\")]` belongs on the struct"),
        ("crate", "`#[metrics(crate = …)]` belongs on the struct"),
        ("scraped", "`#[metrics(scraped)]` belongs on the struct"),
        ("name", "it is an option of `#[metric]`: write `#[metric(name = \"…\")]`"),
        ("full_name", "it is an option of `#[metric]`: write `#[metric(full_name = \"…\")]`"),
        ("short_name", "it is an option of `#[metric]`: write `#[metric(short_name = \"…\")]`"),
        ("orientation", "it is an option of `#[metric]`: write `#[metric(orientation = …)]`"),
        ("curated", "it is an option of `#[metric]`: write `#[metric(curated = …)]`"),
        ("interval", "it is an option of `#[metric]`: write `#[metric(interval = …)]`"),
        ("in_app", "it is an option of `#[metric]`: write `#[metric(in_app = …)]`"),
        ("undocumented", "it is an option of `#[metric]`: write `#[metric(undocumented)]`"),
        (
            "flush_first_value",
            "it is an option of `#[metric]`: write `#[metric(flush_first_value)]`",
        ),
        ("from", "it is an option of `#[metric]` and `#[tag]`: write `#[metric(from = \"…\")]`"),
    ],
};

const ON_METRIC: Place = Place {
    attribute: "metric",
    on: "a field",
    options: &[
        "name",
        "full_name",
        "short_name",
        "orientation",
        "curated",
        "interval",
        "in_app",
        "undocumented",
        "flush_first_value",
        "from",
        "sum",
        "any_type",
        "ok",
        "warning",
        "critical",
    ],
    elsewhere: &[
        ("unit", "the unit is the type: `Gauge<Byte>`"),
        (
            "kind",
            "the kind is the type: `Gauge`, `Count`, `MonotonicCount`, `Rate`, `Histogram` or `Distribution`",
        ),
        (
            "type",
            "the kind is the type: `Gauge`, `Count`, `MonotonicCount`, `Rate`, `Histogram` or `Distribution`",
        ),
        ("description", "the description is the doc comment: `/// …`"),
        ("doc", "the description is the doc comment: `/// …`"),
        ("help", "the description is the doc comment: `/// …`"),
        (
            "namespace",
            "`#[metrics(namespace = \"…\")]` belongs on the struct; `full_name` names a metric outside of it",
        ),
        ("flatten", "it is an option of `#[metrics]`: write `#[metrics(flatten)]`"),
        ("each", "it is an option of `#[metrics]`: write `#[metrics(each = \"…\")]`"),
        ("tag", "a tag is a field of its own, marked `#[tag]`"),
        ("tags", "a tag is a field of its own, marked `#[tag]`"),
    ],
};

const ON_TAG: Place = Place {
    attribute: "tag",
    on: "a field",
    options: &["name", "display", "from"],
    elsewhere: &[
        ("key", "the key is called `name`: `#[tag(name = \"…\")]`"),
        ("label", "a label of an exposition is called `from`: `#[tag(from = \"…\")]`"),
    ],
};

const ON_HOST: Place =
    Place { attribute: "hostname", on: "a field", options: &["from"], elsewhere: &[] };

/// A struct as it is written.
pub(super) struct ParsedRecord<'i> {
    pub(super) ident: &'i Ident,
    pub(super) generics: &'i Generics,
    pub(super) runtime: Runtime,
    pub(super) namespace: Option<LitStr>,
    /// It is said that a scrape fills it.
    pub(super) scraped: bool,
    /// Otherwise an absent namespace may be a misspelt one.
    pub(super) options_are_right: bool,
    pub(super) fields: Vec<ParsedField<'i>>,
}

/// A field as it is written.
pub(super) struct ParsedField<'i> {
    pub(super) ident: &'i Ident,
    pub(super) ty: &'i Type,
    pub(super) doc: Doc,
    pub(super) role: Role,
}

/// What a field is in its record.
pub(super) enum Role {
    Metric(Box<MetricOptions>),
    Tag { name: Option<LitStr>, display: bool, from: Option<LitStr> },
    Host { from: Option<LitStr> },
    Nested { each: Option<LitStr> },
}

/// The options of `#[metric]`.
pub(super) struct MetricOptions {
    pub(super) name: Option<LitStr>,
    pub(super) full_name: Option<LitStr>,
    pub(super) short_name: Option<LitStr>,
    pub(super) orientation: Option<Path>,
    pub(super) curated: Vec<Word>,
    pub(super) interval: Option<Expr>,
    pub(super) in_app: Option<Path>,
    pub(super) undocumented: Option<Span>,
    pub(super) flush_first_value: bool,
    pub(super) source: SourceOptions,
}

/// The options that say what a scrape fills a metric with.
pub(super) struct SourceOptions {
    pub(super) from: Option<LitStr>,
    pub(super) sum: Option<Span>,
    pub(super) any_type: Option<Span>,
    /// Those that are given, in the order of severity.
    pub(super) levels: Vec<(Level, Expr)>,
}

/// Reads a struct; what cannot be read is reported and left out.
pub(super) fn record<'i>(input: &'i DeriveInput, errors: &Errors) -> ParsedRecord<'i> {
    let before = errors.count();
    let mut options = Options::of(&input.attrs, ON_STRUCT, errors);
    let runtime = Runtime::new(options.path("crate"));
    let namespace = options.text("namespace");
    let scraped = options.flag("scraped").is_some();
    let options_are_right = errors.count() == before;
    for name in ["metric", "tag", "hostname"] {
        let message = format!("`#[{name}]` does not belong on a record\nhint: put it on a field");
        attr::refuse(&input.attrs, name, &message, errors);
    }
    let fields = named_fields(input, errors);
    let fields = fields.into_iter().flatten().filter_map(|field| read_field(field, errors));
    let fields = fields.collect();
    let DeriveInput { ident, generics, .. } = input;
    ParsedRecord { ident, generics, runtime, namespace, scraped, options_are_right, fields }
}

fn named_fields<'i>(
    input: &'i DeriveInput,
    errors: &Errors,
) -> Option<&'i Punctuated<Field, Token![,]>> {
    let remedy = "a record is a struct with named fields, one a metric";
    let (what, remedy) = match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => {
            return Some(&fields.named);
        }
        Data::Struct(DataStruct { fields: Fields::Unnamed(_), .. }) => ("a tuple struct", remedy),
        Data::Struct(DataStruct { fields: Fields::Unit, .. }) => {
            ("a struct without fields", "a check that reports nothing returns `()`")
        }
        Data::Enum(_) => (
            "an enum",
            "write one struct for each kind of record and return a tuple of their `Vec`s",
        ),
        Data::Union(_) => ("a union", remedy),
    };
    let message = format!("{what} cannot be a record of metrics\nhint: {remedy}");
    errors.add(&input.ident, message);
    None
}

fn read_field<'i>(field: &'i Field, errors: &Errors) -> Option<ParsedField<'i>> {
    let roles = ["metric", "tag", "hostname", "metrics"];
    let mut given = field.attrs.iter().filter(|attr| roles.iter().any(|r| attr.path().is_ident(r)));
    let first = given.next();
    if let Some(first) = first
        && let Some(other) = given.find(|attr| attr.path().get_ident() != first.path().get_ident())
    {
        let message = "a field is either a metric, a tag, the host or a record\nhint: take one of the attributes away";
        errors.add(other, message);
        return None;
    }
    let role = match first.map(Attribute::path) {
        Some(path) if path.is_ident("tag") => read_tag(&field.attrs, errors),
        Some(path) if path.is_ident("hostname") => {
            Role::Host { from: Options::of(&field.attrs, ON_HOST, errors).text("from") }
        }
        Some(path) if path.is_ident("metrics") => read_nested(field, errors)?,
        _ => Role::Metric(Box::new(read_metric(&field.attrs, errors))),
    };
    let ident = field.ident.as_ref()?;
    Some(ParsedField { ident, ty: &field.ty, doc: Doc::of(&field.attrs), role })
}

fn read_metric(attrs: &[Attribute], errors: &Errors) -> MetricOptions {
    let mut options = Options::of(attrs, ON_METRIC, errors);
    MetricOptions {
        name: options.text("name"),
        full_name: options.text("full_name"),
        short_name: options.text("short_name"),
        orientation: options.path("orientation"),
        curated: options.words("curated"),
        interval: options.expression("interval"),
        in_app: options.path("in_app"),
        undocumented: options.flag("undocumented"),
        flush_first_value: options.flag("flush_first_value").is_some(),
        source: read_source(&mut options),
    }
}

fn read_source(options: &mut Options<'_>) -> SourceOptions {
    let levels = [("ok", Level::Ok), ("warning", Level::Warning), ("critical", Level::Critical)];
    SourceOptions {
        from: options.text("from"),
        sum: options.flag("sum"),
        any_type: options.flag("any_type"),
        levels: levels
            .into_iter()
            .filter_map(|(name, level)| Some((level, options.expression(name)?)))
            .collect(),
    }
}

fn read_tag(attrs: &[Attribute], errors: &Errors) -> Role {
    let mut options = Options::of(attrs, ON_TAG, errors);
    Role::Tag {
        name: options.text("name"),
        display: options.flag("display").is_some(),
        from: options.text("from"),
    }
}

fn read_nested(field: &Field, errors: &Errors) -> Option<Role> {
    let before = errors.count();
    let mut options = Options::of(&field.attrs, ON_NESTED, errors);
    let (each_span, flatten_span) = (options.span("each"), options.span("flatten"));
    let each = options.text("each");
    options.flag("flatten");
    match (each_span, flatten_span) {
        (Some(span), Some(_)) => errors.at(
            span,
            "`each` and `flatten` exclude each other\nhint: `flatten` is for a record, `each` for a map of records",
        ),
        (None, None) if errors.count() == before => errors.add(
            &field.ident,
            "`#[metrics]` on a field does not say how the record is nested\nhint: write `#[metrics(flatten)]` for a record, `#[metrics(each = \"key\")]` for a map of records",
        ),
        _ => {}
    }
    (errors.count() == before).then_some(Role::Nested { each })
}
