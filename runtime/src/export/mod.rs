//! What can be said about a check without running it, in the formats of others.

mod declared;
mod describe;
mod metadata;
mod text;

pub use declared::{
    DeclaredMetric, DeclaredServiceCheck, declared_metrics, declared_service_checks,
};
pub use describe::{describe_json, describe_text};
pub use metadata::{
    METADATA_HEADER, MetadataError, MetadataRow, metadata, metadata_csv, metadata_json,
};
pub use text::summary;
