//! Whatever an endpoint exposes in Prometheus's or the `OpenMetrics` format.

use allwell::metric::Dynamic;
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;

/// An endpoint that is scraped again and again.
pub struct OpenMetrics {
    scraper: Scraper,
}

/// Metrics of an endpoint in Prometheus's or the `OpenMetrics` format.
#[check(name = "openmetrics", display_name = "OpenMetrics")]
impl Check<Dynamic> for OpenMetrics {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        Ok(Self { scraper: Scraper::new(config.0) })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        Ok(self.scraper.scrape(cx).await?)
    }
}
