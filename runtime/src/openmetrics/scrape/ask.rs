//! What an endpoint is asked, and its answer in pieces.

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use crate::check::Context;
use crate::http::{Answer, HttpError, HttpOptions, Request};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::Format;
use crate::openmetrics::target::ScrapeOptions;

use super::MAX_PAYLOAD;

const TEXT: &str = "text/plain";
const OPENMETRICS: &str =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1";

/// What an endpoint is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'o> {
    endpoint: &'o str,
    http: &'o HttpOptions,
    use_latest_spec: bool,
}

impl<'o> Ask<'o> {
    pub(super) fn of(options: &'o Options) -> Self {
        let Options { openmetrics_endpoint: endpoint, http, use_latest_spec, .. } = options;
        Self { endpoint, http, use_latest_spec: *use_latest_spec }
    }

    pub(super) fn of_target(options: &'o ScrapeOptions) -> Self {
        let ScrapeOptions { openmetrics_endpoint: endpoint, http, use_latest_spec, .. } = options;
        Self { endpoint, http, use_latest_spec: *use_latest_spec }
    }

    /// Asks, and gives a good answer.
    pub(super) async fn open<M>(self, cx: &Context<M>) -> Result<Answer, HttpError> {
        let http = cx.http(self.http)?;
        http.open(&Request::get(self.endpoint).headers(self.headers())).await?.good()
    }

    /// What is asked for, unless the options say otherwise.
    fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let given = &self.http.headers;
        if !given.keys().any(|name| name.eq_ignore_ascii_case("accept")) {
            let wanted = if self.use_latest_spec { OPENMETRICS } else { TEXT };
            headers.insert(ACCEPT, HeaderValue::from_static(wanted));
        }
        headers
    }

    /// The format that an answer says it is in. Datadog's check looks at the same.
    pub(super) fn format(self, answer: &Answer) -> Format {
        let content_type = answer.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let says_so = media_type.eq_ignore_ascii_case("application/openmetrics-text");
        if self.use_latest_spec || says_so { Format::OpenMetrics } else { Format::Text }
    }
}

/// The next piece of an answer, whose length so far is `size`.
pub(super) async fn next_piece(
    answer: &mut Answer,
    size: &mut usize,
) -> Result<Option<impl AsRef<[u8]> + use<>>, HttpError> {
    let piece = answer.chunk().await?;
    *size += piece.as_ref().map_or(0, |piece| AsRef::<[u8]>::as_ref(piece).len());
    if *size > MAX_PAYLOAD {
        return Err(answer.too_long(MAX_PAYLOAD));
    }
    Ok(piece)
}
