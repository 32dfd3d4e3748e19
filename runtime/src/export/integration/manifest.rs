//! `manifest.json`: what the code knows is set, what the author wrote is kept.

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use super::asset::{AssetError, Contents};
use super::facts::{Facts, Known};
use super::template::Author;
use super::{dashboard, identity};
use crate::export::declared::declared_metrics;
use crate::export::text::summary;

/// The longest description of a tile that Datadog's validator accepts, in characters.
const MAX_TILE: usize = 80;

/// The manifest, from the one that is there.
pub(super) fn merge(facts: &Facts, existing: Option<&str>) -> Result<Contents, AssetError> {
    let given = match existing {
        None => first(facts),
        Some(text) => serde_json::from_str(text).map_err(|error| AssetError {
            line: error.line(),
            column: error.column(),
            ..broken(format!("the manifest is not JSON: {error}"))
        })?,
    };
    let mut manifest = given.clone();
    set(&mut manifest, facts)?;
    Ok(match existing {
        None => Contents { text: written(&manifest, "  "), note: author_note(facts) },
        Some(text) if manifest == given => text.to_owned().into(),
        Some(text) => written(&manifest, indent_of(text)).into(),
    })
}

fn broken(message: String) -> AssetError {
    let hint = "mend it, or take the file away and export a new one".to_owned();
    AssetError { line: 0, column: 0, message, hint }
}

/// A manifest to begin with.
fn first(facts: &Known) -> Value {
    let author = Author::of(facts.package());
    json!({
        "manifest_version": "2.0.0",
        "app_uuid": identity::app_uuid(facts.package(), facts.name()),
        "app_id": facts.name().replace('_', "-"),
        "owner": "",
        "display_on_public_website": false,
        "tile": {
            "overview": "README.md#Overview",
            "configuration": "README.md#Setup",
            "support": "README.md#Support",
            "changelog": "CHANGELOG.md",
            "description": tile_description(facts.entry.meta.description),
            "title": facts.display_name(),
            "media": [],
            "classifier_tags": classifier_tags(facts),
        },
        "assets": {
            "integration": {
                "auto_install": true,
                "source_type_id": identity::source_type_id(facts.package(), facts.name()),
                "source_type_name": facts.display_name(),
                "configuration": { "spec": "assets/configuration/spec.yaml" },
                "events": { "creates_events": false },
                "metrics": { "prefix": "", "check": [], "metadata_path": "metadata.csv" },
                "service_checks": { "metadata_path": "assets/service_checks.json" },
            },
            "dashboards": {},
        },
        "author": {
            "support_email": author.email,
            "name": author.name,
            "homepage": author.homepage,
            "sales_email": author.email,
        },
    })
}

fn classifier_tags(facts: &Known) -> Vec<&'static str> {
    let mut tags = vec!["Supported OS::Linux", "Offering::Integration"];
    if !facts.rows.is_empty() {
        tags.push("Submitted Data Type::Metrics");
    }
    tags
}

/// Sets what the code knows.
fn set(manifest: &mut Value, facts: &Known) -> Result<(), AssetError> {
    let root = object(manifest, "the manifest")?;
    root.insert("manifest_version".to_owned(), json!("2.0.0"));
    let assets = section(root, "assets")?;
    let integration = section(assets, "integration")?;
    integration.insert("source_type_name".to_owned(), json!(facts.display_name()));
    section(integration, "configuration")?
        .insert("spec".to_owned(), json!("assets/configuration/spec.yaml"));
    section(integration, "service_checks")?
        .insert("metadata_path".to_owned(), json!("assets/service_checks.json"));
    let metrics = section(integration, "metrics")?;
    metrics.insert("prefix".to_owned(), json!(facts.prefix));
    metrics.insert("metadata_path".to_owned(), json!("metadata.csv"));
    if !metrics.get("check").is_some_and(|check| names_metrics(check, facts)) {
        metrics.insert("check".to_owned(), first_metric(facts));
    }
    let dashboards = section(assets, "dashboards")?;
    let path = dashboard::path(facts.entry);
    if !dashboards.values().any(|known| *known == json!(path)) {
        dashboards.insert(dashboard::title(facts), json!(path));
    }
    Ok(())
}

/// The object under a key, which is made if it is not there.
fn section<'v>(
    parent: &'v mut Map<String, Value>,
    key: &str,
) -> Result<&'v mut Map<String, Value>, AssetError> {
    let value = parent.entry(key).or_insert_with(|| json!({}));
    object(value, &format!("`{key}` of the manifest"))
}

fn object<'v>(value: &'v mut Value, name: &str) -> Result<&'v mut Map<String, Value>, AssetError> {
    value.as_object_mut().ok_or_else(|| broken(format!("{name} is not a JSON object")))
}

/// Whether `metrics.check`, by which Datadog sees that the integration works, names metrics that there are.
fn names_metrics(check: &Value, facts: &Known) -> bool {
    let names = match check {
        Value::String(_) => std::slice::from_ref(check),
        Value::Array(names) => names,
        _ => return false,
    };
    let known = |name: &Value| facts.rows.iter().any(|row| *name == json!(row.metric_name));
    names.iter().all(known) && names.is_empty() == facts.rows.is_empty()
}

/// A metric that tells that the integration works: the first that is declared and has a row.
fn first_metric(facts: &Known) -> Value {
    let declared = declared_metrics(facts.entry);
    let mut names = declared.iter().map(|metric| metric.descriptor.name);
    let first = names.find_map(|name| {
        facts
            .rows
            .iter()
            .find(|row| row.metric_name == name || row.metric_name == format!("{name}.avg"))
    });
    first.map_or_else(|| json!([]), |row| json!(row.metric_name))
}

/// A description of at most so many characters, words whole.
fn tile_description(description: &str) -> String {
    let summary = summary(description);
    if summary.chars().count() <= MAX_TILE {
        return summary.to_owned();
    }
    let mut short = String::new();
    for word in summary.split_whitespace() {
        if short.chars().count() + 1 + word.chars().count() + 3 > MAX_TILE {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short.trim_end_matches([',', ';', ':']).to_owned() + "..."
}

/// What a new manifest says although Cargo.toml does not.
fn author_note(facts: &Known) -> Option<String> {
    let author = Author::of(facts.package());
    author.is_made_up.then(|| {
        format!(
            "Cargo.toml of `{}` names no author with an address, so the manifest says `{}`: change it before you publish",
            facts.package().name,
            author.email
        )
    })
}

/// JSON with this indentation, and a line break at its end.
fn written(value: &Value, indent: &str) -> String {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    // Writing JSON into memory cannot fail, and yields UTF-8.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
    String::from_utf8(bytes).unwrap_or_default() + "\n"
}

/// The indentation of the first line that has one.
fn indent_of(text: &str) -> &str {
    let mut indents = text.lines().map(|line| &line[..line.len() - line.trim_start().len()]);
    indents.find(|indent| !indent.is_empty()).unwrap_or("  ")
}
