//! What can be said about a check without running it, in the formats of others.

mod config_example;
pub mod csv;
mod declared;
mod describe;
mod formats;
#[cfg(feature = "cli")]
pub(crate) mod import;
mod integration;
mod json_schema;
#[cfg(feature = "cli")]
pub mod lint;
mod metadata;
mod options;
mod service_checks;
mod spec;
mod text;
mod yaml;

#[cfg(feature = "cli")]
pub(crate) use config_example::options_example;
pub use config_example::{config_default, config_example};
pub use declared::{
    DeclaredMetric, DeclaredServiceCheck, declared_metrics, declared_service_checks,
};
pub use describe::{describe_json, describe_text};
#[cfg(feature = "cli")]
pub use import::{Imported, import_metadata};
pub use integration::{
    Asset, AssetError, AssetKind, Contents, IntegrationError, Wheel, integration, integration_with,
};
pub use json_schema::config_schema;
#[cfg(feature = "cli")]
pub(crate) use json_schema::options_schema;
pub use metadata::{
    METADATA_HEADER, MetadataError, MetadataRow, metadata, metadata_csv, metadata_json,
};
pub use service_checks::{ServiceCheckRow, service_checks, service_checks_json, statuses};
pub use spec::{
    ConfigSpec, ShownDefault, SpecAdditional, SpecContent, SpecError, SpecFile, SpecLimits,
    SpecOption, SpecProperty, SpecSchema, SpecType, SpecValue, config_spec,
};
pub use text::summary;
