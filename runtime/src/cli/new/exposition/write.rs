//! The module of records, formatted as rustfmt does it.

use std::fmt::Write;

use crate::export::import::comment;
use crate::export::import::names::{Fields, Types, unit_type, words};
use crate::export::import::write::{INDENT, WIDTH, attribute, declaration};

use super::group::{Metric, Record, Tag};
use super::{describe, unit};

/// The type of tags that are numbers, which is no part of the prelude.
const NUMBER: &str = "Number";
/// The record of all records.
const WHOLE: &str = "Exposition";

const HEAD: &str = "\
//! What the endpoint exposes, as it did when this was written. A field that it may lack is an `Option`.

// Names and descriptions are the server's own.
#![allow(clippy::doc_markdown, clippy::struct_field_names)]

";

/// The whole module.
pub(super) fn module(records: &[Record], check: &str) -> String {
    let names = type_names(records);
    let mut out = HEAD.to_owned();
    let has_numbers = records.iter().flat_map(|record| &record.tags).any(|tag| tag.is_number);
    if has_numbers {
        let _ = writeln!(out, "use allwell::openmetrics::{NUMBER};");
    }
    out.push_str("use allwell::prelude::*;\n\n");
    out.push_str(&whole(records, &names, check));
    for (record, name) in records.iter().zip(&names) {
        out.push('\n');
        out.push_str(&struct_of(record, name));
    }
    out
}

/// The names of the records. Those without tags choose first.
fn type_names(records: &[Record]) -> Vec<String> {
    let mut types = Types::default();
    for taken in [WHOLE, NUMBER] {
        types.name(taken, &[]);
    }
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|place| records[*place].tags.len());
    let mut names = vec![String::new(); records.len()];
    for place in order {
        let Record { namespace, tags, .. } = &records[place];
        let tags: Vec<String> = tags.iter().map(|tag| tag.label.clone()).collect();
        names[place] = types.name(namespace, &tags);
    }
    names
}

/// The record of all records.
fn whole(records: &[Record], names: &[String], check: &str) -> String {
    let mut out = String::new();
    doc(&mut out, &format!("The metrics `{check}.*`."), "");
    let _ = writeln!(out, "#[derive(Metrics)]\n#[metrics(scraped)]\npub struct {WHOLE} {{");
    let mut fields = Fields::default();
    for (record, name) in records.iter().zip(names) {
        let field = fields.record(name);
        let _ = writeln!(out, "{INDENT}#[metrics(flatten)]");
        // What lacks something is left out with a warning, and takes nothing else with it.
        let ty = if record.tags.is_empty() { "Option" } else { "Vec" };
        out.push_str(&declaration(&field, &format!("{ty}<{name}>")));
    }
    out.push_str("}\n");
    out
}

fn struct_of(record: &Record, name: &str) -> String {
    let Record { namespace, tags, metrics, .. } = record;
    let mut out = String::new();
    let labels: Vec<String> = tags.iter().map(|tag| format!("`{}`", shown(&tag.label))).collect();
    let by = if tags.is_empty() { String::new() } else { format!(" by {}", labels.join(", ")) };
    doc(&mut out, &format!("The metrics `{namespace}.*`{by}."), "");
    out.push_str("#[derive(Metrics)]\n");
    out.push_str(&attribute("metrics", &[format!("namespace = {namespace:?}")], ""));
    let _ = writeln!(out, "pub struct {name} {{");
    let mut fields = Fields::default();
    for tag in tags {
        out.push_str(&tag_field(tag, &mut fields));
    }
    for metric in metrics {
        out.push_str(&metric_field(metric, namespace, &mut fields));
    }
    out.push_str("}\n");
    out
}

/// A label as a comment can show it: what ends a line, or turns its direction, is escaped.
fn shown(label: &str) -> String {
    let plain = label.replace('`', "'");
    let is_plain = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ';
    plain
        .chars()
        .map(|c| if is_plain(c) { c.to_string() } else { c.escape_unicode().to_string() })
        .collect()
}

/// It turns the direction of what follows, which Rust does not take in a comment.
const fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn doc(out: &mut String, text: &str, indent: &str) {
    for line in comment::lines(text, WIDTH - indent.len() - "/// ".len()) {
        let line = line.replace(|c: char| c.is_control() || is_turning(c), " ");
        let _ = writeln!(out, "{indent}/// {line}");
    }
}

fn tag_field(tag: &Tag, fields: &mut Fields) -> String {
    let Tag { label, is_number, is_optional } = tag;
    let name = fields.name(label, "label");
    let key = name.trim_end_matches('_');
    let mut options = Vec::new();
    if key != name {
        options.push(format!("name = {key:?}"));
    }
    if *label != name {
        options.push(format!("from = {label:?}"));
    }
    let attribute = match options.as_slice() {
        [] => format!("{INDENT}#[tag]\n"),
        options => attribute("tag", options, INDENT),
    };
    let ty = if *is_number { NUMBER } else { "String" };
    attribute + &declaration(&name, &optional(*is_optional, ty))
}

fn metric_field(metric: &Metric, namespace: &str, fields: &mut Fields) -> String {
    let Metric { series, name, is_optional } = metric;
    let mut out = String::new();
    let description = describe::cleaned(&series.help)
        .unwrap_or_else(|| describe::of_name(&words(&format!("{namespace}.{name}"))));
    doc(&mut out, &description, INDENT);
    if comment::has_bare_url(&description) {
        let _ = writeln!(out, "{INDENT}#[allow(rustdoc::bare_urls)]");
    }
    let field = fields.name(name, namespace);
    let mut options = Vec::new();
    if *name != field {
        options.push(format!("name = {name:?}"));
    }
    options.push(format!("from = {:?}", selector(&series.name)));
    if series.is_mixed {
        options.push(String::from("any_type"));
    }
    out.push_str(&attribute("metric", &options, INDENT));
    let unit = unit::of(series).map_or_else(|| String::from("Unitless"), unit_type);
    let kind = series.field.kind();
    out + &declaration(&field, &optional(*is_optional, &format!("{kind}<{unit}>")))
}

fn optional(is_optional: bool, ty: &str) -> String {
    if is_optional { format!("Option<{ty}>") } else { ty.to_owned() }
}

/// The name as `from` takes it.
fn selector(name: &str) -> String {
    let is_bare = !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
    if is_bare {
        return name.to_owned();
    }
    let escaped = name.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    format!("{{'{escaped}'}}")
}

#[cfg(test)]
mod tests {
    use super::selector;

    #[test]
    fn names_with_other_characters_stand_in_braces() {
        assert_eq!(selector("http:requests_total"), "http:requests_total");
        assert_eq!(selector("http.requests"), "{'http.requests'}");
        assert_eq!(selector("it's \\ odd"), "{'it\\'s \\\\ odd'}");
    }
}
