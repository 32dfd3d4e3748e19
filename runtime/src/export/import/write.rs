//! Writes records as a module of Rust, formatted as rustfmt does it.

use std::fmt::Write;

use crate::config::{Problem, Problems};
use crate::metric::{InAppType, Kind, Orientation, UnitName};

use super::comment;
use super::group::Record;
use super::metric::Metric;
use super::names::{Fields, identifier, unit_type};

/// rustfmt's `max_width`.
pub(crate) const WIDTH: usize = 100;
/// rustfmt's `attr_fn_like_width`.
const ATTRIBUTE_WIDTH: usize = 70;
/// What is said of a gauge that stands for a rate.
const PER_SECOND: &str =
    "The values are per second already; a `Rate` would put that into the unit.";
/// How far fields are indented.
pub(crate) const INDENT: &str = "    ";

/// The whole module.
pub(super) fn module(records: &[Record], problems: &Problems) -> String {
    let mut out = head(records);
    for problem in problems.list() {
        out.push_str(&left_out(problem));
    }
    if !problems.is_empty() {
        out.push('\n');
    }
    if records.is_empty() {
        return out.trim_end().to_owned() + "\n";
    }
    out.push_str("use allwell::prelude::*;\n");
    for record in records {
        out.push('\n');
        out.push_str(&struct_of(record));
    }
    out
}

fn head(records: &[Record]) -> String {
    let mut text = vec!["Metrics, imported from `metadata.csv`."];
    let mut metrics = records.iter().flat_map(|record| &record.metrics);
    if metrics.any(|metric| metric.kind == Kind::MonotonicCount) {
        text.push(
            "A `count` of the file is a `MonotonicCount` here: a total that only grows, of which the growth is reported. \
             Where the check submits what was added since its last run, write `Count`.",
        );
    }
    let paragraphs = text.iter().map(|text| {
        let lines = comment::lines(text, WIDTH - "//! ".len());
        lines.iter().fold(String::new(), |out, line| out + "//! " + line + "\n")
    });
    let paragraphs: Vec<_> = paragraphs.collect();
    paragraphs.join("//!\n") + "\n"
}

/// A comment for a row that is not here.
fn left_out(problem: &Problem) -> String {
    match problem.span {
        Some(span) => {
            format!("// Left out: line {}: {}.\n", span.line, on_one_line(&problem.message))
        }
        None => format!("// Left out: {}.\n", on_one_line(&problem.message)),
    }
}

/// What a cell holds may end a comment.
fn on_one_line(text: &str) -> String {
    let escaped =
        |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

fn struct_of(record: &Record) -> String {
    let Record { name, namespace, tags, metrics, nested } = record;
    let mut out = String::new();
    let mut fields = Fields::default();
    if !namespace.is_empty() {
        let by = if tags.is_empty() { String::new() } else { format!(" by {}", tags.join(", ")) };
        for line in
            comment::lines(&format!("The metrics `{namespace}.*`{by}."), WIDTH - "/// ".len())
        {
            let _ = writeln!(out, "/// {line}");
        }
    }
    out.push_str("#[derive(Metrics)]\n");
    if !namespace.is_empty() {
        out.push_str(&attribute("metrics", &[format!("namespace = {namespace:?}")], ""));
    }
    let _ = writeln!(out, "pub struct {name} {{");
    for tag in tags {
        out.push_str(&tag_field(tag, &mut fields));
    }
    for metric in metrics {
        out.push_str(&field(metric, namespace, &mut fields));
    }
    for nested in nested {
        let field = fields.record(nested);
        let _ = writeln!(out, "{INDENT}#[metrics(flatten)]");
        let _ = writeln!(out, "{INDENT}pub {}: {nested},", identifier(&field));
    }
    out.push_str("}\n");
    out
}

fn tag_field(tag: &str, fields: &mut Fields) -> String {
    let name = fields.name(tag, "tag");
    let attribute = if name == tag {
        format!("{INDENT}#[tag]\n")
    } else {
        attribute("tag", &[format!("name = {tag:?}")], INDENT)
    };
    attribute + &declaration(&name, "String")
}

fn field(metric: &Metric, namespace: &str, fields: &mut Fields) -> String {
    let mut out = String::new();
    let within = metric.name.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('.'));
    let path = within.unwrap_or(&metric.name);
    let name = fields.name(path, namespace);
    for line in comment::lines(&metric.description, WIDTH - INDENT.len() - "/// ".len()) {
        let _ = writeln!(out, "{INDENT}/// {line}");
    }
    if metric.in_app == Some(InAppType::Rate) && metric.kind == Kind::Gauge {
        let _ = writeln!(out, "{INDENT}// {PER_SECOND}");
    }
    if comment::has_bare_url(&metric.description) {
        let _ = writeln!(out, "{INDENT}#[allow(rustdoc::bare_urls)]");
    }
    let named = match within {
        None => Some(format!("full_name = {path:?}")),
        Some(path) => (path != name).then(|| format!("name = {path:?}")),
    };
    let options: Vec<_> = named.into_iter().chain(options(metric)).collect();
    if !options.is_empty() {
        out.push_str(&attribute("metric", &options, INDENT));
    }
    out + &declaration(&name, &format!("{:?}<{}>", metric.kind, unit(metric.unit)))
}

/// The options of `#[metric]`, but for the name.
fn options(metric: &Metric) -> Vec<String> {
    let mut options = Vec::new();
    options.extend(metric.short_name.as_ref().map(|short| format!("short_name = {short:?}")));
    match metric.orientation {
        Orientation::LowerIsBetter => options.push("orientation = lower_is_better".to_owned()),
        Orientation::Neutral => {}
        Orientation::HigherIsBetter => options.push("orientation = higher_is_better".to_owned()),
    }
    options.extend(metric.in_app.map(|shown| format!("in_app = {}", shown.name())));
    options.extend(metric.interval.map(|seconds| format!("interval = {seconds}")));
    match &metric.curated[..] {
        [] => {}
        [list] => options.push(format!("curated = {list}")),
        lists => options.push(format!("curated = [{}]", lists.join(", "))),
    }
    if metric.description.is_empty() {
        options.push("undocumented".to_owned());
    }
    options
}

fn unit(unit: UnitName) -> String {
    match unit.per {
        "" => unit_type(unit.name),
        per => format!("Per<{}, {}>", unit_type(unit.name), unit_type(per)),
    }
}

/// `#[name(options)]`, one option a line if they are many.
pub(crate) fn attribute(name: &str, options: &[String], indent: &str) -> String {
    let flat = options.join(", ");
    let line = format!("{indent}#[{name}({flat})]\n");
    // rustfmt lets a single option fill the line, but for the place of the comma behind a field.
    let fits = match options {
        [_] => line.trim_end().chars().count() + usize::from(!indent.is_empty()) <= WIDTH,
        _ => flat.chars().count() <= ATTRIBUTE_WIDTH,
    };
    if fits {
        return line;
    }
    let lines = options.join(&format!(",\n{indent}{INDENT}"));
    format!("{indent}#[{name}(\n{indent}{INDENT}{lines}\n{indent})]\n")
}

pub(crate) fn declaration(name: &str, ty: &str) -> String {
    let name = identifier(name);
    let line = format!("{INDENT}pub {name}: {ty},\n");
    if line.len() <= WIDTH + 1 {
        return line;
    }
    format!("{INDENT}pub {name}:\n{INDENT}{INDENT}{ty},\n")
}
