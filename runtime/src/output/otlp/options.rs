//! How points are told to a receiver of OTLP.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::config::Secret;
use crate::http::HttpOptions;
use crate::output::Catalogue;
use crate::output::forward::Owner;

use super::encoder::Rules;
use super::requests::Limits;
use super::resource::Resource;

/// The bounds of explicit buckets that OpenTelemetry's SDKs have by default.
pub const DEFAULT_BOUNDS: [f64; 15] = [
    0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0,
    10000.0,
];

/// How points are encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodingOptions {
    /// Since when counts and distributions are counted.
    pub temporality: Temporality,
    /// What distributions become.
    pub histograms: HistogramForm,
    /// The most bytes of a request, before compression.
    pub most_bytes: usize,
    /// The most points, or log records, of a request.
    pub most_points: u64,
    /// Attributes of the resource, in the place of or besides those that name this program and the host.
    pub resource: BTreeMap<String, String>,
}

impl Default for EncodingOptions {
    /// Cumulative, exponential histograms, 2 MiB and 10,000 points a request: half of what a gRPC receiver takes by default.
    fn default() -> Self {
        Self {
            temporality: Temporality::Cumulative,
            histograms: HistogramForm::Exponential { most_buckets: 640 },
            most_bytes: 2 * 1024 * 1024,
            most_points: 10_000,
            resource: BTreeMap::new(),
        }
    }
}

/// Since when counts and distributions are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temporality {
    /// Since the run before.
    Delta,
    /// Since this process saw them first. A point that is lost is in the next one.
    Cumulative,
}

/// What distributions become.
#[derive(Debug, Clone, PartialEq)]
pub enum HistogramForm {
    /// Histograms whose buckets grow by a root of two, as fine as so many of them for either sign can be, and 256 for each doubling
    /// at most.
    Exponential {
        /// The most buckets; 160 is what OpenTelemetry's SDKs have.
        most_buckets: usize,
    },
    /// Histograms with buckets up to and including these bounds, in ascending order, and one beyond the last.
    Explicit {
        /// The bounds.
        bounds: Vec<f64>,
    },
}

impl Temporality {
    /// The number of OpenTelemetry's `AggregationTemporality`.
    pub(super) const fn number(self) -> u64 {
        match self {
            Self::Delta => 1,
            Self::Cumulative => 2,
        }
    }
}

impl EncodingOptions {
    pub(super) fn rules(
        &self,
        catalogue: Arc<Catalogue>,
        versions: HashMap<&'static str, &'static str>,
    ) -> Rules {
        Rules {
            resource: Resource::new(&self.resource),
            catalogue,
            versions,
            temporality: self.temporality,
            histograms: self.histograms.clone(),
            limits: Limits { bytes: self.most_bytes, items: self.most_points.max(1) },
        }
    }
}

/// How requests are sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiverOptions {
    /// The protocol.
    pub protocol: Protocol,
    /// Where metrics go.
    pub metrics: Destination,
    /// Where logs and events go.
    pub logs: Destination,
    /// Requests are compressed with gzip.
    pub compressed: bool,
    /// The timeout, proxy and TLS of all requests.
    pub http: HttpOptions,
}

impl ReceiverOptions {
    /// Whose what waits on the disk is.
    pub(super) fn owner(&self) -> Owner {
        let Self { metrics, logs, http, .. } = self;
        let headers = metrics.headers.iter().chain(&logs.headers);
        let headers = headers.flat_map(|(name, value)| [name.as_str(), value.expose()]);
        let user = http.username.as_deref().into_iter();
        let password = http.password.as_ref().map(Secret::expose);
        Owner::new(&[&metrics.address, &logs.address], headers.chain(user).chain(password))
    }
}

/// How requests travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// As posts of binary messages over HTTP.
    HttpProtobuf,
    /// As calls of gRPC.
    Grpc,
}

/// Where the requests of a signal go.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Destination {
    /// The whole address, its path included; gRPC takes no more of it than host and port.
    pub address: String,
    /// Headers of each request, such as a key.
    pub headers: BTreeMap<String, Secret>,
}
