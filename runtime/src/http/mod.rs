//! The HTTP client that a check is given: made once for an instance's options, kept between runs.

mod client;
mod error;
mod options;
mod tls;

pub(crate) use client::Clients;
#[cfg(feature = "openmetrics")]
pub use client::Stream;
pub use client::{Http, MAX_BODY, Response};
#[cfg(feature = "outputs")]
pub(crate) use client::{client, client_with, parse, public};
pub use error::HttpError;
pub use options::{HttpOptions, Proxy};
#[cfg(feature = "outputs")]
pub(crate) use tls::Identity;
