//! The HTTP client that a check is given: made once for an instance's options, kept between runs.

mod client;
mod error;
mod options;
mod tls;

pub(crate) use client::Clients;
#[cfg(feature = "openmetrics")]
pub use client::Stream;
pub use client::{Http, MAX_BODY, Response};
pub use error::HttpError;
pub use options::{HttpOptions, Proxy};
