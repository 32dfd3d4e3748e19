//! The macros of allwell: `#[check]`, `#[derive(Config)]`, `#[derive(Metrics)]` and `#[derive(TagValue)]`.
//!
//! Use them through the crate `allwell`, which re-exports them beside the traits that they implement.
#![forbid(unsafe_code)]

mod attr;
mod check;
mod config;
mod diag;
mod doc;
mod duration;
mod generics;
mod metrics;
mod name;
mod paths;
mod place;
mod tag_value;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use diag::Errors;

/// Makes a check of a function or of an `impl Check for …`.
#[proc_macro_attribute]
pub fn check(options: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let code = check::attribute(options.into(), item.into(), &errors);
    with_errors(code, errors)
}

/// Makes a struct the options of a check, or an enum a choice of texts.
#[proc_macro_derive(Config, attributes(config))]
pub fn config(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), config::derive)
}

/// Makes a struct a record of metrics.
#[proc_macro_derive(Metrics, attributes(metrics, metric, tag, hostname))]
pub fn metrics(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), metrics::derive)
}

/// Makes an enum or a struct of one field the value of a tag.
#[proc_macro_derive(TagValue, attributes(tag))]
pub fn tag_value(input: TokenStream) -> TokenStream {
    derive(parse_macro_input!(input), tag_value::derive)
}

#[expect(clippy::needless_pass_by_value, reason = "`parse_macro_input!` gives the item away")]
fn derive(
    input: DeriveInput,
    derive: fn(&DeriveInput, &Errors) -> proc_macro2::TokenStream,
) -> TokenStream {
    let errors = Errors::new();
    let code = derive(&input, &errors);
    with_errors(code, errors)
}

fn with_errors(mut code: proc_macro2::TokenStream, errors: Errors) -> TokenStream {
    code.extend(diag::compile_errors(&errors.into_list()));
    code.into()
}
