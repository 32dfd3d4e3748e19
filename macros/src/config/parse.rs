//! What an author wrote on a struct of options, or on an enum.

use proc_macro2::Span;
use syn::{
    Data, DataStruct, DeriveInput, Expr, Field, Fields, Generics, Ident, LitStr, Path, Type,
    Variant,
};

use crate::attr::{Maybe, Options, Place};
use crate::diag::Errors;
use crate::doc::Doc;
use crate::name;
use crate::paths::Runtime;

const ON_STRUCT: Place = Place {
    attribute: "config",
    on: "a struct",
    options: &["validate", "template", "crate"],
    elsewhere: &[
        ("name", "it belongs on a field; the struct is not named in the file"),
        ("default", "it belongs on a field; each option has its own default"),
        ("flatten", "it belongs on the field that holds this struct"),
        ("tag", "it belongs on a field"),
        ("shared", "it belongs on a field"),
        ("secret", "it belongs on a field"),
        ("hidden", "it belongs on a field"),
        ("deprecated", "it belongs on a field"),
    ],
};

const ON_ENUM: Place = Place {
    attribute: "config",
    on: "an enum",
    options: &["crate"],
    elsewhere: &[
        ("name", "it belongs on a variant"),
        ("default", "it belongs on the field that holds the enum: `#[config(default = …)]`"),
    ],
};

const ON_VARIANT: Place = Place {
    attribute: "config",
    on: "a variant",
    options: &["name"],
    elsewhere: &[
        ("default", "it belongs on the field that holds the enum: `#[config(default = …)]`"),
        ("crate", "it belongs on the enum"),
    ],
};

const ON_FIELD: Place = Place {
    attribute: "config",
    on: "a field",
    options: &[
        "name",
        "default",
        "example",
        "range",
        "pattern",
        "non_empty",
        "one_of",
        "secret",
        "flatten",
        "tag",
        "shared",
        "deprecated",
        "hidden",
        "validate",
        "serde",
    ],
    elsewhere: &[
        ("crate", "it belongs on the struct"),
        ("template", "it belongs on the struct"),
        ("rename", "it is called `name`: `#[config(name = \"…\")]`"),
        ("required", "an option is required unless it has a `default` or its type is an `Option`"),
        ("optional", "an option is optional if it has a `default` or its type is an `Option`"),
        ("description", "the description is the doc comment: `/// …`"),
        ("doc", "the description is the doc comment: `/// …`"),
        ("min", "it is called `range`: `#[config(range = 1..)]`"),
        ("max", "it is called `range`: `#[config(range = ..=100)]`"),
    ],
};

/// A type as it is written.
pub(super) struct ParsedConfig<'i> {
    pub(super) ident: &'i Ident,
    pub(super) generics: &'i Generics,
    pub(super) runtime: Runtime,
    pub(super) doc: Doc,
    pub(super) body: Body<'i>,
}

/// The body of a type.
pub(super) enum Body<'i> {
    Section(ParsedSection<'i>),
    Choice(Vec<ParsedVariant<'i>>),
    Other,
}

/// A struct as it is written.
pub(super) struct ParsedSection<'i> {
    pub(super) validate: Option<Path>,
    pub(super) template: Option<LitStr>,
    pub(super) fields: Vec<ParsedField<'i>>,
}

/// A field as it is written.
pub(super) struct ParsedField<'i> {
    pub(super) ident: &'i Ident,
    pub(super) ty: &'i Type,
    pub(super) doc: Doc,
    pub(super) flatten: Option<Span>,
    pub(super) options: FieldOptions,
    /// Options that stand beside `flatten`, where they mean nothing.
    pub(super) beside_flatten: Vec<(&'static str, Span)>,
}

/// The options of `#[config]` on a field.
pub(super) struct FieldOptions {
    pub(super) name: Option<LitStr>,
    pub(super) default: Option<Maybe<Expr>>,
    pub(super) example: Option<Expr>,
    pub(super) range: Option<Expr>,
    pub(super) pattern: Option<LitStr>,
    pub(super) non_empty: Option<Span>,
    pub(super) one_of: Option<(Span, Vec<LitStr>)>,
    pub(super) secret: Option<Span>,
    pub(super) tag: Option<(Span, Option<LitStr>)>,
    pub(super) shared: bool,
    pub(super) deprecated: Option<LitStr>,
    pub(super) hidden: bool,
    pub(super) validate: Option<Path>,
    pub(super) serde: bool,
}

/// A variant as it is written.
pub(super) struct ParsedVariant<'i> {
    pub(super) ident: &'i Ident,
    pub(super) doc: Doc,
    pub(super) name: Option<LitStr>,
}

/// Reads a type; what cannot be read is reported and left out.
pub(super) fn config<'i>(input: &'i DeriveInput, errors: &Errors) -> ParsedConfig<'i> {
    let DeriveInput { attrs, ident, generics, data, .. } = input;
    let place = if matches!(data, Data::Enum(_)) { ON_ENUM } else { ON_STRUCT };
    let mut options = Options::of(attrs, place, errors);
    let runtime = Runtime::new(options.path("crate"));
    let validate = options.path("validate");
    let template = options.text("template");
    let body = match data {
        Data::Struct(DataStruct { fields: fields @ (Fields::Named(_) | Fields::Unit), .. }) => {
            let fields = fields.iter().filter_map(|field| read_field(field, errors)).collect();
            Body::Section(ParsedSection { validate, template, fields })
        }
        Data::Enum(data) => {
            let variants = data.variants.iter().filter_map(|variant| read_variant(variant, errors));
            Body::Choice(variants.collect())
        }
        _ => {
            let message = "options have names, and this type has none for its fields\nhint: write a struct with named fields, or an enum of plain variants for a choice of texts";
            errors.add(ident, message);
            Body::Other
        }
    };
    ParsedConfig { ident, generics, runtime, doc: Doc::of(attrs), body }
}

fn read_field<'i>(field: &'i Field, errors: &Errors) -> Option<ParsedField<'i>> {
    let mut options = Options::of(&field.attrs, ON_FIELD, errors);
    let flatten = options.flag("flatten");
    let others = ON_FIELD.options.iter().filter(|name| **name != "flatten");
    let beside_flatten = others.filter_map(|name| Some((*name, options.span(name)?))).collect();
    Some(ParsedField {
        ident: field.ident.as_ref()?,
        ty: &field.ty,
        doc: Doc::of(&field.attrs),
        flatten,
        beside_flatten,
        options: FieldOptions {
            name: options.text("name"),
            default: options.maybe_expression("default"),
            example: options.expression("example"),
            range: options.expression("range"),
            pattern: options.text("pattern"),
            non_empty: options.flag("non_empty"),
            one_of: options.texts("one_of"),
            secret: options.flag("secret"),
            tag: options.maybe_text("tag"),
            shared: options.flag("shared").is_some(),
            deprecated: options.text("deprecated"),
            hidden: options.flag("hidden").is_some(),
            validate: options.path("validate"),
            serde: options.flag("serde").is_some(),
        },
    })
}

fn read_variant<'i>(variant: &'i Variant, errors: &Errors) -> Option<ParsedVariant<'i>> {
    let name = Options::of(&variant.attrs, ON_VARIANT, errors).text("name");
    if !matches!(variant.fields, Fields::Unit) {
        let message = format!(
            "`{}` has fields, and an enum of options is a choice of texts\nhint: leave the fields out, or write `#[config(serde)]` on the option that holds the enum and derive `Deserialize`",
            name::plain(&variant.ident),
        );
        errors.add(variant, message);
        return None;
    }
    Some(ParsedVariant { ident: &variant.ident, doc: Doc::of(&variant.attrs), name })
}
