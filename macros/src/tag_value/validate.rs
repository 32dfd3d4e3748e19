//! Whether the values of a tag are right: each is there, short enough and differs from the others.

use std::collections::BTreeMap;

use syn::{Ident, LitStr};

use super::parse::{ParsedShape, ParsedValue};
use super::{Shape, Value};
use crate::diag::Errors;
use crate::name;

/// The type, if everything about it is right.
pub(super) fn value<'i>(parsed: &ParsedValue<'i>, errors: &Errors) -> Option<Value<'i>> {
    let ParsedValue { ident, generics, runtime, shape } = parsed;
    let shape = match shape.as_ref()? {
        ParsedShape::Newtype(ty) => Shape::Newtype(ty),
        ParsedShape::Enum(variants) if variants.is_empty() && errors.count() == 0 => {
            errors.add(
                ident,
                "the enum has no variant, so the tag would have no value\nhint: add one",
            );
            return None;
        }
        ParsedShape::Enum(variants) => Shape::Closed(texts(variants, errors)),
    };
    Some(Value { ident, generics, runtime: runtime.clone(), shape })
}

fn texts<'i>(
    variants: &[(&'i Ident, Option<LitStr>)],
    errors: &Errors,
) -> Vec<(&'i Ident, String)> {
    let mut seen = BTreeMap::<String, &Ident>::new();
    let mut texts = Vec::new();
    for (variant, given) in variants {
        let text =
            given.as_ref().map_or_else(|| name::snake_case(&name::plain(variant)), LitStr::value);
        let span = given.as_ref().map_or_else(|| variant.span(), LitStr::span);
        if let Some(fault) = name::tag_value_fault(&text) {
            errors.at(span, format!("`{text}` is not the value of a tag: {fault}"));
        } else if let Some(first) = seen.get(&text) {
            let message = format!(
                "two variants are written `{text}`: `{first}` and `{variant}`\nhint: give one of them another `name`"
            );
            errors.at(span, message);
        }
        seen.entry(text.clone()).or_insert(variant);
        texts.push((*variant, text));
    }
    texts
}
