//! Whether what an author wrote on a record is right: names, descriptions, and how they fit together.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path};

use super::parse::{MetricOptions, ParsedField, ParsedRecord, Role};
use super::{Host, InAppType, Item, Key, Nested, Orientation, Record, Tag, selector, source};
use crate::attr::Word;
use crate::diag::Errors;
use crate::doc::Doc;
use crate::name;

/// The record, if everything about it is right.
pub(super) fn record<'i>(parsed: &ParsedRecord<'i>, errors: &Errors) -> Option<Record<'i>> {
    let ParsedRecord { ident, generics, runtime, namespace, fields, .. } = parsed;
    let before = errors.count();
    let namespace = validate_namespace(parsed, namespace.as_ref(), errors);
    let mut record = Record {
        ident,
        generics,
        runtime: runtime.clone(),
        tags: Vec::new(),
        host: None,
        items: Vec::new(),
        nested: Vec::new(),
        own: Vec::new(),
        is_scraped: source::is_scraped(parsed),
    };
    for field in fields {
        add(&mut record, field, namespace.as_deref(), errors);
    }
    report_repeated(&record, errors);
    if record.is_scraped {
        source::report(parsed, &record, errors);
    }
    (errors.count() == before).then_some(record)
}

/// The namespace with its dot; nothing if it is wrong or missing, which is reported.
fn validate_namespace(
    parsed: &ParsedRecord<'_>,
    given: Option<&LitStr>,
    errors: &Errors,
) -> Option<String> {
    let Some(given) = given else {
        let needed = parsed.fields.iter().any(
            |field| matches!(&field.role, Role::Metric(options) if options.full_name.is_none()),
        );
        if needed && parsed.options_are_right {
            errors.add(
                parsed.ident,
                "the record has no namespace\nhint: write `#[metrics(namespace = \"system.disk\")]` above it; it stands before the name of each metric",
            );
        }
        return None;
    };
    let text = given.value();
    if let Some(fault) = name::namespace_fault(&text) {
        errors.add(given, format!("`{text}` is not a namespace: {fault}"));
        return None;
    }
    Some(format!("{text}."))
}

fn add<'i>(
    record: &mut Record<'i>,
    field: &ParsedField<'i>,
    namespace: Option<&str>,
    errors: &Errors,
) {
    let ParsedField { ident, ty, doc, role } = field;
    match role {
        Role::Metric(options) => {
            let is_own = record.is_scraped && options.source.from.is_none();
            if is_own && source::is_own(field, errors) {
                record.own.push(ident);
            }
            record.items.extend(item(field, options, namespace, errors));
        }
        Role::Tag { .. } => record.tags.extend(tag(field, errors)),
        Role::Host { from } => add_host(record, field, from.as_ref(), errors),
        Role::Nested { each: None } => {
            let description = String::new();
            record.nested.push(Nested { field: ident, ty, each: None, description });
        }
        Role::Nested { each: given @ Some(_) } => {
            let key = validate_key(ident, given.as_ref(), errors);
            let description = doc.line();
            let nested = key.map(|key| Nested { field: ident, ty, each: Some(key), description });
            record.nested.extend(nested);
        }
    }
}

fn tag<'i>(field: &ParsedField<'i>, errors: &Errors) -> Option<Tag<'i>> {
    let ParsedField { ident, ty, doc, role } = field;
    let Role::Tag { name, display, from } = role else { return None };
    let key = validate_key(ident, name.as_ref(), errors);
    let (label, label_place) = validate_label(ident, from.as_ref(), errors)?;
    let description = doc.line();
    Some(Tag { field: ident, ty, key: key?, description, display: *display, label, label_place })
}

fn add_host<'i>(
    record: &mut Record<'i>,
    field: &ParsedField<'i>,
    from: Option<&LitStr>,
    errors: &Errors,
) {
    let ParsedField { ident, ty, .. } = field;
    if let Some(first) = &record.host {
        let message = format!(
            "a record belongs to one host, and `{}` is it\nhint: take one `#[hostname]` away",
            first.field
        );
        return errors.add(ident, message);
    }
    let label = validate_label(ident, from, errors);
    record.host = label.map(|(label, label_place)| Host { field: ident, ty, label, label_place });
}

fn item<'i>(
    field: &ParsedField<'i>,
    options: &MetricOptions,
    namespace: Option<&str>,
    errors: &Errors,
) -> Option<Item<'i>> {
    let ParsedField { ident, ty, doc, .. } = field;
    let MetricOptions { name, full_name, short_name, .. } = options;
    validate_description(ident, doc, options.undocumented, errors);
    let full_name = validate_name(ident, name.as_ref(), full_name.as_ref(), namespace, errors);
    let orientation = validate_orientation(options.orientation.as_ref(), errors);
    let curated = validate_curated(&options.curated, errors);
    let interval = validate_interval(options.interval.as_ref(), errors);
    let in_app = validate_in_app(options.in_app.as_ref(), errors);
    let source = source::source(&options.source, errors);
    let (name, name_place) = full_name?;
    Some(Item {
        field: ident,
        ty,
        name,
        name_place,
        description: doc.line(),
        short_name: short_name.as_ref().map(LitStr::value),
        orientation: orientation?,
        curated,
        interval,
        in_app,
        flush_first_value: options.flush_first_value,
        source,
    })
}

fn validate_description(ident: &Ident, doc: &Doc, undocumented: Option<Span>, errors: &Errors) {
    let name = name::plain(ident);
    match (doc.is_empty(), undocumented) {
        (true, Some(_)) => {}
        (true, None) => errors.add(
            ident,
            format!("`{name}` has no description\nhint: write a doc comment above it: `/// …`"),
        ),
        (false, Some(place)) => errors.at(
            place,
            format!(
                "`{name}` is `undocumented` and has a doc comment\nhint: take one of them away"
            ),
        ),
        (false, None) => {
            if let Some(fault) = name::description_fault(&doc.line()) {
                errors.add(ident, fault);
            }
        }
    }
}

fn validate_name(
    ident: &Ident,
    name: Option<&LitStr>,
    full_name: Option<&LitStr>,
    namespace: Option<&str>,
    errors: &Errors,
) -> Option<(String, Span)> {
    if let (Some(name), Some(_)) = (name, full_name) {
        errors.add(
            name,
            "`name` and `full_name` exclude each other\nhint: `name` stands behind the namespace, `full_name` stands alone",
        );
        return None;
    }
    let (complete, place) = match (name, full_name) {
        (_, Some(full)) => (full.value(), full.span()),
        (Some(name), _) => (format!("{}{}", namespace?, name.value()), name.span()),
        _ => (format!("{}{}", namespace?, name::plain(ident)), ident.span()),
    };
    if let Some(fault) = name::metric_fault(&complete) {
        errors.at(place, format!("`{complete}` is not the name of a metric: {fault}"));
        return None;
    }
    Some((complete, place))
}

fn validate_orientation(given: Option<&Path>, errors: &Errors) -> Option<Orientation> {
    const KNOWN: [&str; 3] = ["lower_is_better", "neutral", "higher_is_better"];
    let Some(path) = given else { return Some(Orientation::Neutral) };
    let word = path.get_ident().map(name::plain).unwrap_or_default();
    match word.as_str() {
        "lower_is_better" => Some(Orientation::LowerIsBetter),
        "neutral" => Some(Orientation::Neutral),
        "higher_is_better" => Some(Orientation::HigherIsBetter),
        _ => {
            let known = name::list(KNOWN.into_iter(), "or");
            errors.add(path, format!("unknown orientation `{word}`\nhint: it is {known}"));
            None
        }
    }
}

fn validate_curated(given: &[Word], errors: &Errors) -> Vec<String> {
    for word in given.iter().filter(|word| !["cpu", "memory"].contains(&word.text.as_str())) {
        let message = format!(
            "`{}` is no list that Datadog curates\nhint: it is `cpu` or `memory`",
            word.text
        );
        errors.at(word.span, message);
    }
    given.iter().map(|word| word.text.clone()).collect()
}

/// Seconds between two points.
fn validate_interval(given: Option<&Expr>, errors: &Errors) -> Option<u32> {
    let given = given?;
    let seconds = match given {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.suffix().is_empty() => {
            number.base10_parse::<u32>().ok().filter(|seconds| *seconds > 0)
        }
        _ => None,
    };
    if seconds.is_none() {
        let message = "`interval` takes whole seconds, at least 1\nhint: write `interval = 60`";
        errors.add(given, message);
    }
    seconds
}

fn validate_in_app(given: Option<&Path>, errors: &Errors) -> Option<InAppType> {
    let path = given?;
    let word = path.get_ident().map(name::plain).unwrap_or_default();
    match word.as_str() {
        "gauge" => Some(InAppType::Gauge),
        "rate" => Some(InAppType::Rate),
        "count" => Some(InAppType::Count),
        _ => {
            let message = format!(
                "`{word}` is no type that Datadog shows\nhint: it is `rate`, `gauge` or `count`"
            );
            errors.add(path, message);
            None
        }
    }
}

fn validate_key(ident: &Ident, given: Option<&LitStr>, errors: &Errors) -> Option<Key> {
    let (text, place) = match given {
        Some(text) => (text.value(), text.span()),
        None => (name::plain(ident), ident.span()),
    };
    if let Some(fault) = name::tag_fault(&text) {
        errors.at(place, format!("`{text}` is not the key of a tag: {fault}"));
        return None;
    }
    Some(Key { text, place })
}

/// The label that a field is made of, which has the field's name unless that is said otherwise.
fn validate_label(
    ident: &Ident,
    given: Option<&LitStr>,
    errors: &Errors,
) -> Option<(String, Span)> {
    match given {
        None => Some((name::plain(ident), ident.span())),
        Some(given) => Some((selector::label(given, errors)?, given.span())),
    }
}

/// Two metrics of one name would be added up, two tags of one key would contradict each other.
fn report_repeated(record: &Record<'_>, errors: &Errors) {
    let items = record.items.iter().map(|item| (item.name.as_str(), item.field, item.name_place));
    for (name, first, second, place) in repeated(items) {
        let message = format!(
            "two metrics are named `{name}`: `{first}` and `{second}`\nhint: give one of them another `name`"
        );
        errors.at(place, message);
    }
    let tags = record.tags.iter().map(|tag| (&tag.key, tag.field));
    let each =
        record.nested.iter().filter_map(|nested| Some((nested.each.as_ref()?, nested.field)));
    let in_conflict = |(key, field): (&'_ Key, &Ident)| {
        let first = tags.clone().find(|(other, _)| other.text == key.text)?.1;
        (first != field)
            .then(|| (key.text.clone(), name::plain(first), name::plain(field), key.place))
    };
    for (key, first, second, place) in tags.clone().chain(each).filter_map(in_conflict) {
        let message = format!(
            "two tags have the key `{key}`: `{first}` and `{second}`\nhint: give one of them another key"
        );
        errors.at(place, message);
    }
}

fn repeated<'a>(
    names: impl Iterator<Item = (&'a str, &'a Ident, Span)>,
) -> Vec<(&'a str, String, String, Span)> {
    let mut seen = BTreeMap::<_, &Ident>::new();
    let mut found = Vec::new();
    for (name, field, place) in names {
        match seen.get(name) {
            Some(first) => found.push((name, name::plain(first), name::plain(field), place)),
            None => drop(seen.insert(name, field)),
        }
    }
    found
}
