//! Whether a server's certificate is taken: as the options say, by one verifier for all that they can say.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::error::TlsError;
use super::files;

/// Takes what an authority that is trusted has issued, for any name if that is asked for; or anything. Signatures are always checked, so the
/// connection is with whoever showed the certificate.
#[derive(Debug)]
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    /// What is asked of a certificate; nothing takes any.
    trust: Option<Arc<dyn ServerCertVerifier>>,
    of_any_name: bool,
}

impl Verifier {
    /// That takes any certificate.
    pub(super) const fn of_anything(provider: Arc<CryptoProvider>) -> Self {
        Self { provider, trust: None, of_any_name: true }
    }

    /// That trusts the authorities of a file or directory, or those of the system.
    pub(super) fn new(
        provider: Arc<CryptoProvider>,
        authorities: Option<&Path>,
        of_any_name: bool,
    ) -> Result<Self, TlsError> {
        let trust: Arc<dyn ServerCertVerifier> = match authorities {
            Some(path) => {
                let roots = Arc::new(files::authorities(path)?);
                WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                    .build()
                    .map_err(|error| TlsError::file("tls_ca_cert", path, &error))?
            }
            None => Arc::new(
                rustls_platform_verifier::Verifier::new(Arc::clone(&provider))
                    .map_err(|error| TlsError::setup(&error))?,
            ),
        };
        Ok(Self { provider, trust: Some(trust), of_any_name })
    }
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
        let verified =
            trust.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
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
