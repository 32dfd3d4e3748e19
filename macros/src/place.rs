//! Generated code that stands, for the compiler's messages, where the type of a field is written.
//!
//! It never repeats the type but learns it from the field, so that a name that does not exist is reported once. All that
//! asks something of one type has the very same place, so that what the type lacks is reported once, too.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Type};

/// The places of a type's first and last token; the compiler underlines all between them.
fn ends(ty: &Type) -> (Span, Span) {
    let mut places = ty.to_token_stream().into_iter().map(|token| token.span());
    let first = places.next().unwrap_or_else(Span::call_site);
    (first, places.last().unwrap_or(first))
}

/// A field of `record` by reference.
pub(crate) fn access(field: &Ident, ty: &Type) -> TokenStream {
    let (first, last) = ends(ty);
    let mut field = field.clone();
    field.set_span(last);
    let record = quote_spanned!(first=> &record);
    quote!(#record.#field)
}

/// A function that gives a field by reference.
pub(crate) fn getter(field: &Ident, ty: &Type) -> TokenStream {
    let (first, _) = ends(ty);
    let access = access(field, ty);
    let parameter = quote_spanned!(first=> |record: &Self|);
    quote!(#parameter #access)
}

/// What the runtime's function of this name learns from the type of a field.
pub(crate) fn learn(function: &str, field: &Ident, ty: &Type, more: &TokenStream) -> TokenStream {
    let function = path(&[function], ty);
    let getter = getter(field, ty);
    quote!(#function(#getter #more))
}

/// A path in the runtime.
pub(crate) fn path(names: &[&str], ty: &Type) -> TokenStream {
    let (first, last) = ends(ty);
    let names = names.iter().map(|name| Ident::new(name, last));
    let runtime = Ident::new("__rt", first);
    quote!(#runtime #(::#names)*)
}
