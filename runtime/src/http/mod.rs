//! The HTTP client that a check is given: made once for an instance's options, kept between runs.

mod address;
mod auth;
mod aws;
mod build;
mod client;
mod digest;
mod error;
mod options;
mod proxy;
mod refused;
mod token;

pub use crate::tls::Certificate;
#[cfg(feature = "outputs")]
pub(crate) use address::{parse, public};
#[cfg(feature = "outputs")]
pub(crate) use auth::of_output;
#[cfg(feature = "outputs")]
pub(crate) use build::{client, client_of_http2};
pub(crate) use client::Clients;
pub use client::{Answer, Http, MAX_BODY, Request, Response};
pub use error::HttpError;
pub use options::{AuthType, HttpOptions};
pub use proxy::Proxy;
pub use refused::NotBuiltIn;
pub use token::{AuthToken, TokenPlace, TokenReader, TokenSource, TokenWriter};
