//! A check with one option of each kind, for the tests of configuration.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use allwell::check::{Entry, Registry};
use allwell::config::confd::File;
use allwell::config::{OptionValue, Problems, Reader, yaml};
use allwell::prelude::*;
use serde_json::Value;

/// One option of each kind.
#[derive(Debug, PartialEq, Config)]
pub(crate) struct Rich {
    /// Name of the server.
    #[config(non_empty, example = "localhost")]
    pub(crate) host: String,
    /// Port of the server.
    #[config(default = 6379, range = 1..)]
    pub(crate) port: u16,
    /// Password of the user.
    #[config(secret)]
    pub(crate) password: Option<Secret>,
    /// Whether to encrypt.
    #[config(default = false, deprecated = "use `tls`")]
    pub(crate) ssl: bool,
    /// How long to wait, in seconds.
    #[config(shared, default = 10, range = 0.1..60.0)]
    pub(crate) timeout: Duration,
    /// A share.
    pub(crate) ratio: Option<f64>,
    /// How to look.
    #[config(default = "fast", one_of = ["fast", "thorough"])]
    pub(crate) mode: String,
    /// Names to look for.
    #[config(default, pattern = "^[a-z]+$")]
    pub(crate) names: Vec<String>,
    /// Limits by name.
    #[config(default)]
    pub(crate) limits: BTreeMap<String, u32>,
    /// Encryption.
    pub(crate) tls: Option<Tls>,
    /// Anything else.
    pub(crate) extra: Option<Value>,
}

/// A section within the section.
#[derive(Debug, PartialEq, Config)]
pub(crate) struct Tls {
    /// Whether to verify the certificate.
    #[config(default = true)]
    pub(crate) verify: bool,
    /// What opens the key.
    #[config(secret)]
    pub(crate) key_phrase: Option<Secret>,
}

/// Looks at nothing.
#[check(name = "rich")]
fn rich(_config: &Rich) {}

impl Rich {
    /// The value of an option, as tests show it.
    pub(crate) fn shown(&self, name: &str) -> String {
        match name {
            "port" => format!("{:?}", self.port),
            "password" => format!("{:?}", self.password.as_ref().map(Secret::expose)),
            "ssl" => format!("{:?}", self.ssl),
            "timeout" => format!("{:?}", self.timeout),
            "ratio" => format!("{:?}", self.ratio),
            "mode" => format!("{:?}", self.mode),
            "names" => format!("{:?}", self.names),
            "limits" => format!("{:?}", self.limits),
            "tls" => format!("{:?}", self.tls),
            "extra" => serde_json::to_string(&self.extra).unwrap_or_default(),
            _ => format!("{:?}", self.host),
        }
    }
}

/// What [`Plain`] holds beside `host`, in one line.
impl Plain {
    pub(crate) fn shown(&self) -> String {
        let Self { host, pin, shape } = self;
        format!("{host} {pin:?} {shape:?}")
    }
}

/// Options that all may be left out, and a secret whose name does not tell.
#[derive(Debug, Config)]
pub(crate) struct Plain {
    /// Name of the server.
    #[config(default = "localhost", tag = "plain_host")]
    pub(crate) host: String,
    /// What opens the door.
    #[config(secret, validate = not_rejected)]
    pub(crate) pin: Option<Secret>,
    /// A shape.
    #[config(serde)]
    pub(crate) shape: Option<Shape>,
}

/// What only serde can read.
#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Shape {
    Point,
    Circle(f64),
    Line(i64, u8),
    Box { filled: bool, label: Option<String>, ports: Vec<u16> },
}

fn not_rejected(pin: &Secret) -> Result<()> {
    ensure!(!pin.expose().starts_with("reject"), "{} is a bad one", pin.expose());
    Ok(())
}

/// Looks at nothing, with nothing but defaults.
#[check(name = "plain")]
fn plain(_config: &Plain) {}

/// The check of a name.
pub(crate) fn entry(name: &str) -> &'static Entry {
    Registry::collect().get(name).expect("the check is registered")
}

/// A file of the check.
pub(crate) fn file(text: &str) -> File {
    File::parse("rich", Path::new("conf.d/rich.yaml"), text.into())
}

/// Reads the options of a mapping.
pub(crate) fn typed<C: OptionValue>(text: &str) -> (Option<C>, Problems) {
    let yaml::Document { root, mut problems } = yaml::parse(text);
    let mut reader = Reader::new();
    let value = root.and_then(|root| C::read(&root, &mut reader));
    problems.merge(reader.into_problems());
    (value, problems)
}

/// Compares a text with a file of `golden/`, which `UPDATE_GOLDEN=1` writes anew.
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(text, expected, "{} differs; `UPDATE_GOLDEN=1` accepts it", path.display());
}

/// A directory that goes away with the test.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory for temporary files")
}
