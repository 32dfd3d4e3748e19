//! The environment variables that OpenTelemetry has for exporters
//! (<https://opentelemetry.io/docs/specs/otel/protocol/exporter/>). An empty one is as none.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use crate::config::Secret;

use super::{Compression, Histogram, Protocol, Temporality};
use crate::cli::settings::Environment;
use crate::cli::settings::outputs::Unmade;

/// What the variables say, if they say something.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) endpoint: Option<String>,
    pub(super) metrics_endpoint: Option<String>,
    pub(super) logs_endpoint: Option<String>,
    pub(super) headers: Option<BTreeMap<String, Secret>>,
    pub(super) metrics_headers: Option<BTreeMap<String, Secret>>,
    pub(super) logs_headers: Option<BTreeMap<String, Secret>>,
    pub(super) protocol: Option<Protocol>,
    pub(super) compression: Option<Compression>,
    pub(super) timeout: Option<Duration>,
    pub(super) tls_ca_cert: Option<PathBuf>,
    pub(super) tls_cert: Option<PathBuf>,
    pub(super) tls_key: Option<PathBuf>,
    pub(super) temporality: Option<Temporality>,
    pub(super) histogram: Option<Histogram>,
    pub(super) resource: BTreeMap<String, String>,
    insecure: bool,
}

impl Variables {
    /// Reads them.
    ///
    /// # Errors
    /// One says what it cannot mean.
    pub(super) fn read(environment: &Environment) -> Result<Self, Unmade> {
        let get = |name: &str| {
            let text = environment.get(name).map(|text| text.trim().to_owned());
            text.filter(|text| !text.is_empty())
        };
        let otlp = |name: &str| get(&format!("OTEL_EXPORTER_OTLP_{name}"));
        let headers = |name: &str| {
            otlp(name).map(|text| headers(&format!("OTEL_EXPORTER_OTLP_{name}"), &text)).transpose()
        };
        let mut resource = BTreeMap::new();
        if let Some(text) = get("OTEL_RESOURCE_ATTRIBUTES") {
            resource = pairs("OTEL_RESOURCE_ATTRIBUTES", &text)?;
        }
        resource.extend(get("OTEL_SERVICE_NAME").map(|name| ("service.name".to_owned(), name)));
        Ok(Self {
            endpoint: otlp("ENDPOINT"),
            metrics_endpoint: otlp("METRICS_ENDPOINT"),
            logs_endpoint: otlp("LOGS_ENDPOINT"),
            headers: headers("HEADERS")?,
            metrics_headers: headers("METRICS_HEADERS")?,
            logs_headers: headers("LOGS_HEADERS")?,
            protocol: choice(otlp, "PROTOCOL", PROTOCOLS)?,
            compression: choice(otlp, "COMPRESSION", COMPRESSIONS)?,
            timeout: otlp("TIMEOUT").map(|text| timeout(&text)).transpose()?,
            tls_ca_cert: otlp("CERTIFICATE").map(PathBuf::from),
            tls_cert: otlp("CLIENT_CERTIFICATE").map(PathBuf::from),
            tls_key: otlp("CLIENT_KEY").map(PathBuf::from),
            temporality: choice(otlp, "METRICS_TEMPORALITY_PREFERENCE", TEMPORALITIES)?,
            histogram: choice(otlp, "METRICS_DEFAULT_HISTOGRAM_AGGREGATION", HISTOGRAMS)?,
            resource,
            insecure: otlp("INSECURE").is_some_and(|text| text.eq_ignore_ascii_case("true")),
        })
    }

    /// An address with a scheme. One of gRPC may have none, and is then one of TLS unless `OTEL_EXPORTER_OTLP_INSECURE` is true.
    ///
    /// # Errors
    /// It has none, and needs one.
    pub(super) fn with_scheme(&self, address: &str, protocol: Protocol) -> Result<String, Unmade> {
        match (address.split_once("://"), protocol) {
            (Some(("http" | "https", _)), _) => Ok(address.to_owned()),
            (None, Protocol::Grpc) if self.insecure => Ok(format!("http://{address}")),
            (None, Protocol::Grpc) => Ok(format!("https://{address}")),
            _ => Err(Unmade {
                message: "the address of the receiver begins with neither `http://` nor `https://`"
                    .to_owned(),
                hint: "write it as `http://localhost:4318`".to_owned(),
            }),
        }
    }
}

const PROTOCOLS: &[(&str, Protocol)] =
    &[("http/protobuf", Protocol::HttpProtobuf), ("grpc", Protocol::Grpc)];

const COMPRESSIONS: &[(&str, Compression)] =
    &[("gzip", Compression::Gzip), ("none", Compression::None)];

const TEMPORALITIES: &[(&str, Temporality)] = &[
    ("cumulative", Temporality::Cumulative),
    ("delta", Temporality::Delta),
    // What may be delta is, so that less must be remembered.
    ("lowmemory", Temporality::Delta),
];

const HISTOGRAMS: &[(&str, Histogram)] = &[
    ("base2_exponential_bucket_histogram", Histogram::Exponential),
    ("explicit_bucket_histogram", Histogram::Explicit),
];

fn choice<T: Copy>(
    get: impl Fn(&str) -> Option<String>,
    name: &str,
    choices: &[(&str, T)],
) -> Result<Option<T>, Unmade> {
    let Some(text) = get(name) else { return Ok(None) };
    let found = choices.iter().find(|(known, _)| known.eq_ignore_ascii_case(&text));
    let (_, choice) = found.ok_or_else(|| {
        let known: Vec<_> = choices.iter().map(|(known, _)| format!("`{known}`")).collect();
        Unmade {
            message: format!("`OTEL_EXPORTER_OTLP_{name}` is `{text}`, which is not supported"),
            hint: format!("it may be {}", known.join(" or ")),
        }
    })?;
    Ok(Some(*choice))
}

fn timeout(text: &str) -> Result<Duration, Unmade> {
    let milliseconds = text.parse().ok().filter(|milliseconds| *milliseconds > 0);
    milliseconds.map(Duration::from_millis).ok_or_else(|| Unmade {
        message: format!(
            "`OTEL_EXPORTER_OTLP_TIMEOUT` is `{text}`, which is no number of milliseconds"
        ),
        hint: "write `10000` for ten seconds".to_owned(),
    })
}

fn headers(name: &str, text: &str) -> Result<BTreeMap<String, Secret>, Unmade> {
    let pairs = pairs(name, text)?.into_iter();
    Ok(pairs.map(|(key, value)| (key.to_ascii_lowercase(), Secret::new(value))).collect())
}

/// Pairs of keys and values, as in the header `baggage` of W3C: `key=value,key=value`, with `%` and two digits for what would be
/// misread.
fn pairs(name: &str, text: &str) -> Result<BTreeMap<String, String>, Unmade> {
    let wrong = || Unmade {
        message: format!("`{name}` is not a list of pairs"),
        hint: "write `key=value,key=value`, with `%2C` for a comma and `%3D` for an equals sign"
            .to_owned(),
    };
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').ok_or_else(wrong)?;
            let decoded = |text: &str| {
                let text = percent_decode_str(text.trim()).decode_utf8();
                text.map(std::borrow::Cow::into_owned).map_err(|_| wrong())
            };
            let (key, value) = (decoded(key)?, decoded(value)?);
            if key.is_empty() { Err(wrong()) } else { Ok((key, value)) }
        })
        .collect()
}
