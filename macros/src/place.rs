//! Generated code that stands, for the compiler's messages, where the type of a field is written.
//!
//! It never repeats the type but learns it from the field, so that a name that does not exist is reported once. All that
//! asks something of one type has the very same place, so that what the type lacks is reported once, too.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type};

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
fn getter(field: &Ident, ty: &Type) -> TokenStream {
    let (first, _) = ends(ty);
    let access = access(field, ty);
    let parameter = quote_spanned!(first=> |record: &Self|);
    quote!(#parameter #access)
}

/// A call of the runtime's function of this name, which learns the type of a field.
pub(crate) fn learn(function: &str, field: &Ident, ty: &Type, more: &TokenStream) -> TokenStream {
    let function = runtime_function(function, ty);
    let getter = getter(field, ty);
    quote!(#function(#getter, #more))
}

/// A function of the runtime.
pub(crate) fn runtime_function(name: &str, ty: &Type) -> TokenStream {
    let (first, last) = ends(ty);
    let name = Ident::new(name, last);
    let runtime = quote_spanned!(first=> __rt::);
    quote!(#runtime #name)
}

/// A call of an author's function, at the place of its path.
pub(crate) fn call(function: &Path, argument: &str) -> TokenStream {
    let place = function.span();
    let argument = Ident::new(argument, place);
    quote_spanned!(place=> #function(#argument))
}
