//! Datadog's intake, without an Agent in between.

mod compress;
mod encode;
mod events;
mod json;
mod kind;
mod logs;
mod refused;
mod series;
mod service_checks;
mod sketches;
mod split;
mod tags;
mod wire;

pub use compress::Compression;
pub use encode::{Encoded, Encoder, Form, SeriesVersion};
pub use refused::Refused;
