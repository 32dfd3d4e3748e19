//! The client: requests with the instance's options, answers of bounded length.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde::de::DeserializeOwned;

use super::address::{Place, Way, parse, public};
use super::auth::Auth;
use super::build::{client, client_of_host, client_of_socket};
use super::error::HttpError;
use super::options::HttpOptions;
use super::token::Token;
use crate::tls::Certificate;

/// The longest answer that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

/// An HTTP client with an instance's options. Cheap to clone; connections are kept and used again.
#[derive(Debug, Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    options: HttpOptions,
    client: Client,
    /// The last address that was asked for, taken apart: mostly it is the next one, too.
    last: Mutex<Option<(String, Arc<Place>)>>,
    /// Clients for other ways than the plain one.
    others: Mutex<HashMap<Way, Client>>,
    auth: Auth,
    token: Option<Token>,
}

/// What is asked of a server.
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    address: String,
    headers: HeaderMap,
    body: Vec<u8>,
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

/// An answer whose body is still to come.
#[derive(Debug)]
pub struct Answer {
    /// The status, such as 200.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    place: Arc<Place>,
    inner: Arc<Inner>,
    answer: reqwest::Response,
}

impl Request {
    /// A request of a method, such as `GET`.
    ///
    /// # Errors
    /// It is not a method.
    pub fn new(method: &str, address: impl Into<String>) -> Result<Self, HttpError> {
        let method = Method::from_bytes(method.as_bytes());
        let method = method.map_err(|error| HttpError::option("method", &error))?;
        Ok(Self { method, address: address.into(), headers: HeaderMap::new(), body: Vec::new() })
    }

    /// A `GET`.
    pub fn get(address: impl Into<String>) -> Self {
        let (headers, body) = (HeaderMap::new(), Vec::new());
        Self { method: Method::GET, address: address.into(), headers, body }
    }

    /// With a header more.
    ///
    /// # Errors
    /// It is not a header.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, HttpError> {
        let wrong = |error: &dyn std::fmt::Display| {
            HttpError::option("headers", &format_args!("`{name}`: {error}"))
        };
        let key = HeaderName::try_from(name).map_err(|error| wrong(&error))?;
        self.headers.insert(key, HeaderValue::try_from(value).map_err(|error| wrong(&error))?);
        Ok(self)
    }

    /// With these headers, instead of those that it has.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

impl Answer {
    /// The value of a header, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// When the server's certificate is valid; nothing without TLS, or if it cannot be read.
    pub fn certificate(&self) -> Option<Certificate> {
        let info = self.answer.extensions().get::<reqwest::tls::TlsInfo>()?;
        Certificate::from_der(info.peer_certificate()?)
    }

    /// The answer, unless its status is that of an error.
    ///
    /// # Errors
    /// A status from 400 on.
    pub fn good(self) -> Result<Self, HttpError> {
        match reqwest::StatusCode::from_u16(self.status) {
            Ok(status) if status.is_client_error() || status.is_server_error() => {
                Err(HttpError::bad_status(&self.place.public, status))
            }
            _ => Ok(self),
        }
    }

    /// The error of a body that is longer than it may be.
    pub fn too_long(&self, limit: usize) -> HttpError {
        HttpError::too_long(&self.place.public, limit)
    }

    /// The next piece of the body, decompressed; nothing at its end.
    ///
    /// # Errors
    /// It does not come within the timeout, or is not what the headers say.
    pub async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, HttpError> {
        let chunk = self.answer.chunk().await;
        chunk.map_err(|error| self.inner.failed(&self.place.public, &error))
    }

    /// The whole body.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), and a body longer than [`MAX_BODY`].
    pub async fn read(mut self) -> Result<Response, HttpError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            let chunk = chunk.as_ref();
            if body.len() + chunk.len() > MAX_BODY {
                return Err(HttpError::too_long(&self.place.public, MAX_BODY));
            }
            body.extend_from_slice(chunk);
        }
        Ok(Response { status: self.status, headers: self.headers, body })
    }
}

impl Http {
    /// A client with these options.
    ///
    /// # Errors
    /// A file of certificates that cannot be read, a header or proxy that is not one.
    pub fn new(options: &HttpOptions) -> Result<Self, HttpError> {
        let options = options.clone().with_agent_proxy(|name| std::env::var(name).ok());
        let inner = Inner {
            client: client(&options)?,
            last: Mutex::default(),
            others: Mutex::default(),
            auth: Auth::new(&options)?,
            token: options.auth_token.as_ref().map(Token::new).transpose()?,
            options,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Gets an address; any status is an answer.
    ///
    /// # Errors
    /// No answer within the timeout, or one longer than [`MAX_BODY`].
    pub async fn get(&self, address: impl AsRef<str>) -> Result<Response, HttpError> {
        self.open(&Request::get(address.as_ref())).await?.read().await
    }

    /// Sends a request and waits for the head of the answer; any status is one.
    ///
    /// A request that is refused (a status from 400 on) is sent once more if a new token or the answer to a new challenge may
    /// help.
    ///
    /// # Errors
    /// No answer within the timeout.
    pub async fn open(&self, request: &Request) -> Result<Answer, HttpError> {
        let place = self.inner.place(&request.address)?;
        let first = self.inner.send(request, &place).await;
        let again = match &first {
            Ok(answer) if answer.status().as_u16() < 400 => false,
            Ok(answer) => {
                let learnt = self.inner.auth.learn(answer.status().as_u16(), answer.headers());
                self.inner.forget_token() || learnt
            }
            Err(_) => self.inner.forget_token(),
        };
        let answer = if again { self.inner.send(request, &place).await } else { first };
        let mut answer = answer?;
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: std::mem::take(answer.headers_mut()),
            place,
            inner: Arc::clone(&self.inner),
            answer,
        })
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

impl Inner {
    fn place(&self, address: &str) -> Result<Arc<Place>, HttpError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, place)) = last.as_ref().filter(|(known, _)| known == address) {
            return Ok(Arc::clone(place));
        }
        let place = Arc::new(Place::of(address, self.options.name_of_server())?);
        *last = Some((address.to_owned(), Arc::clone(&place)));
        Ok(place)
    }

    async fn send(&self, request: &Request, place: &Place) -> Result<reqwest::Response, HttpError> {
        let Request { method, headers, body, .. } = request;
        let client = self.client(place)?;
        let mut sent = client.request(method.clone(), place.url.clone()).headers(headers.clone());
        for (name, value) in self.auth.headers(method.as_str(), &place.url, body)? {
            sent = sent.header(name, value);
        }
        if let Some(token) = &self.token {
            let (name, value) = token.header(&self.client).await?;
            sent = sent.header(name, value);
        }
        if !body.is_empty() {
            sent = sent.body(body.clone());
        }
        sent.send().await.map_err(|error| self.failed(&place.public, &error))
    }

    fn client(&self, place: &Place) -> Result<Client, HttpError> {
        if place.way == Way::Plain {
            return Ok(self.client.clone());
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = others.get(&place.way) {
            return Ok(known.clone());
        }
        let made = match &place.way {
            Way::Plain => return Ok(self.client.clone()),
            Way::Socket(path) => client_of_socket(&self.options, path)?,
            Way::Host { name, host } => client_of_host(&self.options, name, host)?,
        };
        others.insert(place.way.clone(), made.clone());
        Ok(made)
    }

    /// Says whether there was a token, which a failed request may have been due to.
    fn forget_token(&self) -> bool {
        self.token.as_ref().map(Token::forget).is_some()
    }

    fn failed(&self, address: &str, error: &reqwest::Error) -> HttpError {
        HttpError::request(address, self.options.timeout, error)
    }
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
