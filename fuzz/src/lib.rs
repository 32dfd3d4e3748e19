//! A check with every kind of option, for the fuzz targets.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use allwell::prelude::*;
use serde::Deserialize;

/// Options of every kind.
#[derive(Config)]
pub struct Rich {
    /// Text that must be there.
    #[config(non_empty, example = "localhost")]
    pub host: String,
    /// A port.
    #[config(default = 6379, range = 1..=65535)]
    pub port: u16,
    /// A secret.
    #[config(secret)]
    pub password: Option<Secret>,
    /// A flag.
    #[config(default = false)]
    pub ssl: bool,
    /// A time.
    #[config(shared, default = 10, range = 0.1..60.0)]
    pub timeout: Duration,
    /// A number.
    pub ratio: Option<f64>,
    /// A small number.
    pub small: Option<f32>,
    /// Whole numbers of all sizes.
    pub sizes: Option<Vec<i8>>,
    /// A great number.
    pub great: Option<u128>,
    /// A letter.
    pub letter: Option<char>,
    /// A path.
    pub path: Option<PathBuf>,
    /// An address.
    pub address: Option<IpAddr>,
    /// An address and port.
    pub socket: Option<SocketAddr>,
    /// One of two.
    #[config(default = "fast", one_of = ["fast", "thorough"])]
    pub mode: String,
    /// One of three.
    pub level: Option<Level>,
    /// Letters.
    #[config(default, pattern = "^[a-z]+$")]
    pub names: Vec<String>,
    /// Numbers by name.
    #[config(default)]
    pub limits: BTreeMap<String, u32>,
    /// Texts by name.
    #[config(default)]
    pub headers: HashMap<String, String>,
    /// A section.
    pub tls: Option<Tls>,
    /// Sections.
    #[config(default)]
    pub queries: Vec<Query>,
    /// Anything.
    pub extra: Option<serde_json::Value>,
    /// What serde reads.
    #[config(serde)]
    pub shape: Option<Shape>,
    /// Old.
    #[config(deprecated = "use `host`")]
    pub server: Option<String>,
}

/// How much.
#[derive(Config)]
pub enum Level {
    /// Little.
    Low,
    /// Some.
    Middle,
    /// Much.
    High,
}

/// A section.
#[derive(Config)]
pub struct Tls {
    /// A flag.
    #[config(default = true)]
    pub verify: bool,
    /// A secret in a section.
    #[config(secret)]
    pub key_phrase: Option<Secret>,
}

/// A section in a list.
#[derive(Config)]
pub struct Query {
    /// Text that must be there.
    pub sql: String,
    /// Texts.
    #[config(default)]
    pub columns: Vec<String>,
}

/// A type that only serde knows.
#[derive(Debug, Deserialize)]
pub enum Shape {
    /// Nothing in it.
    Point,
    /// A number in it.
    Circle(f64),
    /// Two numbers in it.
    Line(i64, u64),
    /// Names in it.
    Box {
        /// A flag.
        filled: bool,
        /// Any text.
        label: Option<String>,
    },
}

/// Looks at nothing.
#[check(name = "rich")]
fn rich(_config: &Rich) -> Result<()> {
    Ok(())
}
