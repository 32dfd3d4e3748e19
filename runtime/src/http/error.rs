//! What can go wrong with a request, in words for the operator.

use std::error::Error;
use std::fmt;
use std::io;
use std::iter;
use std::time::Duration;

use crate::tls::{TlsError, is_expiry};

/// A request that did not give an answer, or an answer that is not a good one.
#[derive(Debug)]
pub struct HttpError {
    message: String,
    status: Option<u16>,
    no_connection: bool,
    expired: bool,
}

impl HttpError {
    /// The status of the answer, if there was one.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// There was no connection, so nothing was asked.
    pub const fn is_no_connection(&self) -> bool {
        self.no_connection
    }

    /// The server's certificate has ended.
    pub const fn is_expired_certificate(&self) -> bool {
        self.expired
    }

    fn new(message: String) -> Self {
        Self { message, status: None, no_connection: false, expired: false }
    }

    pub(super) fn option(name: &str, error: &dyn fmt::Display) -> Self {
        Self::new(format!("option `{name}` cannot be used: {error}"))
    }

    #[cfg(feature = "outputs")]
    pub(crate) fn header(name: &str, error: &dyn fmt::Display) -> Self {
        Self::option("headers", &format_args!("`{name}`: {error}"))
    }

    pub(super) fn setup(error: &reqwest::Error) -> Self {
        Self::new(format!("the HTTP client cannot be set up: {}", root_cause(error)))
    }

    /// An address that cannot be taken apart is not quoted: nobody knows where a password in it begins.
    pub(super) fn address(error: &dyn fmt::Display) -> Self {
        Self::new(format!("the address is not one: {error}"))
    }

    pub(crate) fn request(address: &str, timeout: Duration, error: &reqwest::Error) -> Self {
        let message = if error.is_timeout() {
            format!("`{address}` did not answer within {timeout:?}")
        } else if error.is_redirect() {
            format!("`{address}` redirects too often")
        } else if error.is_body() || error.is_decode() {
            format!("the answer of `{address}` cannot be read: {}", root_cause(error))
        } else {
            format!("`{address}` cannot be reached: {}", root_cause(error))
        };
        let expired = causes(error).any(is_expiry_of_connection);
        Self { no_connection: error.is_connect(), expired, ..Self::new(message) }
    }

    pub(crate) fn bad_status(address: &str, status: reqwest::StatusCode) -> Self {
        let message = format!("`{address}` answered {status}");
        Self { status: Some(status.as_u16()), ..Self::new(message) }
    }

    pub(super) fn too_long(address: &str, limit: usize) -> Self {
        Self::new(format!("the answer of `{address}` is longer than {limit} bytes"))
    }

    pub(super) fn body(address: &str, error: &dyn fmt::Display) -> Self {
        Self::new(format!("the answer of `{address}` cannot be read: {error}"))
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<TlsError> for HttpError {
    fn from(error: TlsError) -> Self {
        Self { expired: error.is_expiry(), ..Self::new(error.to_string()) }
    }
}

/// The message tells the root cause already, so there is no source to print after it.
impl Error for HttpError {}

/// The innermost error: reqwest's own texts name the layers, not what happened.
fn root_cause(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// An error and what it comes from, the innermost last.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| (*error).source())
}

/// An error of a connection keeps that of TLS within itself, and does not give it as its source.
fn is_expiry_of_connection(error: &(dyn Error + 'static)) -> bool {
    let mut error = error;
    while let Some(within) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        error = within;
    }
    error.downcast_ref().is_some_and(is_expiry)
}
