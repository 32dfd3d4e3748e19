//! Metrics and logs by OTLP, OpenTelemetry's protocol: encoded straight from what runs yield.

mod attributes;
mod encoder;
mod histogram;
mod logs;
mod metrics;
mod options;
mod requests;
mod resource;
mod totals;
mod units;
mod wire;

pub use encoder::{Encoded, Encoder};
pub use options::{DEFAULT_BOUNDS, EncodingOptions, HistogramForm, Temporality};
pub use requests::Request;
pub use units::ucum;
