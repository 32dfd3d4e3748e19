//! What can go wrong with a request, in words for the operator.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// A request that did not give an answer, or an answer that is not a good one.
#[derive(Debug)]
pub struct HttpError {
    message: String,
    status: Option<u16>,
    no_connection: bool,
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

    fn new(message: String) -> Self {
        Self { message, status: None, no_connection: false }
    }

    pub(super) fn tls(error: &rustls::Error) -> Self {
        Self::new(format!("TLS cannot be set up: {error}"))
    }

    pub(super) fn file(option: &str, file: &Path, error: &dyn fmt::Display) -> Self {
        Self::new(format!("`{option}` `{}` cannot be used: {error}", file.display()))
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
        Self { no_connection: error.is_connect(), ..Self::new(message) }
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

/// The message tells the root cause already, so there is no source to print after it.
impl Error for HttpError {}

/// The innermost error: reqwest's own texts name the layers, not what happened.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
