//! The widgets of a dashboard, as Datadog's API for dashboards takes them.

use serde_json::{Value, json};

use super::family::{Family, Shown};
use crate::export::integration::facts::Known;

/// The tags by which a whole instance is known: the host, and those that its options become.
pub(super) fn instance_tags(facts: &Known) -> Vec<&'static str> {
    let mut tags = vec!["host"];
    for option in facts.entry.options.options() {
        if !option.tag.is_empty() && !tags.contains(&option.tag) {
            tags.push(option.tag);
        }
    }
    tags
}

/// What one wants to see first: the service checks, and the metrics of Datadog's own lists.
pub(super) fn overview(facts: &Known, families: &[Family]) -> Value {
    let mut widgets = vec![note(facts)];
    widgets.extend(facts.service_checks.iter().map(|check| {
        json!({ "definition": {
            "type": "check_status",
            "title": check.name,
            "check": check.check,
            "grouping": "cluster",
            "group_by": [],
            "tags": instance_tags(facts).iter().map(|tag| format!("${tag}")).collect::<Vec<_>>(),
        } })
    }));
    let curated = families.iter().filter(|family| family.is_curated);
    widgets.extend(
        curated
            .flat_map(|family| family.metrics.iter().map(|metric| number(facts, family, metric))),
    );
    group("Overview", &widgets)
}

fn note(facts: &Known) -> Value {
    json!({ "definition": {
        "type": "note",
        "content": facts.entry.meta.description,
        "background_color": "white",
        "font_size": "14",
        "text_align": "left",
        "show_tick": false,
    } })
}

/// Widgets under a heading.
pub(super) fn group(title: &str, widgets: &[Value]) -> Value {
    json!({ "definition": {
        "type": "group",
        "title": title,
        "layout_type": "ordered",
        "show_title": true,
        "widgets": widgets,
    } })
}

/// The graph of a family.
pub(super) fn graph(facts: &Known, family: &Family, title: &str) -> Value {
    let names = || (1..).map(|index| format!("query{index}"));
    let queries = family.metrics.iter().zip(names()).map(|(metric, name)| {
        json!({ "data_source": "metrics", "name": name, "query": query(facts, family, metric, true) })
    });
    let formulas =
        family.metrics.iter().zip(names()).map(|(metric, name)| {
            with_unit(family, json!({ "formula": name, "alias": metric.label }))
        });
    json!({ "definition": {
        "type": "timeseries",
        "title": title,
        "show_legend": true,
        "legend_layout": "auto",
        "requests": [{
            "response_format": "timeseries",
            "display_type": if family.is_count { "bars" } else { "line" },
            "queries": queries.collect::<Vec<_>>(),
            "formulas": formulas.collect::<Vec<_>>(),
        }],
    } })
}

/// A metric as one number.
fn number(facts: &Known, family: &Family, metric: &Shown) -> Value {
    json!({ "definition": {
        "type": "query_value",
        "title": metric.label,
        "autoscale": true,
        "precision": 2,
        "requests": [{
            "response_format": "scalar",
            "queries": [{
                "data_source": "metrics",
                "name": "query1",
                "query": query(facts, family, metric, false),
                "aggregator": if family.is_count { "sum" } else { "avg" },
            }],
            "formulas": [with_unit(family, json!({ "formula": "query1" }))],
        }],
    } })
}

/// A metric over the instances that the variables of the dashboard choose.
fn query(facts: &Known, family: &Family, metric: &Shown, by_tags: bool) -> String {
    let scope: Vec<_> = instance_tags(facts).iter().map(|tag| format!("${tag}")).collect();
    let aggregator = if family.is_count { "sum" } else { "avg" };
    let by = match family.tags.join(",") {
        tags if by_tags && !tags.is_empty() => format!(" by {{{tags}}}"),
        _ => String::new(),
    };
    let end = if family.is_count { ".as_count()" } else { "" };
    format!("{aggregator}:{}{{{}}}{by}{end}", metric.name, scope.join(","))
}

/// Says the unit, where there is one, so that the axis has it.
fn with_unit(family: &Family, mut formula: Value) -> Value {
    let unit = match family.unit {
        ("", _) => return formula,
        (unit, "") => json!({ "type": "canonical_unit", "unit_name": unit }),
        (unit, per) => json!({ "type": "canonical_unit", "unit_name": unit, "per_unit_name": per }),
    };
    formula["number_format"] = json!({ "unit": unit });
    formula
}
