//! What an author wrote on a type of tag values.

use syn::{Data, DeriveInput, Fields, Generics, Ident, LitStr, Type, Variant};

use crate::attr::{Options, Place};
use crate::diag::Errors;
use crate::paths::Runtime;

const ON_TYPE: Place = Place {
    attribute: "tag",
    on: "a type",
    options: &["crate"],
    elsewhere: &[
        ("name", "`#[tag(name = \"…\")]` belongs on a variant, or on the field of a record"),
        ("display", "`#[tag(display)]` belongs on the field of a record"),
    ],
};

const ON_VARIANT: Place = Place {
    attribute: "tag",
    on: "a variant",
    options: &["name"],
    elsewhere: &[
        ("display", "`#[tag(display)]` belongs on the field of a record"),
        ("crate", "`#[tag(crate = …)]` belongs on the enum"),
    ],
};

/// A type as it is written.
pub(super) struct ParsedValue<'i> {
    pub(super) ident: &'i Ident,
    pub(super) generics: &'i Generics,
    pub(super) runtime: Runtime,
    pub(super) shape: Option<ParsedShape<'i>>,
}

/// The body of a type.
pub(super) enum ParsedShape<'i> {
    Enum(Vec<(&'i Ident, Option<LitStr>)>),
    Newtype(&'i Type),
}

/// Reads a type; what cannot be read is reported and left out.
pub(super) fn value<'i>(input: &'i DeriveInput, errors: &Errors) -> ParsedValue<'i> {
    let runtime = Runtime::new(Options::of(&input.attrs, ON_TYPE, errors).path("crate"));
    let shape = match &input.data {
        Data::Enum(data) => {
            let variants = data.variants.iter().filter_map(|variant| read(variant, errors));
            Some(ParsedShape::Enum(variants.collect()))
        }
        Data::Struct(data) => newtype(&data.fields),
        Data::Union(_) => None,
    };
    if shape.is_none() {
        let message = "the value of a tag is an enum of plain variants, or a tuple struct of one field\nhint: a type that implements `Display` needs no derive: mark the field `#[tag(display)]`";
        errors.add(&input.ident, message);
    }
    ParsedValue { ident: &input.ident, generics: &input.generics, runtime, shape }
}

fn newtype(fields: &Fields) -> Option<ParsedShape<'_>> {
    let Fields::Unnamed(fields) = fields else { return None };
    let mut fields = fields.unnamed.iter();
    match (fields.next(), fields.next()) {
        (Some(field), None) => Some(ParsedShape::Newtype(&field.ty)),
        _ => None,
    }
}

fn read<'i>(variant: &'i Variant, errors: &Errors) -> Option<(&'i Ident, Option<LitStr>)> {
    let name = Options::of(&variant.attrs, ON_VARIANT, errors).text("name");
    if !matches!(variant.fields, Fields::Unit) {
        let message = format!(
            "`{}` has fields, and the values of a closed tag are known beforehand\nhint: leave the fields out; for an open set of values implement `Display` and mark the record's field `#[tag(display)]`",
            crate::name::plain(&variant.ident),
        );
        errors.add(variant, message);
        return None;
    }
    Some((&variant.ident, name))
}
