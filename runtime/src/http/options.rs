//! The options of HTTP that Datadog users know, to be flattened into a check's configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::{Config, Secret};

/// How an instance speaks HTTP. Flatten it into the configuration: `#[config(flatten)] http: HttpOptions`.
#[derive(Debug, Clone, PartialEq, Config)]
#[config(validate = HttpOptions::whole, template = "instances/http")]
pub struct HttpOptions {
    /// How long a request may take, in seconds, from connecting to the last byte of the answer.
    #[config(default = Duration::from_secs(10), shared)]
    pub timeout: Duration,
    /// The user name for basic authentication.
    pub username: Option<String>,
    /// The password for basic authentication.
    #[config(secret)]
    pub password: Option<Secret>,
    /// Headers to send with every request. A header that is named here replaces the default one.
    #[config(default, example = {"X-Header": "value"})]
    pub headers: BTreeMap<String, Secret>,
    /// Whether to verify the certificate of the server.
    #[config(default = true)]
    pub tls_verify: bool,
    /// A file of certificates (PEM) of the authorities to trust instead of the system's.
    pub tls_ca_cert: Option<PathBuf>,
    /// The proxy to connect through.
    #[config(shared)]
    pub proxy: Option<Proxy>,
    /// Connect directly, whatever the environment says of proxies.
    #[config(default = false, shared)]
    pub skip_proxy: bool,
    /// Whether to follow redirects.
    #[config(default = true)]
    pub allow_redirects: bool,
}

/// A proxy for each scheme, and the hosts that are reached without it.
#[derive(Debug, Clone, PartialEq, Config)]
pub struct Proxy {
    /// The proxy for `http` addresses.
    pub http: Option<String>,
    /// The proxy for `https` addresses.
    pub https: Option<String>,
    /// Hosts, domains (`.example.com`) and networks (`10.0.0.0/8`) to connect to directly.
    #[config(default)]
    pub no_proxy: Vec<String>,
}

impl HttpOptions {
    fn whole(&self) -> Result<(), &'static str> {
        if self.password.is_some() && self.username.is_none() {
            return Err("`password` needs a `username`");
        }
        if self.timeout.is_zero() {
            return Err("`timeout` must be longer than zero");
        }
        Ok(())
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            username: None,
            password: None,
            headers: BTreeMap::new(),
            tls_verify: true,
            tls_ca_cert: None,
            proxy: None,
            skip_proxy: false,
            allow_redirects: true,
        }
    }
}
