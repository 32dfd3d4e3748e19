//! What can be said about a check without running it, in the formats of others.

mod block_yaml;
mod config_example;
pub mod csv;
mod declared;
mod describe;
#[cfg(feature = "cli")]
mod import;
mod json_schema;
#[cfg(feature = "cli")]
pub mod lint;
mod metadata;
mod options;
mod text;

pub use config_example::config_example;
pub use declared::{
    DeclaredMetric, DeclaredServiceCheck, declared_metrics, declared_service_checks,
};
pub use describe::{describe_json, describe_text};
#[cfg(feature = "cli")]
pub use import::{Imported, import_metadata};
pub use json_schema::config_schema;
pub use metadata::{
    METADATA_HEADER, MetadataError, MetadataRow, metadata, metadata_csv, metadata_json,
};
pub use text::summary;
