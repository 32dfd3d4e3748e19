//! Certificates that lie in files, and the chain that a server shows.

use std::io;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;

use super::certificate::Certificate;
use super::error::TlsError;

/// What stands before a certificate in PEM.
const PEM: &[u8] = b"-----BEGIN ";

/// Certificates, a server's own first and then those of who issued it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain(pub(super) Vec<CertificateDer<'static>>);

impl Chain {
    /// Reads a file, in PEM or DER.
    ///
    /// # Errors
    /// It cannot be read, or holds no certificate.
    pub fn from_file(file: &Path) -> io::Result<Self> {
        let content = std::fs::read(file)?;
        if !content.windows(PEM.len()).any(|window| window == PEM) {
            return Ok(Self(vec![content.into()]));
        }
        let certificates = CertificateDer::pem_slice_iter(&content).collect::<Result<Vec<_>, _>>();
        let certificates = certificates.map_err(io::Error::other)?;
        if certificates.is_empty() {
            return Err(io::Error::other("it holds no certificate"));
        }
        Ok(Self(certificates))
    }

    /// When the first certificate is valid; nothing if it cannot be read.
    pub fn validity(&self) -> Option<Certificate> {
        Certificate::from_der(self.0.first()?)
    }

    /// Whether the first certificate is for a name or an address, as its alternative names say (RFC 6125). Who issued it is not looked at.
    ///
    /// # Errors
    /// It is for others, or cannot be read.
    pub fn is_for(&self, name: &str) -> Result<(), TlsError> {
        let server = server_name(name)?;
        let first = self.0.first().ok_or_else(TlsError::no_certificate)?;
        ParsedCertificate::try_from(first)
            .and_then(|first| verify_server_name(&first, &server))
            .map_err(|error| TlsError::certificate(&error))
    }
}

pub(super) fn server_name(name: &str) -> Result<ServerName<'static>, TlsError> {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(bare.to_owned()).map_err(|_| TlsError::name(name))
}

/// The certificates of a file, or of the files of a directory, and who is trusted by them.
pub(super) fn authorities(
    path: &Path,
) -> Result<(RootCertStore, Vec<CertificateDer<'static>>), TlsError> {
    let unusable = |error: &dyn std::fmt::Display| TlsError::file("tls_ca_cert", path, error);
    let (mut store, mut named) = (RootCertStore::empty(), Vec::new());
    if path.is_dir() {
        for file in files(path).map_err(|error| unusable(&error))? {
            // What else lies there is no certificate, and one that is not needed is no error.
            let found = certificates(&file).unwrap_or_default();
            store.add_parsable_certificates(found.clone());
            named.extend(found);
        }
    } else {
        named = certificates(path).map_err(|error| unusable(&*error))?;
        for certificate in &named {
            store.add(certificate.clone()).map_err(|error| unusable(&error))?;
        }
    }
    if store.is_empty() {
        return Err(unusable(&"it holds no certificate"));
    }
    Ok((store, named))
}

fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

pub(super) fn certificates(
    file: &Path,
) -> Result<Vec<CertificateDer<'static>>, Box<dyn std::fmt::Display>> {
    let boxed = |error| -> Box<dyn std::fmt::Display> { Box::new(error) };
    CertificateDer::pem_file_iter(file).map_err(boxed)?.collect::<Result<_, _>>().map_err(boxed)
}
