//! An authority of certificates that only the test knows.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// An authority, whose files go with it.
#[derive(Debug)]
pub struct Authority {
    directory: TempDir,
}

impl Authority {
    /// A new authority.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn new() -> Self {
        let directory = TempDir::new().expect("no directory for the authority");
        let authority = Self { directory };
        let (certificate, key) = (authority.certificate(), authority.key());
        openssl(&["-subj", "/CN=authority of the test"], &certificate, &key);
        authority
    }

    /// The file of its own certificate.
    pub fn certificate(&self) -> PathBuf {
        self.directory.path().join("authority.pem")
    }

    fn key(&self) -> PathBuf {
        self.directory.path().join("authority.key")
    }

    /// Issues a certificate for this host into a directory, and gives the files of the certificate and its key.
    pub fn issue(&self, directory: &Path) -> (String, String) {
        let (certificate, key) = (directory.join("server.pem"), directory.join("server.key"));
        let (authority, authority_key) = (self.certificate(), self.key());
        let (authority, authority_key) =
            (authority.display().to_string(), authority_key.display().to_string());
        let signed = ["-CA", &authority, "-CAkey", &authority_key, "-subj", "/CN=localhost"];
        let host = ["-addext", "subjectAltName=IP:127.0.0.1"];
        let leaf = ["-addext", "basicConstraints=critical,CA:FALSE"];
        openssl(&[&signed[..], &host, &leaf].concat(), &certificate, &key);
        (certificate.display().to_string(), key.display().to_string())
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn openssl(arguments: &[&str], certificate: &Path, key: &Path) {
    let kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let output = Command::new("openssl")
        .args(["req", "-x509", "-days", "2"])
        .args(kind)
        .args(arguments)
        .arg("-out")
        .arg(certificate)
        .arg("-keyout")
        .arg(key)
        .output()
        .expect("`openssl` is not installed, and this test needs it: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
