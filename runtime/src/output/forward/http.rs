//! An endpoint that is an HTTP server: requests, and what its statuses mean.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use url::Url;

use crate::http::{self, HttpError, HttpOptions};

use super::endpoint::{Endpoint, Refusal, Remedy, Sending};
use super::payload::Payload;
use super::told::{Told, shown};

/// So much of an answer is read, in bytes.
const MOST_READ: usize = 64 * 1024;

/// How long the body of an answer is waited for when nobody needs it.
const BODY: Duration = Duration::from_secs(1);

/// Reads an answer of 2xx: what was accepted of the payload.
pub type ReadAnswer = fn(&Payload, &[u8]) -> Result<(), Refusal>;

/// An HTTP server that payloads are posted to.
///
/// Headers, the user and password, and the query of the address are secret: they are in no message and no `Debug`, and what the
/// server answers is told without them. Redirects are not followed, since the headers would go along.
pub struct HttpEndpoint {
    name: String,
    client: Client,
    base: Url,
    /// The address as messages show it.
    shown: String,
    authorization: Option<HeaderValue>,
    timeout: Duration,
    read_answer: Option<ReadAnswer>,
    told: Told,
}

impl HttpEndpoint {
    /// A server at an address, below which the routes are. The timeout of the options is that of a whole request.
    ///
    /// # Errors
    /// The address is none, or an option cannot be used: of the ways to log in, `basic` alone.
    pub fn new(
        name: impl Into<String>,
        address: &str,
        options: &HttpOptions,
    ) -> Result<Self, HttpError> {
        let base = http::parse(address)?;
        let options = connecting_in_time(HttpOptions { allow_redirects: false, ..options.clone() });
        Ok(Self {
            name: name.into(),
            client: http::client(&options)?,
            shown: shown(&base).trim_end_matches('/').to_owned(),
            told: secrets(&base, &options),
            authorization: http::of_output(&options)?,
            timeout: options.timeout,
            read_answer: None,
            base,
        })
    }

    /// Reads the body of good answers, too.
    #[must_use]
    pub fn read_answers(mut self, read: ReadAnswer) -> Self {
        self.read_answer = Some(read);
        self
    }

    async fn post(&self, payload: &Payload) -> Result<(), Refusal> {
        let shown = format!("{}/{}", self.shown, path(&payload.route));
        let unreachable = |error: reqwest::Error| {
            let unknown = may_be_sent(&error);
            let error = HttpError::request(&shown, self.timeout, &error.without_url());
            Refusal { unknown, ..Refusal::retry(error) }
        };
        let mut answer = self.request(payload).send().await.map_err(unreachable)?;
        let status = answer.status();
        match (status.is_success(), self.read_answer) {
            (true, None) => {
                drain(&mut answer).await;
                Ok(())
            }
            // What cannot be read to its end was accepted all the same.
            (true, Some(read)) => match body(&mut answer).await {
                Some(body) => read(payload, &body),
                None => Ok(()),
            },
            (false, _) => {
                let remedy = remedy(status, answer.headers());
                let told = self.told.told(&String::from_utf8_lossy(&drain(&mut answer).await));
                let refusal =
                    Refusal::new(format_args!("`{shown}` answered {status}{told}"), remedy);
                let its_own = status.is_server_error() && remedy == Remedy::Retry { after: None };
                Err(if its_own { refusal.answered() } else { refusal })
            }
        }
    }

    fn request(&self, payload: &Payload) -> RequestBuilder {
        let mut request = self
            .client
            .post(address(&self.base, &payload.route))
            .header(CONTENT_TYPE, &*payload.content_type)
            .body(payload.body.clone());
        if let Some(encoding) = &payload.content_encoding {
            request = request.header(CONTENT_ENCODING, &**encoding);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request
    }
}

impl Endpoint for HttpEndpoint {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, payload: &'a Payload) -> Sending<'a> {
        Box::pin(self.post(payload))
    }
}

impl fmt::Debug for HttpEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpEndpoint")
            .field("name", &self.name)
            .field("address", &self.shown)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Options by which a connection is given up before the whole request is: otherwise nobody could say that nothing was sent.
pub(in crate::output) fn connecting_in_time(options: HttpOptions) -> HttpOptions {
    let connect_timeout = options.connect_timeout.unwrap_or(options.timeout.mul_f64(0.9));
    HttpOptions { connect_timeout: Some(connect_timeout), ..options }
}

/// Whether a request that failed so may have been read all the same.
pub(in crate::output) fn may_be_sent(error: &reqwest::Error) -> bool {
    !error.is_connect() && !error.is_builder()
}

/// What a status other than 2xx means for the payload.
///
/// The statuses that say "never" are those that judge the request itself; any other may be the fault of the moment or of something in
/// between, a proxy that does not know the route yet (404) or sends everybody elsewhere (3xx).
pub fn remedy(status: StatusCode, headers: &HeaderMap) -> Remedy {
    match status.as_u16() {
        401 | 402 | 403 | 407 => Remedy::Hold,
        400 | 405 | 406 | 410 | 411 | 413 | 414 | 415 | 417 | 422 | 431 => Remedy::Drop,
        _ => Remedy::Retry { after: retry_after(headers) },
    }
}

/// The time that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3). A date is seen from the server's own clock, if
/// it tells that.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let now = headers.get(DATE).and_then(|now| date(now.to_str().ok()?));
    let now = now.unwrap_or_else(SystemTime::now);
    Some(date(text)?.duration_since(now).unwrap_or_default())
}

/// The address of a route; a query of the base goes along.
fn address(base: &Url, route: &str) -> Url {
    let (route, query) = route.split_once('?').map_or((route, None), |(r, q)| (r, Some(q)));
    let mut url = base.clone();
    url.set_path(&format!("{}/{}", base.path().trim_end_matches('/'), path(route)));
    if let Some(query) = query {
        let both = base.query().map_or_else(|| query.to_owned(), |base| format!("{base}&{query}"));
        url.set_query(Some(&both));
    }
    url
}

/// A route without what may be secret, and without the slash that it begins with.
fn path(route: &str) -> &str {
    route.split('?').next().unwrap_or_default().trim_start_matches('/')
}

fn secrets(base: &Url, options: &HttpOptions) -> Told {
    let mut told = Told::default();
    told.add_headers(options.headers.values().chain(options.extra_headers.values()));
    told.add_password(options.password.as_ref());
    told.add_address(base);
    told
}

/// Reads a body that is short and comes soon, so that the connection can be used again.
async fn drain(answer: &mut Response) -> Vec<u8> {
    tokio::time::timeout(BODY, body(answer)).await.ok().flatten().unwrap_or_default()
}

async fn body(answer: &mut Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_READ {
            break;
        }
    }
    Some(body)
}
