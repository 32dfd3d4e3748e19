//! Whether it is right what an author wrote about the scrape that fills a record.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::{Expr, ExprArray, ExprLit, ExprUnary, Ident, Lit, UnOp};

use super::parse::{ParsedField, ParsedRecord, Role, SourceOptions};
use super::{Level, Record, Source, selector};
use crate::diag::Errors;
use crate::generics::is_option;
use crate::name;

/// Where a metric comes from, if that is said.
pub(super) fn source(options: &SourceOptions, errors: &Errors) -> Option<Source> {
    let SourceOptions { from, sum, any_type, levels } = options;
    let Some(from) = from else {
        report_without_from(options, errors);
        return None;
    };
    if let (Some(sum), Some(_)) = (*sum, levels.first()) {
        let message = "the sum of states is none\nhint: leave `sum` out, or make it a metric";
        errors.at(sum, message);
    }
    let levels = levels.iter().flat_map(|(level, values)| {
        numbers(values, errors).into_iter().map(move |value| (*level, value))
    });
    let levels: Vec<(Level, f64)> = levels.collect();
    let selector = selector::read(from, errors)?;
    Some(Source { selector, sum: sum.is_some(), any_type: any_type.is_some(), levels })
}

fn report_without_from(options: &SourceOptions, errors: &Errors) {
    let SourceOptions { from: _, sum, any_type, levels } = options;
    let flags = [("sum", *sum), ("any_type", *any_type)];
    for (option, place) in flags.into_iter().filter_map(|(name, place)| Some((name, place?))) {
        errors.at(place, format!("`{option}` says nothing without `from`\nhint: write `from = \"…\"`, the name that the exposition has for it"));
    }
    for (_, value) in levels {
        errors.add(value, "a value stands for a status only where it comes `from` an exposition\nhint: write `from = \"…\"`, the name that the exposition has for it");
    }
}

/// One number, or a list of them.
fn numbers(given: &Expr, errors: &Errors) -> Vec<f64> {
    let all = match given {
        Expr::Array(ExprArray { elems, .. }) => elems.iter().map(number).collect(),
        one => number(one).map(|number| vec![number]),
    };
    all.unwrap_or_else(|| {
        let message = "a status stands for a number, or a list of them\nhint: write `ok = 1` or `critical = [0, 2]`";
        errors.add(given, message);
        Vec::new()
    })
}

fn number(given: &Expr) -> Option<f64> {
    match given {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => number(expr).map(|number| -number),
        _ => None,
    }
}

/// A scrape fills a record of which it is said where something comes from.
pub(super) fn is_scraped(parsed: &ParsedRecord<'_>) -> bool {
    parsed.scraped
        || parsed.fields.iter().any(|field| match &field.role {
            Role::Metric(options) => options.source.from.is_some(),
            Role::Tag { from, .. } | Role::Host { from } => from.is_some(),
            Role::Nested { .. } => false,
        })
}

/// What is wrong with the record as a whole, as something that a scrape fills.
pub(super) fn report(parsed: &ParsedRecord<'_>, record: &Record<'_>, errors: &Errors) {
    for ParsedField { ident, role, .. } in &parsed.fields {
        if let Role::Nested { each: Some(each) } = role {
            let message = format!(
                "a scrape does not fill a map of records\nhint: write `#[metrics(flatten)] {ident}: Vec<…>`, and the tag `{}` within its record",
                each.value()
            );
            errors.add(each, message);
        }
    }
    report_repeated_labels(record, errors);
    report_repeated_values(record, errors);
}

/// Whether the author fills a field in after the scrape, which an `Option` leaves room for.
pub(super) fn is_own(field: &ParsedField<'_>, errors: &Errors) -> bool {
    if is_option(field.ty) {
        return true;
    }
    let name = name::plain(field.ident);
    errors.add(
        field.ident,
        format!("`{name}` has no `from`, which others of the record have\nhint: write `#[metric(from = \"…\")]`, the name that the exposition has for it, or make it an `Option` that the check fills in itself"),
    );
    false
}

fn report_repeated_labels(record: &Record<'_>, errors: &Errors) {
    let tags = record.tags.iter().map(|tag| (tag.label.as_str(), tag.field, tag.label_place));
    let host = record.host.iter().map(|host| (host.label.as_str(), host.field, host.label_place));
    let mut seen = BTreeMap::<&str, &Ident>::new();
    for (label, field, place) in tags.chain(host) {
        if let Some(first) = seen.insert(label, field) {
            let (first, field) = (name::plain(first), name::plain(field));
            let message = format!(
                "the label `{label}` is taken twice: for `{first}` and for `{field}`\nhint: take one of them away, or give it another label with `from`"
            );
            errors.at(place, message);
        }
    }
}

/// No value may stand for two statuses.
fn report_repeated_values(record: &Record<'_>, errors: &Errors) {
    for item in &record.items {
        let Some(source) = &item.source else { continue };
        let mut values: Vec<f64> = source.levels.iter().map(|(_, value)| *value).collect();
        values.sort_by(f64::total_cmp);
        for pair in values.windows(2).filter(|pair| pair[0].total_cmp(&pair[1]).is_eq()) {
            let message =
                format!("{} stands for a status twice\nhint: take one of them away", pair[0]);
            errors.at(place_of(item.source.as_ref()), message);
        }
    }
}

fn place_of(source: Option<&Source>) -> Span {
    source.map_or_else(Span::call_site, |source| source.selector.place)
}
