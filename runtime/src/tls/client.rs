//! A client's side of TLS, made of options: which versions and cipher suites are spoken, who is trusted, and what is shown.
//!
//! The provider of cryptography is handed over, never made the process's: another library in the process may have its own.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, SupportedCipherSuite, SupportedProtocolVersion};

use crate::config::Secret;

use super::error::TlsError;
use super::files;
use super::key::private_key;
use super::verifier::Verifier;

/// What options say of TLS, whichever struct they stand in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'o> {
    pub(crate) verify: bool,
    pub(crate) validate_hostname: bool,
    pub(crate) authorities: Option<&'o Path>,
    pub(crate) certificate: Option<&'o Path>,
    pub(crate) private_key: Option<&'o Path>,
    pub(crate) password: Option<&'o Secret>,
    pub(crate) versions: &'o [String],
    pub(crate) ciphers: &'o [String],
}

impl Wanted<'_> {
    pub(super) fn provider(&self) -> Result<Arc<CryptoProvider>, TlsError> {
        Ok(Arc::new(CryptoProvider {
            cipher_suites: suites(self.ciphers)?,
            ..rustls::crypto::ring::default_provider()
        }))
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Verifier, TlsError> {
        if !self.verify {
            return Ok(Verifier::of_anything(provider));
        }
        Verifier::new(provider, self.authorities, !self.validate_hostname)
    }
}

pub(crate) fn client_config(wanted: &Wanted<'_>) -> Result<ClientConfig, TlsError> {
    let provider = wanted.provider()?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions(wanted.versions)?)
        .map_err(|error| TlsError::setup(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(wanted.verifier(provider)?));
    let Some(file) = wanted.certificate else { return Ok(builder.with_no_client_auth()) };
    let shown =
        files::certificates(file).map_err(|error| TlsError::file("tls_cert", file, &*error))?;
    let key_file = wanted.private_key.unwrap_or(file);
    builder
        .with_client_auth_cert(shown, private_key(key_file, wanted.password)?)
        .map_err(|error| TlsError::file("tls_private_key", key_file, &error))
}

fn versions(named: &[String]) -> Result<Vec<&'static SupportedProtocolVersion>, TlsError> {
    let is_named =
        |name: &str| named.is_empty() || named.iter().any(|one| one.eq_ignore_ascii_case(name));
    let known = [("TLSv1.2", &rustls::version::TLS12), ("TLSv1.3", &rustls::version::TLS13)];
    let allowed: Vec<_> =
        known.into_iter().filter(|(name, _)| is_named(name)).map(|(_, version)| version).collect();
    if allowed.is_empty() {
        let message = "it names neither `TLSv1.2` nor `TLSv1.3`, and no other version is spoken";
        return Err(TlsError::option("tls_protocols_allowed", &message));
    }
    Ok(allowed)
}

/// The suites of these names: of IANA (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`) or OpenSSL (`ECDHE-RSA-AES128-GCM-SHA256`).
fn suites(named: &[String]) -> Result<Vec<SupportedCipherSuite>, TlsError> {
    let all = rustls::crypto::ring::ALL_CIPHER_SUITES.to_vec();
    let names: Vec<_> = named.iter().flat_map(|text| text.split([':', ','])).map(plain).collect();
    if names.is_empty() || names.iter().any(|name| name == "ALL") {
        return Ok(all);
    }
    let is_named = |suite: &SupportedCipherSuite| {
        suite.suite().as_str().is_some_and(|name| names.contains(&plain(name)))
    };
    let allowed: Vec<_> = all.into_iter().filter(is_named).collect();
    if allowed.is_empty() {
        return Err(TlsError::option(
            "tls_ciphers",
            &"it names no cipher suite that is known here",
        ));
    }
    Ok(allowed)
}

/// A name of a suite without what the two ways of writing it differ in.
fn plain(name: &str) -> String {
    let name = name
        .trim()
        .to_ascii_uppercase()
        .replace("TLS13_", "")
        .replace("TLS_", "")
        .replace("_WITH_", "_");
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}
