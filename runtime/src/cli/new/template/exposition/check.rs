//! The check: what is configured, and what a run yields.

use allwell::prelude::*;

mod exposition;
#[cfg(test)]
mod tests;

use exposition::Exposition;

/// What {{crate}} exposes for Prometheus.
#[check(can_connect = "{{check}}.openmetrics.health")]
pub async fn {{check}}(config: &Endpoint, cx: &Context) -> Result<Exposition> {
    Ok(cx.scrape(&config.endpoint).await?)
}

/// One endpoint.
#[derive(Config)]
pub struct Endpoint {
    #[config(flatten)]
    endpoint: ScrapeOptions,
}
