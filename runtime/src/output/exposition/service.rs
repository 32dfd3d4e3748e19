//! What is answered to a request.

use std::sync::Arc;

use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap,
    HeaderName, HeaderValue, VARY, WWW_AUTHENTICATE,
};
use hyper::{Method, Request, Response, StatusCode};

use super::access::Access;
use super::body::{Answer, Scraping};
use super::encode::Encoder;
use super::negotiate::{Coding, Offer};
use super::progress::Progress;
use super::scrape::Scrape;
use super::store::Store;

/// Where somebody asks whether the process is well.
pub(super) const HEALTHY: &str = "/-/healthy";

/// What [`HEALTHY`] answers, so that a client can tell whose port it is.
pub(super) const WELL: &str = "allwell is healthy\n";

/// What a server answers with.
pub(super) struct Service {
    pub(super) store: Arc<Store>,
    pub(super) path: String,
    pub(super) access: Access,
    pub(super) utf8_names: bool,
}

impl Service {
    /// The answer to a request.
    pub(super) fn answer<B>(&self, request: &Request<B>, progress: &Progress) -> Response<Answer> {
        let is_get = request.method() == Method::GET || request.method() == Method::HEAD;
        let path = request.uri().path();
        let known = [HEALTHY, "/", self.path.as_str()].contains(&path);
        if !known {
            return plain(
                StatusCode::NOT_FOUND,
                format!("nothing is here; metrics are at {}\n", self.path),
            );
        }
        if !is_get {
            let mut answer =
                plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered\n");
            set(&mut answer, ALLOW, "GET, HEAD");
            return answer;
        }
        if path == HEALTHY {
            return plain(StatusCode::OK, WELL);
        }
        if !self.access.admits(request.headers()) {
            let mut answer = plain(StatusCode::UNAUTHORIZED, "a token or password is needed\n");
            set(&mut answer, WWW_AUTHENTICATE, self.access.challenge());
            return answer;
        }
        if path == self.path {
            return self.metrics(request.headers(), progress);
        }
        let mut page = plain(StatusCode::OK, page(&self.path));
        set(&mut page, CONTENT_TYPE, "text/html; charset=utf-8");
        page
    }

    fn metrics(&self, headers: &HeaderMap, progress: &Progress) -> Response<Answer> {
        let accept = joined(headers, &ACCEPT);
        let Some(offer) = Offer::best(accept.as_deref(), self.utf8_names) else {
            return not_acceptable(
                "text/plain;version=0.0.4, text/plain;version=1.0.0 and \
                 application/openmetrics-text;version=1.0.0 can be had\n",
            );
        };
        let accept = joined(headers, &ACCEPT_ENCODING);
        let Some(coding) = Coding::best(accept.as_deref()) else {
            return not_acceptable("identity, gzip and zstd can be had\n");
        };
        let Ok(encoder) = Encoder::new(coding) else {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "no memory to compress with\n");
        };
        let mut answer = Response::new(Answer::Scrape(Box::new(Scraping {
            scrape: Scrape::new(&self.store, offer.format),
            encoder,
            sending: progress.begin(),
            text: Vec::new(),
            complete: false,
        })));
        set(&mut answer, CONTENT_TYPE, &offer.content_type());
        set(&mut answer, VARY, "Accept, Accept-Encoding");
        set(&mut answer, CACHE_CONTROL, "no-store");
        if let Some(name) = coding.name() {
            set(&mut answer, CONTENT_ENCODING, name);
        }
        answer
    }
}

/// A header that may be sent in several lines.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> =
        headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

fn not_acceptable(what: &'static str) -> Response<Answer> {
    plain(StatusCode::NOT_ACCEPTABLE, what)
}

fn plain(status: StatusCode, text: impl Into<hyper::body::Bytes>) -> Response<Answer> {
    let mut answer = Response::new(Answer::text(text));
    *answer.status_mut() = status;
    set(&mut answer, CONTENT_TYPE, "text/plain; charset=utf-8");
    answer
}

fn set(answer: &mut Response<Answer>, name: HeaderName, value: &str) {
    // What is set here is of our own making, and always fits.
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

fn page(path: &str) -> String {
    let shown = path.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Allwell</title></head>\n\
         <body><h1>Allwell</h1><p><a href=\"{shown}\">Metrics</a></p></body></html>\n"
    )
}
