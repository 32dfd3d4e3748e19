//! An authority of certificates that only the test knows.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// An authority, whose files go with it.
#[derive(Debug)]
pub struct Authority {
    directory: TempDir,
}

/// From long ago until the day after tomorrow: tests of checks have a time of their own, and the servers have today's.
const TWO_DAYS_MORE: [&str; 4] = ["-startdate", "20200101000000Z", "-days", "2"];

/// What the certificate of an authority says of itself.
const OF_AUTHORITY: &str = "basicConstraints = critical,CA:TRUE";

impl Authority {
    /// A new authority.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn new() -> Self {
        Self::certified(None, "/CN=authority of the test")
    }

    /// An authority for which another one vouches.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn under(other: &Self) -> Self {
        Self::certified(Some(other), "/CN=authority between")
    }

    fn certified(by: Option<&Self>, subject: &str) -> Self {
        let directory = TempDir::new().expect("no directory for the authority");
        let authority = Self { directory };
        let (certificate, key) = (authority.certificate(), authority.key());
        request(subject, authority.directory.path(), &key);
        sign(by, OF_AUTHORITY, &TWO_DAYS_MORE, (&certificate, &key));
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
        leaf(Some(self), name, &TWO_DAYS_MORE, directory)
    }

    /// Issues a certificate for this host that has ended long ago.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn issue_ended(&self, directory: &Path) -> (String, String) {
        self.issue_between("20200101000000Z", "20200102000000Z", directory)
    }

    /// Issues a certificate for this host that is valid from one time to another (`20200101000000Z`).
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn issue_between(&self, from: &str, to: &str, directory: &Path) -> (String, String) {
        let times = ["-startdate", from, "-enddate", to];
        leaf(Some(self), "IP:127.0.0.1", &times, directory)
    }

    /// Makes a certificate of a server that says that it is an authority, too, as `openssl req -x509` does, valid from one time to
    /// another.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn of_itself(from: &str, to: &str, directory: &Path) -> (String, String) {
        let times = ["-startdate", from, "-enddate", to];
        certified(None, "IP:127.0.0.1", OF_AUTHORITY, &times, directory)
    }

    /// Encrypts a key, as openssl is told to (`-v2 aes-256-cbc`), and gives the file of it.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn encrypt(key: &str, password: &str, how: &[&str]) -> String {
        let file = format!("{key}.encrypted");
        let password = format!("pass:{password}");
        let files = [("-in", Path::new(key)), ("-out", Path::new(&file))];
        openssl(Path::new("."), &[how, &["-passout", &password]].concat(), &files);
        file
    }

    /// Makes a certificate for this host for which nobody vouches but itself.
    ///
    /// # Panics
    /// openssl is not installed.
    pub fn nobody(directory: &Path) -> (String, String) {
        leaf(None, "IP:127.0.0.1", &TWO_DAYS_MORE, directory)
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes the certificate of a server, and gives its file and that of its key.
fn leaf(by: Option<&Authority>, name: &str, times: &[&str], directory: &Path) -> (String, String) {
    certified(by, name, "basicConstraints = critical,CA:FALSE", times, directory)
}

fn certified(
    by: Option<&Authority>,
    name: &str,
    kind: &str,
    times: &[&str],
    directory: &Path,
) -> (String, String) {
    let (certificate, key) = (directory.join("server.pem"), directory.join("server.key"));
    request("/CN=localhost", directory, &key);
    let extensions = format!("subjectAltName = {name}\n{kind}");
    sign(by, &extensions, times, (&certificate, &key));
    (certificate.display().to_string(), key.display().to_string())
}

/// Makes a key, and the request of a certificate for it, `request.pem`.
fn request(subject: &str, directory: &Path, key: &Path) {
    let new = ["req", "-new", "-subj", subject, "-nodes", "-out", "request.pem"];
    let kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    openssl(directory, &[&new[..], &kind].concat(), &[("-keyout", key)]);
}

/// Signs the request that lies beside the key: with that key itself, if nobody else does.
fn sign(by: Option<&Authority>, extensions: &str, times: &[&str], (file, key): (&Path, &Path)) {
    let directory = file.parent().expect("it has a directory");
    let configuration = format!("{CONFIGURATION}{extensions}\n");
    for (name, text) in [("ca.cnf", &*configuration), ("index.txt", ""), ("serial", "01\n")] {
        std::fs::write(directory.join(name), text).expect("the directory is the test's own");
    }
    let signing = ["ca", "-batch", "-notext", "-config", "ca.cnf", "-in", "request.pem"];
    let arguments = [&signing[..], times].concat();
    let Some(by) = by else {
        let arguments = [&arguments[..], &["-selfsign"]].concat();
        return openssl(directory, &arguments, &[("-keyfile", key), ("-out", file)]);
    };
    let (certificate, key) = (by.certificate(), by.key());
    let files = [("-cert", &*certificate), ("-keyfile", &*key), ("-out", file)];
    openssl(directory, &arguments, &files);
}

/// What `openssl ca` needs to sign anything.
const CONFIGURATION: &str = "[ca]
default_ca = test
[test]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
";

fn openssl(directory: &Path, arguments: &[&str], files: &[(&str, &Path)]) {
    let mut command = Command::new("openssl");
    command.current_dir(directory).args(arguments);
    for (option, file) in files {
        command.arg(option).arg(file);
    }
    let output = command.output();
    let output = output
        .expect("`openssl` is not installed, and this test needs it: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
