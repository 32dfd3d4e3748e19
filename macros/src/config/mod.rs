//! `#[derive(Config)]`: what the macro knows about a section of options, or a choice of texts, once all of it is right.

mod constraint;
mod expand;
mod option;
mod parse;
mod validate;
mod value;

use proc_macro2::TokenStream;
use syn::{DeriveInput, Expr, Generics, Ident, Path, Type};

use crate::diag::Errors;
use crate::paths::Runtime;

/// A struct of options.
struct Section<'i> {
    ident: &'i Ident,
    generics: &'i Generics,
    runtime: Runtime,
    description: String,
    template: String,
    validate: Option<Path>,
    members: Vec<Member<'i>>,
}

/// A field.
enum Member<'i> {
    Option(Box<Opt<'i>>),
    Flatten { field: &'i Ident, ty: &'i Type },
}

/// An option.
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute that an author may write")]
struct Opt<'i> {
    field: &'i Ident,
    ty: &'i Type,
    name: String,
    description: String,
    default: Option<DefaultValue>,
    example: Option<Expr>,
    constraints: Constraints,
    secret: bool,
    hidden: bool,
    shared: bool,
    tag: Option<String>,
    deprecated: Option<String>,
    validate: Option<Path>,
    serde: bool,
}

/// The value of an option that is not given.
enum DefaultValue {
    /// `Default::default()`.
    OfType,
    /// A literal, read as if it stood in the file.
    Literal(Expr),
    /// Any other expression, of the option's type.
    Expression(Expr),
}

/// What a value must fulfil beyond its type.
#[derive(Default)]
struct Constraints {
    range: Option<Range>,
    pattern: Option<String>,
    non_empty: bool,
    one_of: Vec<String>,
}

/// The numbers that a value may be.
struct Range {
    min: Option<Expr>,
    max: Option<Expr>,
    max_exclusive: bool,
}

/// An enum: an option that is one of several texts.
struct Choice<'i> {
    ident: &'i Ident,
    runtime: Runtime,
    variants: Vec<Variant<'i>>,
}

/// One of the texts.
struct Variant<'i> {
    ident: &'i Ident,
    text: String,
    description: String,
}

/// The code for a type, and what is wrong with it.
pub(crate) fn derive(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let parsed = parse::config(input, errors);
    let code = match &parsed.body {
        parse::Body::Section(section) => {
            validate::section(&parsed, section, errors).map(Section::expand)
        }
        parse::Body::Choice(variants) => {
            validate::choice(&parsed, variants, errors).map(Choice::expand)
        }
        parse::Body::Other => None,
    };
    match code {
        Some(code) if errors.count() == 0 => code,
        _ => expand::fallback(&parsed),
    }
}
