//! The options of TLS that Datadog users know, to be flattened into the configuration of a check that speaks it without HTTP.

use std::path::PathBuf;

use crate::config::{Config, Secret};

use super::client::Wanted;

/// How an instance speaks TLS. Flatten it into the configuration: `#[config(flatten)] tls: TlsOptions`.
///
/// Names, defaults and meanings are those of the Python SDK's `TlsContextWrapper`.
#[derive(Debug, Clone, PartialEq, Config)]
#[config(validate = TlsOptions::whole, template = "instances/tls")]
pub struct TlsOptions {
    /// Whether the certificate of the server must come from an authority that is trusted, and be in its time.
    #[config(default = true)]
    pub tls_verify: bool,
    /// A file of certificates (PEM) of the authorities to trust instead of the system's, or a directory of such files.
    pub tls_ca_cert: Option<PathBuf>,
    /// A file with the certificate (PEM) to show to the server; the key may be in it, too.
    pub tls_cert: Option<PathBuf>,
    /// A file with the key (PEM) of `tls_cert`; it may be encrypted (PKCS #8).
    pub tls_private_key: Option<PathBuf>,
    /// The password of the key, if it is encrypted.
    #[config(secret)]
    pub tls_private_key_password: Option<Secret>,
    /// Whether the certificate must be for the name of the server.
    #[config(default = true)]
    pub tls_validate_hostname: bool,
    /// The cipher suites to offer, by the names of IANA or OpenSSL; all if none is given, or `ALL`. Unknown ones are passed over.
    #[config(default, example = ["TLS_AES_256_GCM_SHA384"])]
    pub tls_ciphers: Vec<String>,
}

impl TlsOptions {
    fn whole(&self) -> Result<(), &'static str> {
        if self.tls_private_key.is_some() && self.tls_cert.is_none() {
            return Err("`tls_private_key` needs a `tls_cert`");
        }
        Ok(())
    }

    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            verify: self.tls_verify,
            validate_hostname: self.tls_validate_hostname,
            authorities: self.tls_ca_cert.as_deref(),
            certificate: self.tls_cert.as_deref(),
            private_key: self.tls_private_key.as_deref(),
            password: self.tls_private_key_password.as_ref(),
            versions: &[],
            ciphers: &self.tls_ciphers,
        }
    }
}

impl Default for TlsOptions {
    fn default() -> Self {
        Self {
            tls_verify: true,
            tls_ca_cert: None,
            tls_cert: None,
            tls_private_key: None,
            tls_private_key_password: None,
            tls_validate_hostname: true,
            tls_ciphers: Vec::new(),
        }
    }
}
