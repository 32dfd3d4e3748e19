//! The code that the macros write: `tests/expand/x.in.rs` becomes `tests/expand/x.out.rs`.
//!
//! `UPDATE_EXPANDED=1 cargo test -p allwell-macros` writes the second files anew, for review.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, DeriveInput, Item, Meta};

use crate::diag::Errors;

type Derive = fn(&DeriveInput, &Errors) -> TokenStream;

const DERIVES: [(&str, Derive); 3] = [
    ("Config", crate::config::derive),
    ("Metrics", crate::metrics::derive),
    ("TagValue", crate::tag_value::derive),
];

/// The code of all items of a file that have one of the macros.
fn expand(source: &str) -> String {
    let file = syn::parse_file(source).expect("the file is Rust");
    let errors = Errors::new();
    let code: TokenStream = file.items.into_iter().map(|item| expand_item(item, &errors)).collect();
    assert_eq!(super::messages(errors), [""; 0]);
    prettyplease::unparse(&syn::parse2(code).expect("the expansion is Rust"))
}

fn expand_item(mut item: Item, errors: &Errors) -> TokenStream {
    let attributes = match &mut item {
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        _ => return TokenStream::new(),
    };
    let named = |name: &'static str| move |attr: &Attribute| attr.path().is_ident(name);
    if let Some(index) = attributes.iter().position(named("check")) {
        let options = match attributes.remove(index).meta {
            Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        return crate::check::attribute(options, item.to_token_stream(), errors);
    }
    let derives: String = attributes
        .iter()
        .filter(|attr| named("derive")(attr))
        .map(|attr| attr.to_token_stream().to_string())
        .collect();
    let input: DeriveInput = syn::parse2(quote!(#item)).expect("the item can have derives");
    DERIVES
        .iter()
        .filter(|(name, _)| derives.contains(name))
        .map(|(_, derive)| derive(&input, errors))
        .collect()
}

fn compare(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let source =
        fs::read_to_string(folder.join(format!("{name}.in.rs"))).expect("the source is there");
    let target = folder.join(format!("{name}.out.rs"));
    let code = expand(&source);
    if std::env::var_os("UPDATE_EXPANDED").is_some() {
        fs::write(&target, &code).expect("the target can be written");
    }
    assert_eq!(
        fs::read_to_string(&target).unwrap_or_default(),
        code,
        "{name}.out.rs is not up to date"
    );
}

#[test]
fn check_on_async_function() {
    compare("check_async");
}

#[test]
fn check_on_blocking_function() {
    compare("check_blocking");
}

#[test]
fn check_on_impl() {
    compare("check_impl");
}

#[test]
fn config_of_every_kind_of_option() {
    compare("config");
}

#[test]
fn config_that_is_a_choice() {
    compare("config_choice");
}

#[test]
fn metrics_of_a_record_with_tags() {
    compare("metrics");
}

#[test]
fn metrics_of_nested_records() {
    compare("metrics_nested");
}

#[test]
fn metrics_that_a_scrape_fills() {
    compare("metrics_scraped");
}

#[test]
fn tag_value_of_an_enum_and_a_newtype() {
    compare("tag_value");
}
