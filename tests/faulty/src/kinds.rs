//! Everything that a check can yield.

use allwell::metric::{AlertType, Log};
use allwell::prelude::*;

/// Yields one of each kind.
#[check(can_connect = "kinds.can_connect")]
pub async fn kinds(cx: &Context<Streamed>) -> Result<(Whole, Vec<Row>)> {
    cx.submit(Streamed { streamed: 1.into() });
    let mut event = Event::new("title", "text")
        .alert_type(AlertType::Warning)
        .low_priority()
        .aggregation_key("key")
        .tag("of", "event");
    (event.event_type, event.host, event.timestamp) =
        (Some("change".into()), Some("elsewhere".into()), Some(1_700_000_000));
    cx.event(event);
    cx.event(Event::new("plain", ""));
    cx.log(Log { status: Some("error".into()), ..Log::new("a line") });
    cx.log(Log { tags: vec!["of:log".into()], ..Log::new("another") });
    cx.warn("beware");
    let row = |name: &str, host: Option<&str>| Row {
        name: name.into(),
        on: host.map(Into::into),
        size: 2.into(),
        state: Status::warning("full").into(),
    };
    let whole = Whole {
        gauge: 1.5.into(),
        count: 2.into(),
        total: 3.into(),
        first: 4.into(),
        rate: 5.into(),
        histogram: 6.into(),
        distribution: 7.25.into(),
        not_a_number: f64::NAN.into(),
    };
    Ok((whole, vec![row("a", None), row("b", Some("other"))]))
}

/// One of each kind.
#[derive(Metrics)]
#[metrics(namespace = "kinds")]
pub struct Whole {
    /// A gauge.
    gauge: Gauge<Byte>,
    /// A count.
    count: Count<Byte>,
    /// A total.
    total: MonotonicCount<Byte>,
    /// A total whose first value counts.
    #[metric(flush_first_value)]
    first: MonotonicCount<Byte>,
    /// A rate.
    rate: Rate<Byte>,
    /// A histogram.
    histogram: Histogram<Second>,
    /// A distribution.
    distribution: Distribution<Second>,
    /// Never a number.
    not_a_number: Gauge<Byte>,
}

/// A row.
#[derive(Metrics)]
#[metrics(namespace = "kinds.row")]
pub struct Row {
    #[tag]
    name: String,
    #[hostname]
    on: Option<String>,
    /// Its size.
    size: Gauge<Byte>,
    /// WARNING if it is full.
    state: ServiceCheck,
}

/// What comes while the run goes on.
#[derive(Metrics)]
#[metrics(namespace = "kinds")]
pub struct Streamed {
    /// A value.
    streamed: Gauge<Byte>,
}
