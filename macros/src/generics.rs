//! Type parameters: what the fields of a generic type ask of them, and what a type looks like from outside.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Generics, Ident, Type, WherePredicate, parse_quote};

/// The generics, with a bound for each type that names a type parameter.
pub(crate) fn bounded<'t>(
    generics: &Generics,
    bounds: impl Iterator<Item = (&'t Type, TokenStream)>,
) -> Generics {
    let parameters: Vec<_> = generics.type_params().map(|parameter| &parameter.ident).collect();
    let mut generics = generics.clone();
    if parameters.is_empty() {
        return generics;
    }
    let predicates: Vec<WherePredicate> = bounds
        .filter(|(ty, _)| mentions(ty.to_token_stream(), &parameters))
        .map(|(ty, bound)| parse_quote!(#ty: #bound))
        .collect();
    generics.make_where_clause().predicates.extend(predicates);
    generics
}

/// Whether one of the names stands somewhere among the tokens.
pub(crate) fn mentions(tokens: TokenStream, names: &[&Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| **name == ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

/// `Some` of an expression, or `None`.
pub(crate) fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or(quote!(__rt::None), |value| quote!(__rt::Some(#value)))
}

/// The name at the end of a type's path: `Option` of `std::option::Option<T>`.
pub(crate) fn last_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Group(group) => last_name(&group.elem),
        Type::Paren(paren) => last_name(&paren.elem),
        _ => None,
    }
}

/// Whether a type is written as an `Option`.
pub(crate) fn is_option(ty: &Type) -> bool {
    last_name(ty).is_some_and(|name| name == "Option")
}
