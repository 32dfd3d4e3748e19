//! What the macros say to an author who got something wrong, and the code that they write for one who did not.

mod attributes;
mod check;
mod config;
mod expand;
mod metrics;
mod names;
mod tag_value;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diag::Errors;

/// The messages about an item with a derive.
fn derive_errors(derive: fn(&DeriveInput, &Errors) -> TokenStream, item: &str) -> Vec<String> {
    let input: DeriveInput = syn::parse_str(item).expect("the item of a test parses");
    let errors = Errors::new();
    derive(&input, &errors);
    messages(errors)
}

fn messages(errors: Errors) -> Vec<String> {
    errors.into_list().iter().map(ToString::to_string).collect()
}
