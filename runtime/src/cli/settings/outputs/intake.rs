//! The options of Datadog's intake.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{Config, Secret};
use crate::http::{HttpOptions, Proxy};
use crate::output::forward::{ForwardOptions, SpoolOptions};
use crate::output::intake::{
    Addresses, ApiKey, Compression, DEFAULT_SITE, Destination, Form, Intake, IntakeOptions,
    SeriesVersion,
};

use super::super::Environment;
use super::receivers::directory;
use super::{Ground, Made, Unmade};

/// What it is called, in the settings and in the status.
const NAME: &str = "datadog";

/// So many requests may be under way at once, each of another route.
const REQUESTS: usize = 4;

/// Datadog's intake, without an Agent in between, or a receiver that takes the same.
///
/// The variables are those of the Agent, and win over the file.
#[derive(Debug, Clone, PartialEq, Config)]
pub(in crate::cli::settings) struct Datadog {
    /// The API key. `DD_API_KEY` wins.
    #[config(secret, example = "ENC[datadog_api_key]")]
    pub(in crate::cli::settings) api_key: Option<Secret>,
    /// The site of Datadog's that the key is of; `datadoghq.com` if not given. `DD_SITE` wins.
    #[config(example = "datadoghq.eu")]
    pub(in crate::cli::settings) site: Option<String>,
    /// The address to send to, instead of that of the site. If it is not Datadog's, log lines go there, too. `DD_DD_URL` or
    /// `DD_URL` wins.
    #[config(example = "http://localhost:8428/datadog")]
    pub(in crate::cli::settings) dd_url: Option<String>,
    /// The address to send log lines to. `DD_LOGS_CONFIG_LOGS_DD_URL` wins.
    #[config(example = "https://http-intake.logs.datadoghq.eu")]
    pub(in crate::cli::settings) logs_dd_url: Option<String>,
    /// Whether log lines are sent, too. If not, they are counted as refused.
    #[config(default = true)]
    pub(in crate::cli::settings) logs_enabled: bool,
    /// Further addresses, in the form of `dd_url`, each with the keys to send there with: everything is sent once with each.
    /// `DD_ADDITIONAL_ENDPOINTS` wins: the same as JSON.
    #[config(default, example = {"https://app.datadoghq.eu": ["ENC[eu_api_key]"]})]
    pub(in crate::cli::settings) additional_endpoints: BTreeMap<String, Vec<Secret>>,
    /// How payloads are compressed.
    #[config(default = "zstd")]
    pub(in crate::cli::settings) compression: Kind,
    /// The version of the route for series. `v1` is for receivers that know no other.
    #[config(default = "v2")]
    pub(in crate::cli::settings) series_version: Version,
    /// The proxies to connect through. `DD_PROXY_HTTP`, `DD_PROXY_HTTPS` and `DD_PROXY_NO_PROXY` (hosts with spaces or commas
    /// between them) win; without either, `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` count.
    pub(in crate::cli::settings) proxy: Option<Proxy>,
    /// Whether the receiver's certificate is taken unseen. `DD_SKIP_SSL_VALIDATION` wins.
    #[config(default = false)]
    pub(in crate::cli::settings) skip_ssl_validation: bool,
    /// A file of certificates (PEM) of the authorities to trust instead of the system's.
    #[config(example = "/etc/ssl/own.pem")]
    pub(in crate::cli::settings) tls_ca_cert: Option<PathBuf>,
    /// How long a request may take, in seconds.
    #[config(default = 20, range = 1..)]
    pub(in crate::cli::settings) forwarder_timeout: Duration,
    /// How many bytes of each receiver may wait in memory while it does not take them; a payload may have five million.
    #[config(default = 15_728_640, range = 8_388_608..)]
    pub(in crate::cli::settings) forwarder_retry_queue_payloads_max_size: usize,
    /// How many bytes of each receiver may wait on the disk, in the directory of `run_path`; with 0, nothing does.
    #[config(default = 2_147_483_648_u64)]
    pub(in crate::cli::settings) forwarder_storage_max_size_in_bytes: u64,
}

/// How payloads are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub(in crate::cli::settings) enum Kind {
    /// Zstandard at level 1; log lines with zlib.
    Zstd,
    /// zlib.
    Deflate,
    /// Not at all.
    None,
}

/// The version of the route for series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub(in crate::cli::settings) enum Version {
    /// JSON.
    V1,
    /// protobuf.
    V2,
}

impl Datadog {
    /// The output.
    pub(super) fn make(&self, ground: &Ground) -> Made {
        let given = Given(&ground.environment);
        let options = IntakeOptions {
            name: NAME.to_owned(),
            destinations: self.destinations(given)?,
            form: self.form(),
            logs: self.logs_enabled,
            http: self.http(given, ground),
            forward: self.forward(ground),
        };
        let has_spool = options.forward.spool.is_some();
        let intake = Intake::new(options).map_err(|error| Unmade {
            message: error.to_string(),
            hint: String::from("see the addresses, `proxy` and `tls_ca_cert`"),
        })?;
        ground.receivers.add(NAME, has_spool, intake.owners())?;
        Ok(Arc::new(intake))
    }

    /// The first one, and all additional ones.
    fn destinations(&self, given: Given<'_>) -> Result<Vec<Destination>, Unmade> {
        let key = given.text(&["DD_API_KEY"]).map(ApiKey::new);
        let key = key.or_else(|| self.api_key.as_ref().map(|key| ApiKey::new(key.expose())));
        let mut first = Destination {
            addresses: self.addresses(given),
            key: key.unwrap_or_else(|| ApiKey::new("")),
        };
        if first.key.is_empty() && first.addresses.are_datadogs() {
            return Err(Unmade {
                message: String::from("`datadog` has no `api_key`"),
                hint: String::from("give it one, which may be an `ENC[…]`, or set `DD_API_KEY`"),
            });
        }
        let logs = given.text(&["DD_LOGS_CONFIG_LOGS_DD_URL"]).or(self.logs_dd_url.as_deref());
        if let Some(logs) = logs {
            first.addresses.logs = with_scheme(logs);
        }
        let mut all = vec![first];
        for (url, keys) in self.additional(given)? {
            all.extend(keys.iter().map(|key| Destination {
                addresses: Addresses::of_url(&url),
                key: ApiKey::new(key.expose()),
            }));
        }
        Ok(all)
    }

    /// Those of an address, if one is given, or else of the site. A variable that names a site wins over an address of the file
    /// only if no variable names an address.
    fn addresses(&self, given: Given<'_>) -> Addresses {
        let url = given.text(&["DD_DD_URL", "DD_URL"]).or(self.dd_url.as_deref());
        let site = given.text(&["DD_SITE"]).or(self.site.as_deref()).unwrap_or(DEFAULT_SITE);
        url.map_or_else(|| Addresses::of_site(site), Addresses::of_url)
    }

    fn additional(&self, given: Given<'_>) -> Result<BTreeMap<String, Vec<Secret>>, Unmade> {
        const VARIABLE: &str = "DD_ADDITIONAL_ENDPOINTS";
        let Some(text) = given.text(&[VARIABLE]) else {
            return Ok(self.additional_endpoints.clone());
        };
        // The error itself might quote a key.
        let read: BTreeMap<String, Vec<String>> =
            serde_json::from_str(text).map_err(|_| Unmade {
                message: format!("`{VARIABLE}` is no JSON of addresses and lists of keys"),
                hint: String::from(r#"write it as `{"https://app.datadoghq.eu": ["KEY"]}`"#),
            })?;
        let secret = |keys: Vec<String>| keys.into_iter().map(Secret::new).collect();
        Ok(read.into_iter().map(|(url, keys)| (url, secret(keys))).collect())
    }

    const fn form(&self) -> Form {
        Form {
            compression: match self.compression {
                Kind::Zstd => Compression::Zstd,
                Kind::Deflate => Compression::Deflate,
                Kind::None => Compression::None,
            },
            series: match self.series_version {
                Version::V1 => SeriesVersion::V1,
                Version::V2 => SeriesVersion::V2,
            },
        }
    }

    fn http(&self, given: Given<'_>, ground: &Ground) -> HttpOptions {
        let skip = given.flag("DD_SKIP_SSL_VALIDATION").unwrap_or(self.skip_ssl_validation);
        HttpOptions {
            timeout: self.forwarder_timeout,
            proxy: self.proxy(given),
            tls_verify: !skip,
            tls_ca_cert: self.tls_ca_cert.as_deref().map(|path| ground.path(path)),
            ..HttpOptions::default()
        }
    }

    fn proxy(&self, given: Given<'_>) -> Option<Proxy> {
        Proxy::of_agent(self.proxy.clone(), |name| given.text(&[name]).map(str::to_owned))
    }

    fn forward(&self, ground: &Ground) -> ForwardOptions {
        let most = self.forwarder_storage_max_size_in_bytes;
        let spool = ground.spool.as_ref().filter(|_| most > 0).map(|spools| SpoolOptions {
            most_bytes: most,
            ..SpoolOptions::new(directory(spools, NAME))
        });
        ForwardOptions {
            most_bytes: self.forwarder_retry_queue_payloads_max_size,
            spool,
            concurrency: REQUESTS,
            ..ForwardOptions::default()
        }
    }
}

/// The variables of the process, of which empty ones are none.
#[derive(Clone, Copy)]
struct Given<'e>(&'e Environment);

impl<'e> Given<'e> {
    /// The first one of these.
    fn text(self, variables: &[&str]) -> Option<&'e str> {
        let mut values = variables.iter().filter_map(|variable| self.0.get(*variable));
        values.find_map(|text| Some(text.trim()).filter(|text| !text.is_empty()))
    }

    fn flag(self, variable: &str) -> Option<bool> {
        match self.text(&[variable])?.to_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        }
    }
}

/// The Agent takes an address of the intake of log lines as `host:port`, too.
fn with_scheme(address: &str) -> String {
    match address.contains("://") {
        true => address.trim_end_matches('/').to_owned(),
        false => format!("https://{}", address.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests;
