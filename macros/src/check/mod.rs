//! `#[check]`: what the macro knows about a check once everything about it is right.

mod expand;
mod parse;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ReturnType, Type, Visibility};

use crate::diag::Errors;
use crate::paths::Runtime;

/// A check.
struct Check<'i> {
    meta: Meta,
    runtime: Runtime,
    body: Body<'i>,
}

/// What the attribute and the doc comment say.
struct Meta {
    name: String,
    display_name: String,
    description: String,
    /// Milliseconds.
    interval: Option<u64>,
    /// Milliseconds.
    timeout: Option<u64>,
    enabled_by_default: bool,
    can_connect: Option<String>,
}

/// What the attribute stands on.
enum Body<'i> {
    Function(Function<'i>),
    Impl(Impl<'i>),
}

/// A function that is a check.
struct Function<'i> {
    ident: &'i Ident,
    visibility: &'i Visibility,
    is_async: bool,
    parameters: Vec<Parameter<'i>>,
    output: &'i ReturnType,
}

/// A parameter, by the type behind its reference.
enum Parameter<'i> {
    /// Any type but `Context`.
    Config(&'i Type),
    /// `Context<M>`, with `M` if it is given.
    Context(Option<&'i Type>),
}

/// An impl of the trait `Check`.
struct Impl<'i> {
    trait_path: &'i syn::Path,
    /// The argument of the trait, if there is one.
    stream: Option<&'i Type>,
    self_ty: &'i Type,
}

/// The code for a function or impl, and what is wrong with it.
pub(crate) fn attribute(options: TokenStream, item: TokenStream, errors: &Errors) -> TokenStream {
    let original = item.clone();
    let Some(parsed) = parse::check(options, item, errors) else { return original };
    let code = match validate::check(&parsed, errors) {
        Some(check) if errors.count() == 0 => check.expand(),
        _ if parsed.head.is_method() => TokenStream::new(),
        _ => expand::fallback(&parsed),
    };
    quote!(#original #code)
}
