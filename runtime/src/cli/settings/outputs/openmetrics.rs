//! The options of the OpenMetrics endpoint.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{Config, Secret};
use crate::output::exposition::{Access, Exposition, ExpositionOptions, TlsFiles};

use super::{Ground, Made, Unmade};

/// An address where Prometheus, or another scraper, finds the current values.
#[derive(Debug, Clone, PartialEq, Config)]
#[config(validate = OpenMetrics::whole)]
pub(in crate::cli::settings) struct OpenMetrics {
    /// The address and port to listen at. Beyond this host, `0.0.0.0:9465`, anyone who reaches it can read every metric unless
    /// a token, or a user and password, is set; and on the way, too, unless a certificate is.
    #[config(default = "127.0.0.1:9465")]
    pub(in crate::cli::settings) address: SocketAddr,
    /// The path of the metrics.
    #[config(default = "/metrics", pattern = "^/")]
    pub(in crate::cli::settings) path: String,
    /// How many seconds a context is still shown after its last point; never fewer than three times the time between its points.
    #[config(default = 300, range = 1..)]
    pub(in crate::cli::settings) stale_after: Duration,
    /// How many contexts are kept. Further ones are not shown, and counted as refused.
    #[config(default = 1_000_000, range = 1..)]
    pub(in crate::cli::settings) most_contexts: usize,
    /// How many connections are served at once. Further ones wait.
    #[config(default = 64, range = 1..)]
    pub(in crate::cli::settings) most_connections: usize,
    /// The upper bounds of the buckets that distributions are shown in, in ascending order; if not given, those that suit the
    /// unit.
    #[config(example = [0.1, 0.5, 1.0, 5.0])]
    pub(in crate::cli::settings) histogram_bounds: Option<Vec<f64>>,
    /// Whether a scraper that asks for names as they are (`escaping=allow-utf-8`, as Prometheus 3 does) gets
    /// `system.disk.in_use`; otherwise every scraper gets `system_disk_in_use`.
    #[config(default = false)]
    pub(in crate::cli::settings) utf8_names: bool,
    /// The token that a scraper must show, as `Authorization: Bearer TOKEN`.
    #[config(secret)]
    pub(in crate::cli::settings) bearer_token: Option<Secret>,
    /// The user that a scraper must name.
    pub(in crate::cli::settings) username: Option<String>,
    /// The user's password.
    #[config(secret)]
    pub(in crate::cli::settings) password: Option<Secret>,
    /// The file of the certificate to show (PEM), with those between it and the authority. It is read anew when it changes.
    #[config(example = "/etc/allwell/tls/cert.pem")]
    pub(in crate::cli::settings) tls_cert: Option<PathBuf>,
    /// The file of the certificate's private key (PEM).
    #[config(example = "/etc/allwell/tls/key.pem")]
    pub(in crate::cli::settings) tls_key: Option<PathBuf>,
}

impl OpenMetrics {
    fn whole(&self) -> Result<(), &'static str> {
        if self.username.is_some() != self.password.is_some() {
            return Err("`username` and `password` need each other");
        }
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return Err("`tls_cert` and `tls_key` need each other");
        }
        let bounds = self.histogram_bounds.as_deref().unwrap_or_default();
        if !bounds.iter().all(|bound| bound.is_finite()) || !bounds.is_sorted_by(|a, b| a < b) {
            return Err("`histogram_bounds` must be finite numbers in ascending order");
        }
        if ["/", "/-/healthy"].contains(&self.path.as_str()) {
            return Err("`path` must not be that of another page");
        }
        Ok(())
    }

    /// The output. It listens once there is something to be read.
    pub(super) fn make(&self, ground: &Ground) -> Made {
        let user = self.username.clone().zip(self.password.clone());
        let tls = self.tls_cert.as_deref().zip(self.tls_key.as_deref());
        let tls = tls.map(|(certificate, key)| TlsFiles {
            certificate: ground.path(certificate),
            key: ground.path(key),
        });
        let options = ExpositionOptions {
            address: self.address,
            path: self.path.clone(),
            stale_after: self.stale_after,
            most_contexts: self.most_contexts,
            most_connections: self.most_connections,
            bounds: self.histogram_bounds.clone(),
            utf8_names: self.utf8_names,
            access: Access { bearer_token: self.bearer_token.clone(), user },
            tls,
            catalogue: Arc::clone(&ground.catalogue),
            tell: Some(Arc::new(|message| tracing::warn!("output `openmetrics`: {message}"))),
        };
        match Exposition::new(options) {
            Ok(output) => Ok(Arc::new(output)),
            Err(message) => Err(Unmade {
                message,
                hint: String::from(
                    "`tls_cert` and `tls_key` name files in PEM of a certificate and its key",
                ),
            }),
        }
    }
}
