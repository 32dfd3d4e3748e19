//! One endpoint, scraped again and again: from the answer to the batch, piece by piece.

mod ask;
mod charset;
mod error;
mod reader;
mod records;
mod report;

use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::check::{Context, Includes};
use crate::http::{Answer, HttpError};
use crate::metric::{Dynamic, DynamicMetric, Status, TagSetPlace};

use super::map::Mapper;
use super::options::Options;
use super::parse::Format;

use ask::Ask;
pub use error::ScrapeError;
use reader::Reader;
pub use records::{Payload, read};
use report::Telemetry;

/// The longest payload that is read, in bytes, decompressed.
pub const MAX_PAYLOAD: usize = 256 * 1024 * 1024;

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
    has_told_of_names: bool,
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
            has_told_of_names: false,
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
        self.ended(result.is_ok());
        result
    }

    /// Submits a payload that came another way than by HTTP, such as from a file. It says nothing of the endpoint's health.
    ///
    /// # Errors
    /// There is a mistake in it and `strict_compat` is set.
    pub fn read<M, Place>(
        &mut self,
        cx: &Context<M>,
        format: Format,
        payload: &[u8],
    ) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let (result, read) = Reader::new(self, format, seconds(cx)).read_payload(payload, cx);
        self.tell(cx, read.findings, read.size);
        self.ended(result.is_ok());
        result
    }

    fn ended(&mut self, well: bool) {
        self.flush_first = match (well, self.flush_first) {
            (true, _) => Some(true),
            // A total may have gone far since it was last seen.
            (false, Some(_)) => Some(false),
            (false, None) => None,
        };
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
        let format = match Ask::of(&self.options).format(&answer) {
            Ok(format) => format,
            Err(error) => {
                self.say_health(cx, Status::Ok);
                return Err(error);
            }
        };
        let (result, read) = Reader::new(self, format, seconds(cx)).read(answer, cx).await;
        let health = match &result {
            Err(ScrapeError::Http(error)) => Status::critical(error),
            _ => Status::Ok,
        };
        self.say_health(cx, health);
        self.tell(cx, read.findings, length.unwrap_or(read.size));
        result
    }

    async fn ask<M>(&self, cx: &Context<M>) -> Result<Answer, HttpError> {
        Ask::of(&self.options).open(cx).await
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

/// The time of day, in seconds since the Unix epoch.
fn seconds<M>(cx: &Context<M>) -> f64 {
    cx.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
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
