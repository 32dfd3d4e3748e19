//! Where requests are sent: addresses, headers and protocol of a receiver.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder};
use url::Url;

use crate::config::Secret;
use crate::http::{self, HttpError, HttpOptions};
use crate::output::forward::{
    Endpoint, Payload, Refusal, Sending, Told, connecting_in_time, may_be_sent, shown,
};

use super::{Protocol, ReceiverOptions, Signal, grpc, http as over_http};

/// A receiver of OTLP.
pub(super) struct Receiver {
    pub(super) client: Client,
    protocol: Protocol,
    metrics: Destination,
    logs: Destination,
    pub(super) timeout: Duration,
    authorization: Option<HeaderValue>,
    told: Told,
}

/// Where the requests of a signal go.
pub(super) struct Destination {
    url: Url,
    /// The address as messages show it.
    pub(super) shown: String,
    headers: HeaderMap,
}

impl Receiver {
    /// A receiver, by its options.
    ///
    /// # Errors
    /// An address is none, or an option cannot be used.
    pub(super) fn new(options: ReceiverOptions) -> Result<Self, HttpError> {
        let told = secrets(&options);
        let http = connecting_in_time(HttpOptions { allow_redirects: false, ..options.http });
        let grpc = options.protocol == Protocol::Grpc;
        let destination = |signal: Signal, of: &super::Destination| {
            let url = http::parse(&of.address)?;
            let url = if grpc { grpc::address(&url, signal) } else { url };
            let headers = headers(&of.headers)?;
            Ok::<_, HttpError>(Destination { shown: shown(&url), url, headers })
        };
        Ok(Self {
            client: if grpc { http::client_of_http2(&http)? } else { http::client(&http)? },
            protocol: options.protocol,
            metrics: destination(Signal::Metrics, &options.metrics)?,
            logs: destination(Signal::Logs, &options.logs)?,
            timeout: http.timeout,
            told,
            authorization: http::of_output(&http)?,
        })
    }

    pub(super) const fn destination(&self, signal: Signal) -> &Destination {
        match signal {
            Signal::Metrics => &self.metrics,
            Signal::Logs => &self.logs,
        }
    }

    /// A request with a body, and all headers but those of its content.
    pub(super) fn request(&self, to: &Destination, body: Bytes) -> RequestBuilder {
        let request = self.client.post(to.url.clone()).headers(to.headers.clone()).body(body);
        match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        }
    }

    /// An error of the connection: it may be another one soon.
    pub(super) fn unreachable(&self, to: &Destination, error: reqwest::Error) -> Refusal {
        let unknown = may_be_sent(&error);
        let error = HttpError::request(&to.shown, self.timeout, &error.without_url());
        Refusal { unknown, ..Refusal::retry(error) }
    }

    /// What to do about a receiver that cannot be reached or is not well.
    pub(super) const fn reach_hint(&self) -> &'static str {
        match self.protocol {
            Protocol::HttpProtobuf => {
                "check that it runs, and its port: 4318 is usual for HTTP, 4317 for gRPC"
            }
            Protocol::Grpc => {
                "check that it runs, and its port: 4317 is usual for gRPC, 4318 for HTTP"
            }
        }
    }

    /// What to do about a receiver that does not know what it is asked.
    pub(super) const fn route_hint(&self) -> &'static str {
        match self.protocol {
            Protocol::HttpProtobuf => {
                "check the path: `/v1/metrics` and `/v1/logs` are appended to `endpoint`, and not to the addresses of one signal"
            }
            Protocol::Grpc => {
                "check that the receiver takes this signal, and that its port is that of gRPC"
            }
        }
    }

    /// What a receiver says, as it may be told.
    pub(super) fn told(&self, text: &str) -> String {
        self.told.told(text)
    }
}

impl Endpoint for Receiver {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn send<'a>(&'a self, payload: &'a Payload) -> Sending<'a> {
        Box::pin(async move {
            let answer = match self.protocol {
                Protocol::HttpProtobuf => over_http::send(self, payload).await?,
                Protocol::Grpc => grpc::send(self, payload).await?,
            };
            super::answer::accepted(payload, &answer)
        })
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("protocol", &self.protocol)
            .field("metrics", &self.metrics.shown)
            .field("logs", &self.logs.shown)
            .finish_non_exhaustive()
    }
}

fn headers(given: &BTreeMap<String, Secret>) -> Result<HeaderMap, HttpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let wrong = |error: &dyn fmt::Display| HttpError::header(name, error);
        let key = HeaderName::try_from(name.as_str()).map_err(|error| wrong(&error))?;
        let mut value = HeaderValue::try_from(value.expose()).map_err(|error| wrong(&error))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

fn secrets(options: &ReceiverOptions) -> Told {
    let mut told = Told::default();
    for destination in [&options.metrics, &options.logs] {
        told.add_headers(destination.headers.values());
        if let Ok(url) = http::parse(&destination.address) {
            told.add_address(&url);
        }
    }
    told.add_password(options.http.password.as_ref());
    told
}
