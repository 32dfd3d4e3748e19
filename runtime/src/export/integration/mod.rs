//! The folder of an integration, as Datadog's integrations-extras wants it: its files, made from a check.

mod asset;
mod dashboard;
mod facts;
mod identity;
mod manifest;
mod package;
mod readme;
mod sections;
mod template;
mod wheel;

use crate::check::Entry;

use super::json_schema::config_schema;
use super::metadata::metadata_csv;
use super::service_checks::service_checks_json;
use super::spec::config_spec;

pub use asset::{Asset, AssetError, AssetKind, Contents};
pub use facts::IntegrationError;
pub use wheel::Wheel;

use facts::Facts;

/// All files of the folder of a check's integration, in the order in which one reads them.
///
/// # Errors
/// Metadata that Datadog would refuse, and metrics without a prefix in common; all of it at once.
pub fn integration(entry: &'static Entry) -> Result<Vec<Asset>, IntegrationError> {
    assets(entry, None)
}

/// The same of a folder that a wheel with the check's library is built of. The library itself is left to the caller, who puts it at
/// [`Wheel::place`].
///
/// # Errors
/// Those of [`integration`].
pub fn integration_with(
    entry: &'static Entry,
    wheel: &Wheel,
) -> Result<Vec<Asset>, IntegrationError> {
    assets(entry, Some(wheel))
}

fn assets(entry: &'static Entry, wheel: Option<&Wheel>) -> Result<Vec<Asset>, IntegrationError> {
    let facts = Facts::of(entry)?;
    let spec = config_spec(entry);
    let name = entry.meta.name;
    let python = format!("datadog_checks/{name}");
    let mut assets = vec![
        Asset::merged(AssetKind::Manifest, "manifest.json", facts.clone(), manifest::merge),
        Asset::merged(AssetKind::Readme, "README.md", facts.clone(), readme::merge),
        Asset::generated(AssetKind::Metadata, "metadata.csv", metadata_csv(&facts.rows)),
        Asset::generated(
            AssetKind::ServiceChecks,
            "assets/service_checks.json",
            pretty(&service_checks_json(&[(entry, facts.service_checks.clone())])),
        ),
        Asset::generated(AssetKind::Spec, "assets/configuration/spec.yaml", spec.to_yaml()?),
        Asset::generated(
            AssetKind::Schema,
            "assets/configuration/conf.schema.json",
            pretty(&config_schema(entry)),
        ),
        Asset::merged(
            AssetKind::Dashboard,
            dashboard::path(entry),
            facts.clone(),
            dashboard::merge,
        ),
    ];
    for (file, text) in spec.examples()? {
        assets.push(Asset::generated(AssetKind::Config, format!("{python}/data/{file}"), text));
    }
    assets.extend(package::assets(&facts, wheel));
    Ok(assets)
}

/// JSON as files of Datadog's integrations have it: indented by two spaces, a line break at the end.
fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
