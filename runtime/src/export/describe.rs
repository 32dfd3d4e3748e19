//! A check's description for people and programs: options, metrics and service checks.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::check::Entry;
use crate::config::{Common, Config, Constraints, OptionSpec, Shape, Spec};
use crate::metric::TagKey;

use super::declared::{declared_metrics, declared_service_checks};
use super::text::wrap;

/// What is said of names that no export can list.
pub(in crate::export) const DYNAMIC: &str = "The names of metrics are known only at run time.";

/// The widest line of a description.
const WIDTH: usize = 100;

/// Everything about a check, as JSON.
pub fn describe_json(entry: &'static Entry) -> Value {
    let meta = &entry.meta;
    let metrics: Vec<_> = declared_metrics(entry)
        .iter()
        .map(|metric| {
            let descriptor = metric.descriptor;
            json!({
                "name": descriptor.name,
                "kind": metric.kind.name(),
                "unit": metric.unit.name,
                "per_unit": metric.unit.per,
                "description": descriptor.description,
                "orientation": descriptor.orientation.number(),
                "tags": tags_json(&metric.tags),
            })
        })
        .collect();
    let service_checks: Vec<_> = declared_service_checks(entry)
        .iter()
        .map(|check| {
            let descriptor = check.descriptor;
            json!({
                "name": descriptor.name,
                "description": descriptor.description,
                "tags": tags_json(&check.tags),
            })
        })
        .collect();
    json!({
        "name": meta.name,
        "display_name": meta.display_name,
        "description": meta.description,
        "interval_seconds": meta.interval.as_secs_f64(),
        "timeout_seconds": meta.timeout.unwrap_or(meta.interval).as_secs_f64(),
        "enabled_by_default": meta.enabled_by_default,
        "blocking": meta.blocking,
        "crate": meta.package.name,
        "version": meta.package.version,
        "file": meta.location.file,
        "line": meta.location.line,
        "column": meta.location.column,
        "options": options_json(&entry.options),
        "common_options": options_json(&Common::SPEC),
        "metrics": metrics,
        "dynamic_metrics": entry.declaration().is_dynamic(),
        "service_checks": service_checks,
    })
}

fn tags_json(tags: &[TagKey]) -> Value {
    let tag = |tag: &TagKey| {
        json!({
            "key": tag.key,
            "description": tag.description,
            "optional": tag.optional,
            "values": tag.values,
        })
    };
    tags.iter().map(tag).collect()
}

fn options_json(spec: &Spec) -> Value {
    visible(spec).map(option_json).collect()
}

fn option_json(option: &OptionSpec) -> Value {
    let mut out = json!({
        "name": option.name,
        "type": option.shape.type_name(),
        "required": option.required,
        "description": option.description,
        "default": option.default.map(|value| value()),
        "example": option.example.map(|value| value()),
        "secret": option.secret,
        "shared": option.shared,
        "tag": option.tag,
        "deprecated": option.deprecated,
    });
    if let Shape::Section(spec) = inner(&option.shape) {
        out["options"] = options_json(spec);
    }
    out
}

/// Everything about a check, for people.
pub fn describe_text(entry: &'static Entry) -> String {
    let meta = &entry.meta;
    let mut out = format!("{}\n\n", meta.name);
    wrap(&mut out, meta.description, "", WIDTH);
    let _ = writeln!(out, "\n{}", schedule(entry));
    let _ = writeln!(
        out,
        "Written at {} in {} {}.",
        meta.location, meta.package.name, meta.package.version
    );
    out.push_str("\nOptions\n");
    options_text(&mut out, &entry.options, 2);
    let common: Vec<_> = visible(&Common::SPEC).map(|option| option.name).collect();
    if !common.is_empty() {
        out.push('\n');
        let common = format!("Every check also has: {}", common.join(", "));
        wrap(&mut out, &common, "  ", WIDTH);
    }
    metrics_text(&mut out, entry);
    service_checks_text(&mut out, entry);
    out
}

fn schedule(entry: &Entry) -> String {
    let meta = &entry.meta;
    let timeout = meta.timeout.unwrap_or(meta.interval);
    let enabled = if meta.enabled_by_default { "without configuration" } else { "when configured" };
    format!("Runs every {:?}, {timeout:?} at most, {enabled}.", meta.interval)
}

fn options_text(out: &mut String, spec: &Spec, depth: usize) {
    let indent = " ".repeat(depth);
    let mut none = true;
    for option in visible(spec) {
        none = false;
        let required = if option.required { "required" } else { "optional" };
        let _ =
            writeln!(out, "{indent}{} ({}, {required})", option.name, shape_text(&option.shape));
        let inner_indent = format!("{indent}    ");
        wrap(out, option.description, &inner_indent, WIDTH);
        for fact in facts(option) {
            let _ = writeln!(out, "{inner_indent}{fact}");
        }
        if let Shape::Section(spec) = inner(&option.shape) {
            options_text(out, spec, depth + 4);
        }
    }
    if none {
        let _ = writeln!(out, "{indent}none");
    }
}

fn facts(option: &OptionSpec) -> Vec<String> {
    let mut facts = Vec::new();
    let default = option.default.map(|value| value()).filter(|value| !value.is_null());
    facts.extend(default.map(|value| format!("Default: {value}")));
    facts.extend(option.example.map(|value| format!("Example: {}", value())));
    facts.extend(constraint_facts(&option.constraints));
    if !option.tag.is_empty() {
        facts.push(format!("Becomes the tag `{}` of everything submitted", option.tag));
    }
    if option.shared {
        facts.push("May stand in `init_config` for all instances".to_owned());
    }
    facts.extend(option.deprecated.map(|instead| format!("Deprecated: {instead}")));
    facts
}

fn constraint_facts(constraints: &Constraints) -> Vec<String> {
    let Constraints { min, max, max_exclusive, pattern, non_empty, one_of } = constraints;
    let mut facts = Vec::new();
    facts.extend(min.map(|min| format!("At least {min}")));
    let limit = if *max_exclusive { "Less than" } else { "At most" };
    facts.extend(max.map(|max| format!("{limit} {max}")));
    facts.extend(pattern.map(|pattern| format!("Matches `{pattern}`")));
    if *non_empty {
        facts.push("Not empty".to_owned());
    }
    if !one_of.is_empty() {
        facts.push(format!("One of {}", one_of.join(", ")));
    }
    facts
}

fn metrics_text(out: &mut String, entry: &'static Entry) {
    let metrics = declared_metrics(entry);
    out.push_str("\nMetrics\n");
    if entry.declaration().is_dynamic() {
        let _ = writeln!(out, "  {DYNAMIC}");
    } else if metrics.is_empty() {
        out.push_str("  none\n");
    }
    for metric in &metrics {
        let descriptor = metric.descriptor;
        let _ = write!(out, "  {} ({}, {})", descriptor.name, metric.kind, metric.unit);
        tags_text(out, &metric.tags);
        wrap(out, descriptor.description, "      ", WIDTH);
    }
}

fn service_checks_text(out: &mut String, entry: &'static Entry) {
    let checks = declared_service_checks(entry);
    if checks.is_empty() {
        return;
    }
    out.push_str("\nService checks\n");
    for check in &checks {
        let _ = write!(out, "  {}", check.descriptor.name);
        tags_text(out, &check.tags);
        wrap(out, check.descriptor.description, "      ", WIDTH);
    }
}

fn tags_text(out: &mut String, tags: &[TagKey]) {
    if !tags.is_empty() {
        let keys: Vec<_> = tags.iter().map(|tag| tag.key).collect();
        let _ = write!(out, " by {}", keys.join(", "));
    }
    out.push('\n');
}

fn shape_text(shape: &Shape) -> String {
    match shape {
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer { .. } => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Seconds => "seconds".to_owned(),
        Shape::Text { format: "uri" } => "URL".to_owned(),
        Shape::Text { .. } => "text".to_owned(),
        Shape::OneOf(choices) => {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            format!("one of {}", names.join(", "))
        }
        Shape::List(item) => format!("list of {}", shape_text(item)),
        Shape::Map(item) => format!("mapping to {}", shape_text(item)),
        Shape::Section(_) => "mapping".to_owned(),
        Shape::Any => "anything".to_owned(),
    }
}

fn inner(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(item) | Shape::Map(item) => inner(item),
        shape => shape,
    }
}

fn visible(spec: &Spec) -> impl Iterator<Item = &'static OptionSpec> {
    spec.options().into_iter().filter(|option| !option.hidden)
}
