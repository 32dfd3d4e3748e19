//! What can go wrong with TLS, in words for the operator.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use rustls::PeerIncompatible::{
    ServerDoesNotSupportTls12Or13, ServerTlsVersionIsDisabledByOurConfig,
};
use rustls::{AlertDescription, CertificateError};

/// Options that cannot be used, a handshake that failed, or a certificate that is not as it should be.
#[derive(Debug)]
pub struct TlsError {
    message: String,
    cause: Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Version,
    Expiry,
    Other,
}

impl TlsError {
    /// The server speaks no version of TLS that is spoken here: 1.2 and 1.3, as far as the options allow them.
    pub fn is_version(&self) -> bool {
        self.cause == Cause::Version
    }

    /// The certificate has ended.
    pub fn is_expiry(&self) -> bool {
        self.cause == Cause::Expiry
    }

    fn new(message: String) -> Self {
        Self { message, cause: Cause::Other }
    }

    pub(super) fn setup(error: &rustls::Error) -> Self {
        Self::new(format!("TLS cannot be set up: {error}"))
    }

    pub(super) fn file(option: &str, file: &Path, error: &dyn fmt::Display) -> Self {
        Self::new(format!("`{option}` `{}` cannot be used: {error}", file.display()))
    }

    pub(super) fn option(name: &str, error: &dyn fmt::Display) -> Self {
        Self::new(format!("option `{name}` cannot be used: {error}"))
    }

    pub(super) fn name(name: &str) -> Self {
        Self::new(format!("`{name}` is neither a name nor an address of a server"))
    }

    pub(super) fn no_certificate() -> Self {
        Self::new("there is no certificate".to_owned())
    }

    /// What is wrong with a certificate.
    pub(super) fn certificate(error: &rustls::Error) -> Self {
        let cause = if is_expiry(error) { Cause::Expiry } else { Cause::Other };
        Self { cause, ..Self::new(error.to_string()) }
    }

    pub(super) fn handshake(error: &io::Error) -> Self {
        let of_tls = error.get_ref().and_then(|error| error.downcast_ref());
        if of_tls.is_some_and(is_version) {
            let message = "the server speaks no version of TLS that is spoken here";
            return Self { cause: Cause::Version, ..Self::new(format!("{message}: {error}")) };
        }
        Self::new(format!("the handshake failed: {error}"))
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The message tells the cause already.
impl Error for TlsError {}

pub(crate) fn is_expiry(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. }
        )
    )
}

fn is_version(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
            | rustls::Error::PeerIncompatible(
                ServerDoesNotSupportTls12Or13 | ServerTlsVersionIsDisabledByOurConfig
            )
    )
}
