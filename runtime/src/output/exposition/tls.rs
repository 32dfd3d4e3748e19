//! TLS for the server, from files that may be renewed while it runs.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The files of a certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those between it and the authority, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// A certificate that is read anew when its file has changed.
pub(super) struct Tls {
    files: TlsFiles,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    changed: Option<SystemTime>,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// In words: which file cannot be used, and why.
    pub(super) fn new(files: TlsFiles) -> Result<Self, String> {
        let loaded = Loaded { changed: changed(&files), acceptor: load(&files)? };
        Ok(Self { files, loaded: Mutex::new(loaded) })
    }

    /// What accepts connections now. Files that cannot be used are passed over for those that were read before.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let now = changed(&self.files);
        if now != loaded.changed
            && let Ok(acceptor) = load(&self.files)
        {
            *loaded = Loaded { changed: now, acceptor };
        }
        loaded.acceptor.clone()
    }
}

/// When the later of the files was changed.
fn changed(files: &TlsFiles) -> Option<SystemTime> {
    let of = |path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    of(&files.certificate).max(of(&files.key))
}

fn load(files: &TlsFiles) -> Result<TlsAcceptor, String> {
    let TlsFiles { certificate, key } = files;
    let unusable = |path: &PathBuf, why: &dyn std::fmt::Display| {
        format!("`{}` cannot be used: {why}", path.display())
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(certificate, &error))?;
    if chain.is_empty() {
        return Err(unusable(certificate, &"it holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| unusable(certificate, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
