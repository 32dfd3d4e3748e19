//! One endpoint, scraped again and again: from the answer to the batch, piece by piece.

mod error;
mod reader;
mod report;

use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use crate::check::{Context, Includes};
use crate::http::{Answer, HttpError, Request};
use crate::metric::{Dynamic, DynamicMetric, Status, TagSetPlace};

use super::map::Mapper;
use super::options::Options;
use super::parse::Format;

pub use error::ScrapeError;
use reader::Reader;
use report::Telemetry;

/// The longest payload that is read, in bytes, decompressed.
pub const MAX_PAYLOAD: usize = 256 * 1024 * 1024;

const TEXT: &str = "text/plain";
const OPENMETRICS: &str =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1";

/// Scrapes an endpoint.
#[derive(Debug)]
pub struct Scraper {
    options: Options,
    mapper: Mapper,
    health: Arc<DynamicMetric>,
    telemetry: Option<Telemetry>,
    /// First values of totals count: not in the first run, and not after one that failed.
    flush_first: Option<bool>,
    has_shared: bool,
    has_told_of_untyped: bool,
    since: SystemTime,
}

impl Scraper {
    /// A scraper with these options.
    pub fn new(options: Options) -> Self {
        Self {
            mapper: Mapper::new(&options),
            health: DynamicMetric::service_check(named(&options, "openmetrics.health")),
            telemetry: options.telemetry.then(|| Telemetry::new(&options)),
            flush_first: None,
            has_shared: false,
            has_told_of_untyped: false,
            since: process_start(),
            options,
        }
    }

    /// Scrapes once. What was read before an error is submitted.
    ///
    /// # Errors
    /// The endpoint cannot be reached, answers an error or breaks off; its payload is too long; or there is a mistake in it and
    /// `strict_compat` is set.
    pub async fn scrape<M, Place>(&mut self, cx: &Context<M>) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let result = self.look(cx).await;
        self.flush_first = match (&result, self.flush_first) {
            (Ok(()), _) => Some(true),
            // A total may have gone far since it was last seen.
            (Err(_), Some(_)) => Some(false),
            (Err(_), None) => None,
        };
        result
    }

    async fn look<M, Place>(&mut self, cx: &Context<M>) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let answer = match self.ask(cx).await {
            Ok(answer) => answer,
            Err(error) => {
                self.say_health(cx, Status::critical(&error));
                if self.options.ignore_connection_errors && error.is_no_connection() {
                    cx.warn(&error);
                    return Ok(());
                }
                return Err(error.into());
            }
        };
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        let now = cx.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let reader = Reader::new(self, format_of(&self.options, &answer), now);
        let (result, read) = reader.read(answer, cx).await;
        let health = match &result {
            Err(ScrapeError::Http(error)) => Status::critical(error),
            _ => Status::Ok,
        };
        self.say_health(cx, health);
        self.tell(cx, read.findings, length.unwrap_or(read.size));
        result
    }

    async fn ask<M>(&self, cx: &Context<M>) -> Result<Answer, HttpError> {
        let http = cx.http(&self.options.http)?;
        let request =
            Request::get(self.options.openmetrics_endpoint.as_str()).headers(self.headers());
        http.open(&request).await?.good()
    }

    /// What is asked for, unless the options say otherwise.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let given = &self.options.http.headers;
        if !given.keys().any(|name| name.eq_ignore_ascii_case("accept")) {
            let wanted = if self.options.use_latest_spec { OPENMETRICS } else { TEXT };
            headers.insert(ACCEPT, HeaderValue::from_static(wanted));
        }
        headers
    }

    fn say_health<M, Place>(&self, cx: &Context<M>, status: Status)
    where
        M: Includes<Dynamic, Place>,
    {
        if self.options.enable_health_service_check {
            cx.dynamic(|out| {
                let health = out.list(&self.health);
                out.service_check(health, TagSetPlace::INSTANCE, status);
            });
        }
    }
}

/// The format that an answer says it is in. Datadog's check looks at the same.
fn format_of(options: &Options, answer: &Answer) -> Format {
    let content_type = answer.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let says_so = media_type.eq_ignore_ascii_case("application/openmetrics-text");
    if options.use_latest_spec || says_so { Format::OpenMetrics } else { Format::Text }
}

/// The full name of what the scraper itself submits.
fn named(options: &Options, name: &str) -> String {
    match options.namespace.as_str() {
        "" => name.to_owned(),
        namespace => format!("{namespace}.{name}"),
    }
}

/// When this process began, as far as a check can know: when its first endpoint was configured.
fn process_start() -> SystemTime {
    static START: OnceLock<SystemTime> = OnceLock::new();
    *START.get_or_init(SystemTime::now)
}
