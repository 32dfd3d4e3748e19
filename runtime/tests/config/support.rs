//! A check with one option of each kind, for the tests of configuration.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use allwell::check::{Context, Definition, Entry, Location, Meta, Result};
use allwell::config::confd::File;
use allwell::config::{
    Config, Constraints, Item, OptionSpec, OptionValue, Problems, Reader, Secret, Section, Shape,
    Spec, yaml,
};
use serde_json::{Value, json};

/// One option of each kind.
#[derive(Debug, PartialEq)]
pub(crate) struct Rich {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) password: Option<Secret>,
    pub(crate) ssl: bool,
    pub(crate) timeout: Duration,
    pub(crate) ratio: Option<f64>,
    pub(crate) mode: String,
    pub(crate) names: Vec<String>,
    pub(crate) limits: BTreeMap<String, u32>,
    pub(crate) tls: Option<Tls>,
    pub(crate) extra: Option<Value>,
}

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

/// A section within the section.
#[derive(Debug, PartialEq)]
pub(crate) struct Tls {
    pub(crate) verify: bool,
    pub(crate) key_phrase: Option<Secret>,
}

const fn option(name: &'static str, description: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec {
        name,
        description,
        shape,
        required: false,
        default: None,
        example: None,
        constraints: Constraints::NONE,
        secret: false,
        hidden: false,
        shared: false,
        tag: "",
        deprecated: None,
    }
}

impl Config for Rich {
    const SPEC: Spec = Spec {
        type_name: "Rich",
        description: "One option of each kind.",
        items: &[
            Item::Option(OptionSpec {
                required: true,
                example: Some(|| json!("localhost")),
                constraints: Constraints { non_empty: true, ..Constraints::NONE },
                ..option("host", "Name of the server.", String::SHAPE)
            }),
            Item::Option(OptionSpec {
                default: Some(|| json!(6379)),
                constraints: Constraints { min: Some(1.0), ..Constraints::NONE },
                ..option("port", "Port of the server.", u16::SHAPE)
            }),
            Item::Option(OptionSpec {
                secret: true,
                ..option("password", "Password of the user.", Secret::SHAPE)
            }),
            Item::Option(OptionSpec {
                default: Some(|| json!(false)),
                deprecated: Some("use `tls`"),
                ..option("ssl", "Whether to encrypt.", bool::SHAPE)
            }),
            Item::Option(OptionSpec {
                default: Some(|| json!(10)),
                shared: true,
                constraints: Constraints {
                    min: Some(0.1),
                    max: Some(60.0),
                    max_exclusive: true,
                    ..Constraints::NONE
                },
                ..option("timeout", "How long to wait, in seconds.", Duration::SHAPE)
            }),
            Item::Option(option("ratio", "A share.", f64::SHAPE)),
            Item::Option(OptionSpec {
                default: Some(|| json!("fast")),
                constraints: Constraints { one_of: &["fast", "thorough"], ..Constraints::NONE },
                ..option("mode", "How to look.", String::SHAPE)
            }),
            Item::Option(OptionSpec {
                constraints: Constraints { pattern: Some("^[a-z]+$"), ..Constraints::NONE },
                ..option("names", "Names to look for.", <Vec<String>>::SHAPE)
            }),
            Item::Option(option("limits", "Limits by name.", <BTreeMap<String, u32>>::SHAPE)),
            Item::Option(option("tls", "Encryption.", Tls::SHAPE)),
            Item::Option(option("extra", "Anything else.", Value::SHAPE)),
        ],
    };

    fn read(section: &mut Section<'_, '_>) -> Option<Self> {
        let host = section.option(Self::SPEC.option(0));
        let port = section.option_or(Self::SPEC.option(1), || 6379);
        let password = section.option(Self::SPEC.option(2));
        let ssl = section.option_or(Self::SPEC.option(3), || false);
        let timeout = section.option_or(Self::SPEC.option(4), || Duration::from_secs(10));
        let ratio = section.option(Self::SPEC.option(5));
        let mode = section.option_or(Self::SPEC.option(6), || String::from("fast"));
        let names = section.option_or(Self::SPEC.option(7), Vec::new);
        let limits = section.option_or(Self::SPEC.option(8), BTreeMap::new);
        let tls = section.option(Self::SPEC.option(9));
        let extra = section.option(Self::SPEC.option(10));
        Some(Self {
            host: host?,
            port: port?,
            password: password?,
            ssl: ssl?,
            timeout: timeout?,
            ratio: ratio?,
            mode: mode?,
            names: names?,
            limits: limits?,
            tls: tls?,
            extra: extra?,
        })
    }
}

impl Config for Tls {
    const SPEC: Spec = Spec {
        type_name: "Tls",
        description: "Encryption.",
        items: &[
            Item::Option(OptionSpec {
                default: Some(|| json!(true)),
                ..option("verify", "Whether to verify the certificate.", bool::SHAPE)
            }),
            Item::Option(OptionSpec {
                secret: true,
                ..option("key_phrase", "What opens the key.", Secret::SHAPE)
            }),
        ],
    };

    fn read(section: &mut Section<'_, '_>) -> Option<Self> {
        let verify = section.option_or(Self::SPEC.option(0), || true);
        let key_phrase = section.option(Self::SPEC.option(1));
        Some(Self { verify: verify?, key_phrase: key_phrase? })
    }
}

struct Check;

impl Definition for Check {
    const META: Meta = Meta {
        name: "rich",
        description: "Looks at nothing.",
        interval: Meta::DEFAULT_INTERVAL,
        timeout: None,
        enabled_by_default: false,
        blocking: false,
        can_connect: None,
        location: Location { file: file!(), line: line!(), column: column!() },
        krate: "tests",
        version: "0",
    };
    type Config = Rich;
    type Stream = ();
    type Metrics = ();
    type State = ();

    async fn start(_config: Rich, _cx: &Context) -> Result<()> {
        Ok(())
    }

    async fn run(_state: &mut (), _cx: &Context) -> Result<()> {
        Ok(())
    }
}

/// The check.
pub(crate) static ENTRY: Entry = Entry::new::<Check>();

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
