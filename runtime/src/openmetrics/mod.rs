//! Scrapes expositions of Prometheus and `OpenMetrics`: [`parse`] reads them, the mapping makes metrics of them, and a [`Scraper`] does
//! both with what an endpoint answers.
//!
//! Options, names, kinds, tags and service checks are those of Datadog's `OpenMetricsBaseCheckV2`, so that a configuration of it
//! gives the same metrics. Where that check loses or spoils data, this one does not, unless
//! [`strict_compat`](Options::strict_compat) is set.
//!
//! ```
//! use allwell::metric::Dynamic;
//! use allwell::openmetrics::{Endpoint, Scraper};
//! use allwell::prelude::*;
//!
//! struct Acme {
//!     scraper: Scraper,
//! }
//!
//! /// What ACME's server exposes.
//! #[check(name = "acme")]
//! impl Check<Dynamic> for Acme {
//!     type Config = Endpoint;
//!     type Metrics = ();
//!
//!     async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
//!         Ok(Self { scraper: Scraper::new(config.0) })
//!     }
//!
//!     async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
//!         Ok(self.scraper.scrape(cx).await?)
//!     }
//! }
//! ```
//!
//! Where it is known what an endpoint exposes, records say so and a scrape fills them: [`Context::scrape`](crate::Context::scrape).

mod ahead;
mod entry;
mod faults;
mod legacy;
mod map;
mod number;
mod options;
pub mod parse;
mod pattern;
pub mod record;
mod scrape;
mod target;
mod version;

pub use entry::{LabelValues, MetricEntry, Share};
pub use legacy::Legacy;
pub use number::Number;
pub use options::{Endpoint, Options};
pub use pattern::{Names, Search};
pub use record::{FromScrape, Lacks, ScrapedRecord};
pub use scrape::{MAX_PAYLOAD, Payload, ScrapeError, Scraper, read};
pub use target::ScrapeOptions;
