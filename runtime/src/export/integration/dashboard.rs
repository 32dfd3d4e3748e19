//! The dashboard of an integration: its service checks, and a graph for every family of metrics.
//!
//! The number of its first widget is the digest of all the rest. A dashboard whose number is right has not been changed by
//! hand and is made anew; any other is the author's and stays as it is.

mod family;
mod widgets;

use serde_json::{Value, json};

use super::asset::{AssetError, Contents};
use super::facts::{Facts, Known};
use super::{identity, pretty};
use crate::check::Entry;
use family::{Family, families};

/// How many metrics' names a note lists.
const LISTED: usize = 5;

/// Where the dashboard stands.
pub(super) fn path(entry: &Entry) -> String {
    format!("assets/dashboards/{}_overview.json", entry.meta.name)
}

/// The dashboard's name.
pub(super) fn title(facts: &Known) -> String {
    format!("{} Overview", facts.display_name())
}

/// The dashboard, from the one that is there.
pub(super) fn merge(facts: &Facts, existing: Option<&str>) -> Result<Contents, AssetError> {
    let Some(text) = existing else { return Ok(pretty(&made(facts)).into()) };
    let given: Value = serde_json::from_str(text).map_err(|error| AssetError {
        line: error.line(),
        column: error.column(),
        message: format!("the dashboard is not JSON: {error}"),
        hint: "mend it, or take the file away and export a new one".to_owned(),
    })?;
    let numbered = number(given.clone());
    if numbered == given {
        return Ok(pretty(&made(facts)).into());
    }
    let missing: Vec<_> = families(facts)
        .into_iter()
        .flat_map(|family| family.metrics)
        .filter(|metric| !mentions(text, &metric.name))
        .map(|metric| format!("`{}`", metric.name))
        .collect();
    Ok(Contents { text: text.to_owned(), note: (!missing.is_empty()).then(|| not_shown(&missing)) })
}

/// Whether a text has a metric's name that is not the beginning of a longer one.
fn mentions(text: &str, name: &str) -> bool {
    let ends = |(at, _): (usize, &str)| {
        !text[at + name.len()..]
            .starts_with(|c: char| c.is_ascii_alphanumeric() || "_.".contains(c))
    };
    text.match_indices(name).any(ends)
}

fn not_shown(missing: &[String]) -> String {
    let more = match missing.len().checked_sub(LISTED) {
        Some(more @ 1..) => format!(" and {more} more"),
        _ => String::new(),
    };
    let listed = missing[..missing.len().min(LISTED)].join(", ");
    format!("it was changed by hand and stays as it is; it does not show {listed}{more}")
}

fn made(facts: &Known) -> Value {
    let families = families(facts);
    number(json!({
        "title": title(facts),
        "description": crate::export::text::one_line(facts.entry.meta.description),
        "widgets": groups(facts, &families),
        "template_variables": variables(facts),
        "layout_type": "ordered",
        "notify_list": [],
        "reflow_type": "auto",
    }))
}

/// The overview, the graphs that are alone of their part, and the parts with several.
fn groups(facts: &Known, families: &[Family]) -> Vec<Value> {
    let mut groups = vec![widgets::overview(facts, families)];
    let size = |group: &str| families.iter().filter(|family| family.group == group).count();
    let title = facts.display_name();
    let alone: Vec<_> = families
        .iter()
        .filter(|family| family.group == title || size(&family.group) == 1)
        .map(|family| match family.group == title {
            true => widgets::graph(facts, family, &family.title()),
            false => {
                widgets::graph(facts, family, &format!("{}: {}", family.group, family.title()))
            }
        })
        .collect();
    if !alone.is_empty() {
        groups.push(widgets::group(title, &alone));
    }
    let mut parts: Vec<&str> = Vec::new();
    for family in families.iter().filter(|family| family.group != title && size(&family.group) > 1)
    {
        if !parts.contains(&family.group.as_str()) {
            parts.push(&family.group);
        }
    }
    for part in parts {
        let within = families.iter().filter(|family| family.group == part);
        let graphs: Vec<_> =
            within.map(|family| widgets::graph(facts, family, &family.title())).collect();
        groups.push(widgets::group(part, &graphs));
    }
    groups
}

/// The host and the tags of the instance, by which all graphs can be narrowed.
fn variables(facts: &Known) -> Vec<Value> {
    let variable =
        |tag| json!({ "name": tag, "prefix": tag, "available_values": [], "default": "*" });
    widgets::instance_tags(facts).into_iter().map(variable).collect()
}

/// Gives the first widget the number that says that nothing has been changed by hand.
fn number(mut dashboard: Value) -> Value {
    let Some(first) = dashboard.pointer_mut("/widgets/0") else { return dashboard };
    let Some(first) = first.as_object_mut() else { return dashboard };
    first.insert("id".to_owned(), json!(0));
    // JavaScript, which reads dashboards, has 53 bits for a whole number.
    let digest = identity::digest(&dashboard.to_string()) >> 76;
    dashboard["widgets"][0]["id"] = json!(u64::try_from(digest).unwrap_or_default());
    dashboard
}
