//! What an endpoint is asked, and its answer in pieces.

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use crate::check::Context;
use crate::http::{Answer, HttpError, HttpOptions, Request};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::Format;
use crate::openmetrics::target::ScrapeOptions;

use super::{MAX_PAYLOAD, ScrapeError};

const TEXT: &str = "text/plain";
const OPENMETRICS: &str =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1";

/// The same where protobuf is wanted more.
const PROTOBUF_OR_TEXT: &str = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
     text/plain;q=0.5";
const PROTOBUF_OR_OPENMETRICS: &str = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
     application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5";

/// What an endpoint is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'o> {
    endpoint: &'o str,
    http: &'o HttpOptions,
    use_latest_spec: bool,
    native_histograms: bool,
}

impl<'o> Ask<'o> {
    pub(super) fn of(options: &'o Options) -> Self {
        let Options { openmetrics_endpoint: endpoint, http, .. } = options;
        let Options { use_latest_spec, native_histograms, .. } = *options;
        Self { endpoint, http, use_latest_spec, native_histograms }
    }

    pub(super) fn of_target(options: &'o ScrapeOptions) -> Self {
        let ScrapeOptions { openmetrics_endpoint: endpoint, http, use_latest_spec, .. } = options;
        Self { endpoint, http, use_latest_spec: *use_latest_spec, native_histograms: false }
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
            let wanted = match (self.native_histograms, self.use_latest_spec) {
                (false, false) => TEXT,
                (false, true) => OPENMETRICS,
                (true, false) => PROTOBUF_OR_TEXT,
                (true, true) => PROTOBUF_OR_OPENMETRICS,
            };
            headers.insert(ACCEPT, HeaderValue::from_static(wanted));
        }
        headers
    }

    /// The format that an answer says it is in. Of text, Datadog's check looks at the same.
    ///
    /// # Errors
    /// It is none that can be read.
    pub(super) fn format(self, answer: &Answer) -> Result<Format, ScrapeError> {
        let content_type = ContentType(answer.header("content-type").unwrap_or_default());
        if content_type.is("application/vnd.google.protobuf") {
            return content_type.protobuf();
        }
        let says_so = content_type.is("application/openmetrics-text");
        Ok(if self.use_latest_spec || says_so { Format::OpenMetrics } else { Format::Text })
    }
}

/// What an answer says of itself.
#[derive(Debug, Clone, Copy)]
struct ContentType<'a>(&'a str);

impl<'a> ContentType<'a> {
    fn is(self, media_type: &str) -> bool {
        let own = self.0.split(';').next().unwrap_or_default();
        own.trim().eq_ignore_ascii_case(media_type)
    }

    fn parameter(self, name: &str) -> Option<&'a str> {
        let mut parameters = self.0.split(';').skip(1).filter_map(|one| one.split_once('='));
        let (_, value) = parameters.find(|(own, _)| own.trim().eq_ignore_ascii_case(name))?;
        Some(value.trim().trim_matches('"'))
    }

    /// Messages of the one kind that is known, as far as it says of which.
    fn protobuf(self) -> Result<Format, ScrapeError> {
        let known = [("proto", "io.prometheus.client.MetricFamily"), ("encoding", "delimited")];
        for (name, known) in known {
            let said = self.parameter(name).unwrap_or(known);
            if !said.eq_ignore_ascii_case(known) {
                return Err(ScrapeError::Format(format!(
                    "the answer is in protobuf with the {name} `{said}`; hint: ask for `{name}={known}`, or for text, by `Accept` in `headers`",
                )));
            }
        }
        Ok(Format::Protobuf)
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
