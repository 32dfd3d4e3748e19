//! How a client is made of the options.

use std::path::Path;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, NoProxy, redirect};
use rustls::ClientConfig;

use super::error::HttpError;
use super::options::HttpOptions;
use super::proxy::Proxy;
use crate::tls;

const MAX_REDIRECTS: usize = 10;

/// The client of these options, but for what each request says of who it is from.
pub(crate) fn client(options: &HttpOptions) -> Result<Client, HttpError> {
    made(builder(options, tls::client_config(&options.tls())?)?)
}

/// The same, which goes through a socket of this machine.
#[cfg(unix)]
pub(super) fn client_of_socket(options: &HttpOptions, path: &Path) -> Result<Client, HttpError> {
    made(builder(options, tls::client_config(&options.tls())?)?.no_proxy().unix_socket(path))
}

/// The same, which goes through a socket of this machine.
#[cfg(not(unix))]
pub(super) fn client_of_socket(_: &HttpOptions, _: &Path) -> Result<Client, HttpError> {
    Err(HttpError::address(&"this system has no such sockets"))
}

/// The same, which finds a name where another host is.
pub(super) fn client_of_host(
    options: &HttpOptions,
    name: &str,
    host: &str,
) -> Result<Client, HttpError> {
    let elsewhere = Elsewhere { name: name.to_owned(), host: host.to_owned() };
    let builder = builder(options, tls::client_config(&options.tls())?)?;
    made(builder.no_proxy().dns_resolver(Arc::new(elsewhere)))
}

/// Finds a name where another host is.
struct Elsewhere {
    name: String,
    host: String,
}

impl Resolve for Elsewhere {
    fn resolve(&self, asked: Name) -> Resolving {
        let host =
            if asked.as_str() == self.name { self.host.clone() } else { asked.as_str().to_owned() };
        Box::pin(async move {
            // The port is that of the address.
            let found: Vec<_> = tokio::net::lookup_host((host, 0)).await?.collect();
            Ok::<Addrs, Box<dyn std::error::Error + Send + Sync>>(Box::new(found.into_iter()))
        })
    }
}

/// The same, which speaks HTTP/2 alone, with TLS and without.
#[cfg(feature = "outputs")]
pub(crate) fn client_of_http2(options: &HttpOptions) -> Result<Client, HttpError> {
    let mut tls = tls::client_config(&options.tls())?;
    tls.alpn_protocols = vec![b"h2".to_vec()];
    made(builder(options, tls)?.http2_prior_knowledge())
}

fn made(builder: ClientBuilder) -> Result<Client, HttpError> {
    builder.build().map_err(|error| HttpError::setup(&error))
}

fn builder(options: &HttpOptions, tls: ClientConfig) -> Result<ClientBuilder, HttpError> {
    let mut builder = Client::builder()
        .user_agent(concat!("allwell/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(options)?)
        .timeout(options.timeout)
        .connect_timeout(options.connect_timeout.unwrap_or(options.timeout))
        .read_timeout(options.read_timeout.unwrap_or(options.timeout))
        .redirect(match options.allow_redirects {
            true => redirect::Policy::limited(MAX_REDIRECTS),
            false => redirect::Policy::none(),
        })
        .tls_backend_preconfigured(tls)
        .tls_info(true);
    if options.skip_proxy {
        builder = builder.no_proxy();
    } else if let Some(proxy) = &options.proxy {
        for proxy in proxies(proxy)? {
            builder = builder.proxy(proxy);
        }
    }
    Ok(builder)
}

fn headers(options: &HttpOptions) -> Result<HeaderMap, HttpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in options.headers.iter().chain(&options.extra_headers) {
        let wrong = |error: &dyn std::fmt::Display| {
            HttpError::option("headers", &format_args!("`{name}`: {error}"))
        };
        let key = HeaderName::try_from(name.as_str()).map_err(|error| wrong(&error))?;
        let mut value = HeaderValue::try_from(value.expose()).map_err(|error| wrong(&error))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

fn proxies(options: &Proxy) -> Result<Vec<reqwest::Proxy>, HttpError> {
    let direct = NoProxy::from_string(&options.no_proxy.join(","));
    let http = options.http.as_ref().map(reqwest::Proxy::http);
    let https = options.https.as_ref().map(reqwest::Proxy::https);
    let given = http.into_iter().chain(https);
    given
        .map(|proxy| Ok(proxy?.no_proxy(direct.clone())))
        .collect::<Result<_, reqwest::Error>>()
        .map_err(|error| HttpError::option("proxy", &error))
}
