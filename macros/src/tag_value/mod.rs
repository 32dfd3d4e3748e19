//! `#[derive(TagValue)]`: what the macro knows about a type of tag values.

mod expand;
mod parse;
mod validate;

use proc_macro2::TokenStream;
use syn::{DeriveInput, Generics, Ident, Type};

use crate::diag::Errors;
use crate::paths::Runtime;

/// A type whose values can be those of a tag.
struct Value<'i> {
    ident: &'i Ident,
    generics: &'i Generics,
    runtime: Runtime,
    shape: Shape<'i>,
}

/// How a value becomes text.
enum Shape<'i> {
    /// An enum: the text of each variant.
    Closed(Vec<(&'i Ident, String)>),
    /// A tuple struct of one field, which is the value.
    Newtype(&'i Type),
}

/// The code for a type, and what is wrong with it.
pub(crate) fn derive(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let parsed = parse::value(input, errors);
    match validate::value(&parsed, errors) {
        Some(value) if errors.count() == 0 => value.expand(),
        _ => expand::fallback(&parsed),
    }
}
