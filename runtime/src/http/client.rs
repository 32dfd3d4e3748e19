//! The client: requests with the instance's options, answers of bounded length.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, NoProxy, RequestBuilder, redirect};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use url::Url;

use super::error::HttpError;
use super::options::{HttpOptions, Proxy};
use super::tls;

/// The longest answer that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

const MAX_REDIRECTS: usize = 10;

/// An HTTP client with an instance's options. Cheap to clone; connections are kept and used again.
#[derive(Debug, Clone)]
pub struct Http {
    client: Client,
    username: Option<String>,
    password: Option<String>,
    timeout: Duration,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// An answer that is read piece by piece.
#[cfg(feature = "openmetrics")]
#[derive(Debug)]
pub struct Stream {
    answer: reqwest::Response,
    address: String,
    timeout: Duration,
}

#[cfg(feature = "openmetrics")]
impl Stream {
    /// The value of a header, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.headers().get(name)?.to_str().ok()
    }

    /// The answer, unless its status is that of an error.
    ///
    /// # Errors
    /// A status from 400 on.
    pub fn good(self) -> Result<Self, HttpError> {
        let status = self.answer.status();
        match status.is_client_error() || status.is_server_error() {
            true => Err(HttpError::bad_status(&self.address, status)),
            false => Ok(self),
        }
    }

    /// The next piece of the body, decompressed.
    ///
    /// # Errors
    /// The body broke off, is not what its headers say, or did not come within the timeout.
    pub async fn piece(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, HttpError> {
        let piece = self.answer.chunk().await;
        piece.map_err(|error| HttpError::request(&self.address, self.timeout, &error))
    }

    /// The error of a body that is longer than it may be.
    pub fn too_long(&self, limit: usize) -> HttpError {
        HttpError::too_long(&self.address, limit)
    }
}

impl Http {
    /// A client with these options.
    ///
    /// # Errors
    /// A file of certificates that cannot be read, a header or proxy that is not one.
    pub fn new(options: &HttpOptions) -> Result<Self, HttpError> {
        Ok(Self {
            client: client(options)?,
            username: options.username.clone(),
            password: options.password.as_ref().map(|password| password.expose().to_owned()),
            timeout: options.timeout,
        })
    }

    /// Gets an address; any status is an answer.
    ///
    /// # Errors
    /// No answer within the timeout, or one longer than [`MAX_BODY`].
    pub async fn get(&self, address: impl AsRef<str>) -> Result<Response, HttpError> {
        let url = parse(address.as_ref())?;
        let address = &public(&url);
        let request = self.authenticated(self.client.get(url));
        let failed = |error: reqwest::Error| HttpError::request(address, self.timeout, &error);
        let mut answer = request.send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(HttpError::too_long(address, MAX_BODY));
            }
            body.extend_from_slice(&chunk);
        }
        let status = answer.status().as_u16();
        Ok(Response { status, headers: std::mem::take(answer.headers_mut()), body })
    }

    /// Begins to get an address, to be read piece by piece; any status is an answer.
    ///
    /// # Errors
    /// No answer within the timeout.
    #[cfg(feature = "openmetrics")]
    pub async fn open(
        &self,
        address: impl AsRef<str>,
        headers: HeaderMap,
    ) -> Result<Stream, HttpError> {
        let url = parse(address.as_ref())?;
        let address = public(&url);
        let request = self.authenticated(self.client.get(url)).headers(headers);
        let answer = request.send().await;
        let answer = answer.map_err(|error| HttpError::request(&address, self.timeout, &error))?;
        Ok(Stream { answer, address, timeout: self.timeout })
    }

    fn authenticated(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.username {
            Some(username) => request.basic_auth(username, self.password.as_ref()),
            None => request,
        }
    }

    /// Gets the text at an address.
    ///
    /// # Errors
    /// Those of [`get`](Self::get), and a status other than 2xx.
    pub async fn text(&self, address: impl AsRef<str>) -> Result<String, HttpError> {
        let body = self.good(address.as_ref()).await?;
        Ok(String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Gets the JSON at an address.
    ///
    /// # Errors
    /// Those of [`text`](Self::text), and JSON that is not a `T`.
    pub async fn json<T: DeserializeOwned>(
        &self,
        address: impl AsRef<str>,
    ) -> Result<T, HttpError> {
        let address = address.as_ref();
        let body = self.good(address).await?;
        let unreadable = |error| {
            HttpError::body(
                &parse(address).map_or_else(|_| String::new(), |url| public(&url)),
                &error,
            )
        };
        serde_json::from_slice(&body).map_err(unreadable)
    }

    async fn good(&self, address: &str) -> Result<Vec<u8>, HttpError> {
        let Response { status, body, .. } = self.get(address).await?;
        match reqwest::StatusCode::from_u16(status) {
            Ok(status) if !status.is_success() => {
                Err(HttpError::bad_status(&public(&parse(address)?), status))
            }
            _ => Ok(body),
        }
    }
}

/// The client of these options, but for the user and password, which a request is given.
pub(crate) fn client(options: &HttpOptions) -> Result<Client, HttpError> {
    let builder = builder(options, tls::client_config(options, None)?)?;
    builder.build().map_err(|error| HttpError::setup(&error))
}

/// The client of these options that shows a certificate of its own, if there is one, and speaks HTTP/2 alone if need be, with TLS and
/// without.
#[cfg(feature = "outputs")]
pub(crate) fn client_with(
    options: &HttpOptions,
    identity: Option<&tls::Identity>,
    http2: bool,
) -> Result<Client, HttpError> {
    let mut tls = tls::client_config(options, identity)?;
    if http2 {
        tls.alpn_protocols = vec![b"h2".to_vec()];
    }
    let mut builder = builder(options, tls)?;
    if http2 {
        builder = builder.http2_prior_knowledge();
    }
    builder.build().map_err(|error| HttpError::setup(&error))
}

fn builder(options: &HttpOptions, tls: ClientConfig) -> Result<ClientBuilder, HttpError> {
    let mut builder = Client::builder()
        .user_agent(concat!("allwell/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(options)?)
        .timeout(options.timeout)
        .redirect(match options.allow_redirects {
            true => redirect::Policy::limited(MAX_REDIRECTS),
            false => redirect::Policy::none(),
        })
        .tls_backend_preconfigured(tls);
    if options.skip_proxy {
        builder = builder.no_proxy();
    } else if let Some(proxy) = &options.proxy {
        for proxy in proxies(proxy)? {
            builder = builder.proxy(proxy);
        }
    }
    Ok(builder)
}

pub(crate) fn parse(address: &str) -> Result<Url, HttpError> {
    Url::parse(address).map_err(|error| HttpError::address(&error))
}

/// An address as messages show it: without the user and password that it may hold.
pub(crate) fn public(url: &Url) -> String {
    crate::metric::tag("", url).map_or_else(String::new, |tag| tag[1..].to_owned())
}

fn headers(options: &HttpOptions) -> Result<HeaderMap, HttpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &options.headers {
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

/// The clients of an instance, one for each set of options that it asked for.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    /// Most checks make none.
    made: OnceLock<Box<Made>>,
}

/// Clients, with what they were made of.
type Made = Mutex<Vec<(HttpOptions, Http)>>;

impl Clients {
    /// The client of these options, made at the first call.
    pub(crate) fn get(&self, options: &HttpOptions) -> Result<Http, HttpError> {
        let mut made =
            self.made.get_or_init(Box::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, http)) = made.iter().find(|(known, _)| known == options) {
            return Ok(http.clone());
        }
        let http = Http::new(options)?;
        made.push((options.clone(), http.clone()));
        Ok(http)
    }
}
