//! TLS for the client: which authorities are trusted, what is checked, and what is shown.
//!
//! The provider of cryptography is handed over, never made the process's: another library in the process may have its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    SupportedProtocolVersion,
};

use super::error::HttpError;
use super::options::HttpOptions;

pub(super) fn client_config(options: &HttpOptions) -> Result<ClientConfig, HttpError> {
    let provider = Arc::new(CryptoProvider {
        cipher_suites: suites(&options.tls_ciphers)?,
        ..rustls::crypto::ring::default_provider()
    });
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions(&options.tls_protocols_allowed)?)
        .map_err(|error| HttpError::tls(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier(options, provider)?);
    match &options.tls_cert {
        None => Ok(builder.with_no_client_auth()),
        Some(file) => {
            let shown =
                certificates(file).map_err(|error| HttpError::file("tls_cert", file, &*error))?;
            let key_file = options.tls_private_key.as_ref().unwrap_or(file);
            let wrong =
                |error: &dyn std::fmt::Display| HttpError::file("tls_private_key", key_file, error);
            let key = PrivateKeyDer::from_pem_file(key_file).map_err(|error| wrong(&error))?;
            builder.with_client_auth_cert(shown, key).map_err(|error| wrong(&error))
        }
    }
}

fn verifier(
    options: &HttpOptions,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, HttpError> {
    if !options.tls_verify {
        return Ok(Arc::new(Unverified(provider)));
    }
    let verifier: Arc<dyn ServerCertVerifier> = match &options.tls_ca_cert {
        Some(path) => {
            let unusable =
                |error: &dyn std::fmt::Display| HttpError::file("tls_ca_cert", path, error);
            let roots = Arc::new(authorities(path)?);
            WebPkiServerVerifier::builder_with_provider(roots, provider)
                .build()
                .map_err(|error| unusable(&error))?
        }
        None => Arc::new(
            rustls_platform_verifier::Verifier::new(provider)
                .map_err(|error| HttpError::tls(&error))?,
        ),
    };
    if options.tls_validate_hostname { Ok(verifier) } else { Ok(Arc::new(OfAnyName(verifier))) }
}

fn versions(named: &[String]) -> Result<Vec<&'static SupportedProtocolVersion>, HttpError> {
    let is_named =
        |name: &str| named.is_empty() || named.iter().any(|one| one.eq_ignore_ascii_case(name));
    let known = [("TLSv1.2", &rustls::version::TLS12), ("TLSv1.3", &rustls::version::TLS13)];
    let allowed: Vec<_> =
        known.into_iter().filter(|(name, _)| is_named(name)).map(|(_, version)| version).collect();
    if allowed.is_empty() {
        let message = "it names neither `TLSv1.2` nor `TLSv1.3`, and no other version is spoken";
        return Err(HttpError::option("tls_protocols_allowed", &message));
    }
    Ok(allowed)
}

/// The suites of these names: of IANA (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`) or OpenSSL (`ECDHE-RSA-AES128-GCM-SHA256`).
fn suites(named: &[String]) -> Result<Vec<rustls::SupportedCipherSuite>, HttpError> {
    let all = rustls::crypto::ring::ALL_CIPHER_SUITES.to_vec();
    let names: Vec<_> = named.iter().flat_map(|text| text.split([':', ','])).map(plain).collect();
    if names.is_empty() || names.iter().any(|name| name == "ALL") {
        return Ok(all);
    }
    let is_named = |suite: &rustls::SupportedCipherSuite| {
        suite.suite().as_str().is_some_and(|name| names.contains(&plain(name)))
    };
    let allowed: Vec<_> = all.into_iter().filter(is_named).collect();
    if allowed.is_empty() {
        return Err(HttpError::option(
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

/// The authorities of a file, or of the files of a directory.
fn authorities(path: &Path) -> Result<RootCertStore, HttpError> {
    let unusable = |error: &dyn std::fmt::Display| HttpError::file("tls_ca_cert", path, error);
    let mut store = RootCertStore::empty();
    if path.is_dir() {
        for file in files(path).map_err(|error| unusable(&error))? {
            // What else lies there is no certificate, and one that is not needed is no error.
            let found = certificates(&file).unwrap_or_default();
            store.add_parsable_certificates(found);
        }
    } else {
        for certificate in certificates(path).map_err(|error| unusable(&*error))? {
            store.add(certificate).map_err(|error| unusable(&error))?;
        }
    }
    if store.is_empty() {
        return Err(unusable(&"it holds no certificate"));
    }
    Ok(store)
}

fn files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Box<dyn std::fmt::Display>> {
    let boxed = |error| -> Box<dyn std::fmt::Display> { Box::new(error) };
    CertificateDer::pem_file_iter(file).map_err(boxed)?.collect::<Result<_, _>>().map_err(boxed)
}

/// Asks another verifier, and takes a certificate that is good but for another name: for `tls_validate_hostname: false`.
#[derive(Debug)]
struct OfAnyName(Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for OfAnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // The name is looked at last: everything else is as it should be.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Takes any certificate, for `tls_verify: false`; signatures are still checked, so the connection is with whoever showed it.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
