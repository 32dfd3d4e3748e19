//! Whether a server's certificate is taken: as the options say, by one verifier for all that they can say.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::certificate::Certificate;
use super::error::TlsError;
use super::files;

/// Takes what an authority that is trusted has issued, for any name if that is asked for; or anything. Signatures are always checked, so the
/// connection is with whoever showed the certificate.
#[derive(Debug)]
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    /// What is asked of a certificate; nothing takes any.
    trust: Option<Arc<dyn ServerCertVerifier>>,
    /// Certificates that are trusted themselves, whoever has issued them.
    named: Vec<CertificateDer<'static>>,
    of_any_name: bool,
}

impl Verifier {
    /// That takes any certificate.
    pub(super) const fn of_anything(provider: Arc<CryptoProvider>) -> Self {
        Self { provider, trust: None, named: Vec::new(), of_any_name: true }
    }

    /// That trusts the authorities of a file or directory, or those of the system.
    pub(super) fn new(
        provider: Arc<CryptoProvider>,
        authorities: Option<&Path>,
        of_any_name: bool,
    ) -> Result<Self, TlsError> {
        let Some(path) = authorities else {
            let system = rustls_platform_verifier::Verifier::new(Arc::clone(&provider));
            let system = system.map_err(|error| TlsError::setup(&error))?;
            return Ok(Self {
                provider,
                trust: Some(Arc::new(system)),
                named: Vec::new(),
                of_any_name,
            });
        };
        let (roots, named) = files::authorities(path)?;
        let trust =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .map_err(|error| TlsError::file("tls_ca_cert", path, &error))?;
        Ok(Self { provider, trust: Some(trust), named, of_any_name })
    }
}

/// Whether a certificate that is trusted itself is in its time, and for this name.
fn verify_named(
    certificate: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let bad = CertificateError::BadEncoding;
    let validity = Certificate::from_der(certificate).ok_or(bad)?;
    let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (begins, ends) =
        (since(validity.not_before).as_secs(), since(validity.not_after).as_secs());
    if now.as_secs() < begins {
        return Err(CertificateError::NotValidYet.into());
    }
    if now.as_secs() > ends {
        return Err(CertificateError::Expired.into());
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, server_name)?;
    Ok(ServerCertVerified::assertion())
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trust) = &self.trust else { return Ok(ServerCertVerified::assertion()) };
        // As OpenSSL has it: a server that signs for itself may say that it is an authority.
        let verified = match self.named.contains(end_entity) {
            true => verify_named(end_entity, server_name, now),
            false => {
                trust.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        };
        match verified {
            // The name is looked at last: everything else is as it should be.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.of_any_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
