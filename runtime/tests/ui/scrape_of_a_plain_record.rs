use allwell::prelude::*;

/// A gate.
#[check]
async fn gate(config: &ScrapeOptions, cx: &Context) -> Result<Gate> {
    Ok(cx.scrape(config).await?)
}

#[derive(Metrics)]
#[metrics(namespace = "gate")]
struct Gate {
    /// Connections.
    connections: Gauge<Connection>,
}

fn main() {}
