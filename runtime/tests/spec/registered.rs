//! Checks whose options are hard to write down.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use allwell::check::{Entry, Registry};
use allwell::prelude::*;
use serde_json::{Value, json};

/// The check of a name.
pub(crate) fn entry(name: &str) -> &'static Entry {
    Registry::collect().get(name).expect("the check is registered")
}

/// Options of each kind, the hard ones among them.
#[derive(Debug, Config)]
pub(crate) struct Hard {
    /// Encryption comes first, and cannot.
    pub(crate) tls: Encryption,
    /// Address of the server: a text with a colon.
    ///
    /// A description with a very long line, which nobody wants to read in one piece because it is much longer than any screen is wide.
    ///
    /// - A list item that is long enough to need a second line, which begins below the text of the item and not below its dash.
    ///   - `https://example.com/an/address/that/is/longer/than/a/line/of/a/description/may/be/according/to/the/validator/of/others/and/cannot/be/broken`
    #[config(example = "http://localhost:8080/ # not a comment", tag)]
    pub(crate) address: String,
    /// How much to look at.
    #[config(default = "some")]
    pub(crate) level: Level,
    /// How to look.
    #[config(default = "fast", one_of = ["fast", "thorough"])]
    pub(crate) mode: String,
    /// Sizes.
    #[config(default, example = [1, 2], non_empty)]
    pub(crate) sizes: Vec<u32>,
    /// Texts that are something else without quotes.
    #[config(default, example = ["yes", "1.10", "null", "2026-11-24", "12:30:45", "0x1F", "a: b", "- a", "it's", "*", "", " x", "é", "<A>:<B>", "1e3", "1e+3", "~"])]
    pub(crate) texts: Vec<String>,
    /// Sections.
    #[config(default, example = json!([{ "name": "a", "values": [1, 2] }, { "name": "b" }]))]
    pub(crate) queries: Vec<Query>,
    /// A text that is longer than a line of eighty characters can hold and is folded there, as other writers of YAML do it.
    #[config(
        example = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    )]
    pub(crate) long: Option<String>,
    /// A text of several lines, with letters beyond ASCII.
    #[config(default = "größer\n  als\n")]
    pub(crate) lines: String,
    /// A share.
    #[config(default = 0.5, range = 0.0..1.0)]
    pub(crate) share: f64,
    /// A very small number.
    #[config(default = 0.00001)]
    pub(crate) small: f64,
    /// A very large number.
    #[config(default = 10000000000000000000000.0)]
    pub(crate) large: f64,
    /// Exactly one.
    #[config(default = 1, range = 1..=1)]
    pub(crate) one: u8,
    /// A time that is written with its unit.
    #[config(default = "1m30s", example = "1m30s", shared)]
    pub(crate) pause: Duration,
    /// What opens the door.
    #[config(secret)]
    pub(crate) key: Option<Secret>,
    /// Anything.
    #[config(example = json!({ "a": { "b": ["c", { "d": [] }] } }))]
    pub(crate) extra: Option<Value>,
    /// Anything at all.
    pub(crate) more: Option<Value>,
    /// Names by number.
    #[config(default)]
    pub(crate) names: BTreeMap<String, Vec<String>>,
    /// A file.
    #[config(pattern = "^/")]
    pub(crate) file: Option<PathBuf>,
    /// Where to listen.
    #[config(default = SocketAddr::from(([127, 0, 0, 1], 8125)))]
    pub(crate) listen: SocketAddr,
    /// Another address.
    pub(crate) peer: Option<Ipv4Addr>,
    /// Whether there is more, which nobody knows.
    pub(crate) maybe: Option<bool>,
    /// A number that only its user knows.
    pub(crate) port: Option<u16>,
    /// No longer in use.
    ///
    /// It was.
    #[config(
        deprecated = "use `address`, which says everything that this option said and more than that, in a line that is long enough to be broken twice and still goes on"
    )]
    pub(crate) host: Option<String>,
    /// The default is a word that means nothing to others.
    #[config(default = "None")]
    pub(crate) nothing: String,
    /// Not for everybody.
    #[config(hidden)]
    pub(crate) internal: Option<bool>,
    #[config(flatten)]
    pub(crate) http: HttpOptions,
}

/// Encryption.
#[derive(Debug, Config)]
pub(crate) struct Encryption {
    /// Whether to verify the certificate.
    #[config(default = true)]
    pub(crate) verify: bool,
    /// Limits.
    pub(crate) limits: Option<Limits>,
}

/// Limits within the section.
#[derive(Debug, Config)]
pub(crate) struct Limits {
    /// The oldest version.
    #[config(default = "1.2")]
    pub(crate) oldest: String,
    /// How deep a chain may be.
    #[config(default = 4, range = 1..)]
    pub(crate) depth: u32,
}

/// One query.
#[derive(Debug, Config)]
pub(crate) struct Query {
    /// Its name.
    pub(crate) name: String,
    /// Its values.
    #[config(default)]
    pub(crate) values: Vec<i64>,
}

/// How much.
#[derive(Debug, Config)]
pub(crate) enum Level {
    /// Next to nothing.
    Little,
    /// What matters.
    Some,
}

/// Looks at nothing.
#[check(name = "hard", interval = "30s")]
pub(crate) fn hard(config: &Hard) -> Result<()> {
    ensure!(!format!("{config:?}").is_empty());
    Ok(())
}

/// Nothing but the options of every check.
#[check(name = "bare", enabled_by_default)]
pub(crate) fn bare() {}

/// Options with the names of common ones and of HTTP's, which are not those.
#[derive(Debug, Config)]
pub(crate) struct Namesakes {
    /// What the check calls a service.
    #[config(default = 3, shared)]
    pub(crate) service: u8,
    /// What the check calls a timeout.
    #[config(example = "never")]
    pub(crate) timeout: Option<String>,
    /// A section of its own.
    pub(crate) proxy: Option<Encryption>,
    /// A section whose name is a flag to others.
    pub(crate) on: Option<Encryption>,
}

/// Looks at nothing.
#[check(name = "namesakes", enabled_by_default)]
pub(crate) fn namesakes(config: &Namesakes) -> Result<()> {
    ensure!(!format!("{config:?}").is_empty());
    Ok(())
}

/// The options of TLS that a template has, with other values.
#[derive(Debug, Config)]
#[config(template = "instances/tls")]
pub(crate) struct Tls {
    /// Whether to verify.
    #[config(default = false, hidden)]
    pub(crate) tls_verify: bool,
    /// A file of authorities.
    pub(crate) tls_ca_cert: Option<PathBuf>,
    /// What opens the key.
    #[config(secret)]
    pub(crate) tls_private_key_password: Option<Secret>,
    /// Ciphers.
    #[config(default)]
    pub(crate) tls_ciphers: Vec<String>,
    /// Nothing that a template has.
    pub(crate) tls_mood: Option<u8>,
}

/// Options that a template has, and all of them optional.
#[derive(Debug, Config)]
pub(crate) struct Encrypted {
    #[config(flatten)]
    pub(crate) tls: Tls,
    /// A section that is commented out with all that is in it.
    pub(crate) limits: Option<Strict>,
}

/// A section in which something is required.
#[derive(Debug, Config)]
pub(crate) struct Strict {
    /// It is.
    #[config(range = 1..10)]
    pub(crate) count: u8,
}

/// Looks at nothing.
#[check(name = "encrypted")]
pub(crate) fn encrypted(config: &Encrypted) -> Result<()> {
    ensure!(!format!("{config:?}").is_empty());
    Ok(())
}

/// Options with constraints that a schema must know, one of them in either of two places.
#[derive(Debug, Config)]
pub(crate) struct Both {
    /// Where to look: here or in `init_config`.
    #[config(shared, example = "localhost")]
    pub(crate) host: String,
    /// A time with bounds.
    #[config(default = 10, range = 1..=60)]
    pub(crate) wait: Duration,
    /// Not empty.
    #[config(non_empty, default = "x")]
    pub(crate) blank: String,
    /// One character.
    #[config(default = 'x')]
    pub(crate) letter: char,
    /// A page.
    #[config(default = "http://localhost/", example = "http://localhost/status")]
    pub(crate) page: Url,
    /// An address of either kind.
    pub(crate) ip: Option<std::net::IpAddr>,
    /// Names, at least one.
    #[config(default, non_empty, pattern = "^[a-z]+$", example = ["a"])]
    pub(crate) many: Vec<String>,
}

/// Looks at nothing.
#[check(name = "both")]
pub(crate) fn both(config: &Both) -> Result<()> {
    ensure!(!format!("{config:?}").is_empty());
    Ok(())
}
