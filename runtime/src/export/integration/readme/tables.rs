//! The tables of a README: options, metrics and service checks.

use serde_json::Value;

use crate::check::Entry;
use crate::config::{Common, Config as _, OptionSpec, Shape, Spec};
use crate::export::describe::DYNAMIC;
use crate::export::integration::facts::Known;
use crate::export::metadata::MetadataRow;
use crate::export::options;
use crate::export::text::one_line;

/// Text that Datadog's validator of READMEs takes: characters past U+0100 as references.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if u32::from(c) > 0xff {
            out.extend(["&#x", &format!("{:x}", u32::from(c)), ";"]);
        } else {
            out.push(c);
        }
    }
    out
}

/// The options of an instance; those that every check has by name only.
pub(super) fn options(facts: &Known) -> String {
    let mut rows = Vec::new();
    collect(facts.entry, &facts.entry.options, "", &mut rows);
    let common = Common::SPEC;
    let names = common.options();
    let names = names.iter().filter(|option| !option.hidden).map(|option| code(option.name));
    let common = format!("Every check also has {}.", names.collect::<Vec<_>>().join(", "));
    if rows.is_empty() {
        return format!("The check has no options of its own. {common}");
    }
    format!("{}\n{common}", table(["Option", "Type", "Default", "Description"], rows))
}

fn collect(entry: &Entry, spec: &Spec, path: &str, rows: &mut Vec<[String; 4]>) {
    for option in spec.options().into_iter().filter(|option| !option.hidden) {
        let name = format!("{path}{}", option.name);
        rows.push([
            code(&name),
            option.shape.type_name().to_owned(),
            default(entry, option),
            description(option),
        ]);
        if let Shape::Section(inner) = option.shape {
            collect(entry, inner, &format!("{name}."), rows);
        }
    }
}

fn default(entry: &Entry, option: &OptionSpec) -> String {
    if option.required {
        return "required".to_owned();
    }
    match options::default(Some(entry.meta.interval), option) {
        None => String::new(),
        Some(Value::String(text)) if text.is_empty() => String::new(),
        Some(Value::String(text)) => code(&text),
        Some(value) => code(&value.to_string()),
    }
}

fn description(option: &OptionSpec) -> String {
    let text = one_line(option.description);
    match option.deprecated {
        Some(instead) => format!("{text} Deprecated: {instead}."),
        None => text,
    }
}

/// The rows of `metadata.csv`.
pub(super) fn metrics(facts: &Known) -> String {
    if facts.rows.is_empty() {
        return match facts.entry.declaration().is_dynamic() {
            true => DYNAMIC.to_owned(),
            false => format!("The {} check sends no metrics.", facts.name()),
        };
    }
    let rows = facts.rows.iter().map(|row| {
        [
            code(&row.metric_name),
            row.metric_type.to_owned(),
            unit(row),
            row.description.clone(),
            row.sample_tags.iter().map(|tag| code(tag)).collect::<Vec<_>>().join(", "),
        ]
    });
    table(["Metric", "Type", "Unit", "Description", "Tags"], rows)
}

fn unit(row: &MetadataRow) -> String {
    match (row.unit_name, row.per_unit_name) {
        (unit, "") => unit.to_owned(),
        (unit, per) => format!("{unit} per {per}"),
    }
}

/// The rows of `service_checks.json`.
pub(super) fn service_checks(facts: &Known) -> String {
    if facts.service_checks.is_empty() {
        return format!("The {} check sends no service checks.", facts.name());
    }
    let rows = facts.service_checks.iter().map(|row| {
        [
            code(row.check),
            row.statuses.join(", "),
            row.description.clone(),
            row.groups.iter().map(|tag| code(tag)).collect::<Vec<_>>().join(", "),
        ]
    });
    table(["Service check", "Statuses", "Description", "Tags"], rows)
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut out = line(&head.map(str::to_owned));
    out += &line(&[(); N].map(|()| "---".to_owned()));
    rows.into_iter().for_each(|row| out += &line(&row.map(|cell| cell_text(&cell))));
    out
}

fn line<const N: usize>(cells: &[String; N]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Text that does not end its cell and is not taken for HTML, which it is not between backticks.
fn cell_text(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ").replace('|', "\\|");
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        0 => part.replace('<', "&lt;"),
        _ => part.to_owned(),
    });
    plain(&parts.collect::<Vec<_>>().join("`"))
}
