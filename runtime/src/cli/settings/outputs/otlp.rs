//! The options of OTLP.

mod variables;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{Config, Secret};
use crate::http::{HttpOptions, Proxy};
use crate::output::forward::{ForwardOptions, SpoolOptions};
use crate::output::otlp::{
    DEFAULT_BOUNDS, Destination, EncodingOptions, HistogramForm, ReceiverOptions,
};
use crate::output::{self, otlp};

use super::receivers::directory;
use super::{Ground, Made, Unmade};

use variables::Variables;

/// What it is called, in the settings and in the status.
const NAME: &str = "otlp";

/// Requests of both signals may be under way at once: neither keeps the other waiting.
const SIGNALS: usize = 2;

/// A receiver of OTLP, OpenTelemetry's protocol: a collector, or a backend that takes it directly.
///
/// The environment variables that OpenTelemetry has for exporters win over the options, for all outputs of this kind.
#[derive(Debug, Clone, PartialEq, Config)]
#[config(validate = Otlp::whole)]
pub(in crate::cli::settings) struct Otlp {
    /// The address of the receiver, for all that is sent. `/v1/metrics` and `/v1/logs` are appended to it, unless the protocol is `grpc`. If not given,
    /// `http://localhost:4318`, or `http://localhost:4317` for `grpc`. `OTEL_EXPORTER_OTLP_ENDPOINT` wins.
    #[config(example = "http://localhost:4318")]
    endpoint: Option<String>,
    /// The address for metrics, as it is. `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` wins.
    #[config(example = "https://metrics.example.com/otlp")]
    metrics_endpoint: Option<String>,
    /// The address for events and logs, as it is. `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT` wins.
    #[config(example = "https://logs.example.com/otlp")]
    logs_endpoint: Option<String>,
    /// How it is sent. `OTEL_EXPORTER_OTLP_PROTOCOL` wins.
    #[config(default = "http/protobuf")]
    protocol: Protocol,
    /// Headers of each request, such as a key. `OTEL_EXPORTER_OTLP_HEADERS` wins.
    #[config(default, example = {"api-key": "ENC[otlp_key]"})]
    headers: BTreeMap<String, Secret>,
    /// How requests are compressed. `OTEL_EXPORTER_OTLP_COMPRESSION` wins.
    #[config(default = "gzip")]
    compression: Compression,
    /// How many seconds a request may take. `OTEL_EXPORTER_OTLP_TIMEOUT` wins, and is in milliseconds.
    #[config(default = 10)]
    timeout: Duration,
    /// The file of certificates (PEM) of the authorities to trust instead of the system's. `OTEL_EXPORTER_OTLP_CERTIFICATE` wins.
    #[config(example = "/etc/allwell/tls/ca.pem")]
    tls_ca_cert: Option<PathBuf>,
    /// The file of the certificate to show (PEM), with those between it and the authority. `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` wins.
    #[config(example = "/etc/allwell/tls/cert.pem")]
    tls_cert: Option<PathBuf>,
    /// The file of the certificate's private key (PEM). `OTEL_EXPORTER_OTLP_CLIENT_KEY` wins.
    #[config(example = "/etc/allwell/tls/key.pem")]
    tls_key: Option<PathBuf>,
    /// Whether to verify the certificate of the receiver.
    #[config(default = true)]
    tls_verify: bool,
    /// The proxy to connect through; if not given, the one that the environment names.
    proxy: Option<Proxy>,
    /// Connect directly, whatever the environment says of proxies.
    #[config(default = false)]
    skip_proxy: bool,
    /// Since when counts and distributions are counted. `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` wins; its `lowmemory` is `delta` here.
    #[config(default = "cumulative")]
    temporality: Temporality,
    /// What distributions become. `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` wins.
    #[config(default = "exponential")]
    histogram: Histogram,
    /// The most buckets of an exponential histogram, for values above zero and for those below. More are finer: 160 is what OpenTelemetry's own exporters have.
    #[config(default = 640, range = 2..)]
    histogram_buckets: usize,
    /// The upper bounds of the buckets of an explicit histogram, in ascending order; if not given, those of OpenTelemetry's own
    /// exporters, from 0 to 10000.
    #[config(example = [0.1, 0.5, 1.0, 5.0])]
    histogram_bounds: Option<Vec<f64>>,
    /// The most bytes of a request, before compression. A receiver of gRPC takes 4 MiB if nobody has told it otherwise.
    #[config(default = 2_097_152, range = 1024..)]
    max_bytes: usize,
    /// The most points, or log records, of a request.
    #[config(default = 10_000, range = 1..)]
    max_points: u64,
    /// Attributes of the resource, beside or in the place of `service.name`, `service.version`, `telemetry.sdk.*` and, of what belongs to no host, `host.name`.
    /// Those of `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` win.
    #[config(default, example = {"deployment.environment.name": "prod"})]
    resource: BTreeMap<String, String>,
    /// How many bytes of requests may wait in memory: twice `max_bytes` at least.
    #[config(default = 15_728_640, range = 2048..)]
    memory_bytes: usize,
    /// How many bytes of requests may wait on the disk, below the directory of `run_path`; with 0 none do, and a restart
    /// loses what waits.
    #[config(default = 2_147_483_648)]
    spool_bytes: u64,
}

/// How it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
enum Protocol {
    /// By HTTP, as binary messages.
    #[config(name = "http/protobuf")]
    HttpProtobuf,
    /// By gRPC.
    Grpc,
}

/// How requests are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
enum Compression {
    /// With gzip.
    Gzip,
    /// Not at all.
    None,
}

/// Since when counts and distributions are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
enum Temporality {
    /// Since this process saw the series first.
    Cumulative,
    /// Since the run before.
    Delta,
}

/// What distributions become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
enum Histogram {
    /// Histograms with buckets that grow.
    Exponential,
    /// Histograms with the buckets of `histogram_bounds`.
    Explicit,
}

impl Otlp {
    fn whole(&self) -> Result<(), &'static str> {
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return Err("`tls_cert` and `tls_key` need each other");
        }
        if self.memory_bytes < 2 * self.max_bytes {
            return Err("`memory_bytes` must be twice `max_bytes` at least");
        }
        if self.timeout.is_zero() {
            return Err("`timeout` must be longer than zero");
        }
        let bounds = self.histogram_bounds.as_deref().unwrap_or_default();
        if !bounds.iter().all(|bound| bound.is_finite()) || !bounds.is_sorted_by(|a, b| a < b) {
            return Err("`histogram_bounds` must be finite numbers in ascending order");
        }
        Ok(())
    }

    /// The output.
    ///
    /// # Errors
    /// An address, a variable or a file cannot be used.
    pub(super) fn make(&self, ground: &Ground) -> Made {
        let variables = Variables::read(&ground.environment)?;
        let receiver = self.receiver(ground, &variables)?;
        let forward = self.forward(ground);
        let has_spool = forward.spool.is_some();
        let (catalogue, versions) = (Arc::clone(&ground.catalogue), ground.versions.clone());
        let made =
            otlp::Otlp::new(&self.encoding(&variables), receiver, forward, catalogue, versions);
        let made = made.map_err(|error| Unmade {
            message: error.to_string(),
            hint:
                "see the options of `otlp`, and the variables that begin with `OTEL_EXPORTER_OTLP_`"
                    .to_owned(),
        })?;
        ground.receivers.add(NAME, has_spool, [made.owner().clone()])?;
        Ok(Arc::new(made) as Arc<dyn output::Output>)
    }

    fn encoding(&self, variables: &Variables) -> EncodingOptions {
        let mut resource = self.resource.clone();
        resource.extend(variables.resource.clone());
        let histogram = variables.histogram.unwrap_or(self.histogram);
        EncodingOptions {
            temporality: match variables.temporality.unwrap_or(self.temporality) {
                Temporality::Cumulative => otlp::Temporality::Cumulative,
                Temporality::Delta => otlp::Temporality::Delta,
            },
            histograms: match (histogram, &self.histogram_bounds) {
                (Histogram::Exponential, _) => {
                    HistogramForm::Exponential { most_buckets: self.histogram_buckets }
                }
                (Histogram::Explicit, Some(bounds)) => {
                    HistogramForm::Explicit { bounds: bounds.clone() }
                }
                (Histogram::Explicit, None) => {
                    HistogramForm::Explicit { bounds: DEFAULT_BOUNDS.into() }
                }
            },
            most_bytes: self.max_bytes,
            most_points: self.max_points,
            resource,
        }
    }

    fn receiver(&self, ground: &Ground, variables: &Variables) -> Result<ReceiverOptions, Unmade> {
        let protocol = variables.protocol.unwrap_or(self.protocol);
        let path = |of_variable: &Option<PathBuf>, option: &Option<PathBuf>| {
            of_variable.clone().or_else(|| option.as_deref().map(|path| ground.path(path)))
        };
        let certificate = path(&variables.tls_cert, &self.tls_cert);
        let key = path(&variables.tls_key, &self.tls_key);
        let identity = certificate.zip(key);
        let (tls_cert, tls_private_key) = identity.unzip();
        Ok(ReceiverOptions {
            protocol: match protocol {
                Protocol::HttpProtobuf => otlp::Protocol::HttpProtobuf,
                Protocol::Grpc => otlp::Protocol::Grpc,
            },
            metrics: Destination {
                address: self.address(
                    variables,
                    protocol,
                    variables.metrics_endpoint.as_ref(),
                    self.metrics_endpoint.as_ref(),
                    "/v1/metrics",
                )?,
                headers: self.headers(variables, variables.metrics_headers.as_ref()),
            },
            logs: Destination {
                address: self.address(
                    variables,
                    protocol,
                    variables.logs_endpoint.as_ref(),
                    self.logs_endpoint.as_ref(),
                    "/v1/logs",
                )?,
                headers: self.headers(variables, variables.logs_headers.as_ref()),
            },
            compressed: variables.compression.unwrap_or(self.compression) == Compression::Gzip,
            http: HttpOptions {
                timeout: variables.timeout.unwrap_or(self.timeout),
                tls_verify: self.tls_verify,
                tls_ca_cert: path(&variables.tls_ca_cert, &self.tls_ca_cert),
                tls_cert,
                tls_private_key,
                proxy: self.proxy.clone(),
                skip_proxy: self.skip_proxy,
                ..HttpOptions::default()
            },
        })
    }

    /// The address of a signal: its own as it is, or the one for all with the signal's path.
    fn address(
        &self,
        variables: &Variables,
        protocol: Protocol,
        of_variable: Option<&String>,
        option: Option<&String>,
        path: &str,
    ) -> Result<String, Unmade> {
        if let Some(own) = of_variable.or(option) {
            return variables.with_scheme(own, protocol);
        }
        let base = match (variables.endpoint.as_ref().or(self.endpoint.as_ref()), protocol) {
            (Some(base), _) => base.as_str(),
            (None, Protocol::HttpProtobuf) => "http://localhost:4318",
            (None, Protocol::Grpc) => "http://localhost:4317",
        };
        let base = variables.with_scheme(base, protocol)?;
        Ok(match protocol {
            Protocol::HttpProtobuf => appended(&base, path),
            Protocol::Grpc => base,
        })
    }

    fn headers(
        &self,
        variables: &Variables,
        own: Option<&BTreeMap<String, Secret>>,
    ) -> BTreeMap<String, Secret> {
        own.or(variables.headers.as_ref()).unwrap_or(&self.headers).clone()
    }

    fn forward(&self, ground: &Ground) -> ForwardOptions {
        let spool = ground.spool.as_deref().filter(|_| self.spool_bytes > 0).map(|spools| {
            let directory = directory(spools, NAME);
            SpoolOptions { most_bytes: self.spool_bytes, ..SpoolOptions::new(directory) }
        });
        ForwardOptions {
            most_bytes: self.memory_bytes,
            spool,
            concurrency: SIGNALS,
            ..ForwardOptions::default()
        }
    }
}

/// A path behind an address, before its query if it has one.
fn appended(base: &str, path: &str) -> String {
    let (address, query) = base.split_once('?').map_or((base, None), |(a, q)| (a, Some(q)));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{path}{query}", address.trim_end_matches('/'))
}

#[cfg(test)]
mod tests;
