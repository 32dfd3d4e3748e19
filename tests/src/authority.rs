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
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn issue(&self, directory: &Path) -> (String, String) {
        self.issue_for("IP:127.0.0.1", directory)
    }

    /// Issues a certificate for this name (`DNS:x`, `IP:x`) into a directory, and gives the files of the certificate and its key.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn issue_for(&self, name: &str, directory: &Path) -> (String, String) {
        let (certificate, key) = (directory.join("server.pem"), directory.join("server.key"));
        let (authority, authority_key) = (self.certificate(), self.key());
        let (authority, authority_key) =
            (authority.display().to_string(), authority_key.display().to_string());
        let signed = ["-CA", &authority, "-CAkey", &authority_key, "-subj", "/CN=localhost"];
        let name = format!("subjectAltName={name}");
        let host = ["-addext", &name];
        let leaf = ["-addext", "basicConstraints=critical,CA:FALSE"];
        openssl(&[&signed[..], &host, &leaf].concat(), &certificate, &key);
        (certificate.display().to_string(), key.display().to_string())
    }

    /// Issues a certificate for this host that has ended long ago.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn issue_ended(&self, directory: &Path) -> (String, String) {
        let (certificate, key) = (directory.join("server.pem"), directory.join("server.key"));
        let request = directory.join("request.pem");
        let new = ["req", "-new", "-subj", "/CN=localhost"];
        run_openssl(
            directory,
            &[&new[..], &KIND].concat(),
            &[("-out", &request), ("-keyout", &key)],
        );
        let files = [("ca.cnf", CONFIGURATION), ("index.txt", ""), ("serial", "01\n")];
        for (name, text) in files {
            std::fs::write(directory.join(name), text).expect("the directory is the test's own");
        }
        let ended = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
        let sign = ["ca", "-batch", "-notext", "-config", "ca.cnf"];
        let (authority, authority_key) = (self.certificate(), self.key());
        let files = [
            ("-cert", &authority),
            ("-keyfile", &authority_key),
            ("-in", &request),
            ("-out", &certificate),
        ];
        run_openssl(directory, &[&sign[..], &ended].concat(), &files);
        (certificate.display().to_string(), key.display().to_string())
    }
}

/// The keys of all certificates.
const KIND: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/// What `openssl ca` needs to sign anything.
const CONFIGURATION: &str = "[ca]
default_ca = test
[test]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
subjectAltName = IP:127.0.0.1
basicConstraints = critical,CA:FALSE
";

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn openssl(arguments: &[&str], certificate: &Path, key: &Path) {
    let signed = ["req", "-x509", "-days", "2"];
    let files = [("-out", certificate), ("-keyout", key)];
    run_openssl(Path::new("."), &[&signed[..], &KIND, arguments].concat(), &files);
}

fn run_openssl(directory: &Path, arguments: &[&str], files: &[(&str, impl AsRef<Path>)]) {
    let mut command = Command::new("openssl");
    command.current_dir(directory).args(arguments);
    for (option, file) in files {
        command.arg(option).arg(file.as_ref());
    }
    let output = command.output();
    let output = output
        .expect("`openssl` is not installed, and this test needs it: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
