//! Texts that C cannot hold.

use allwell::metric::Log;
use allwell::prelude::*;

/// Puts NUL into every text.
#[check]
pub async fn odd(cx: &Context) -> Result<Odd> {
    let mut event = Event::new("ti\0tle", "te\0xt").aggregation_key("k\0ey").tag("e\0", "\0");
    (event.event_type, event.host) = (Some("ty\0pe".into()), Some("ho\0st".into()));
    cx.event(event);
    cx.log(Log::new("lo\0g"));
    cx.warn("wa\0rn");
    cx.metadata("na\0me", "va\0lue");
    Ok(Odd {
        tag: "a\0b".into(),
        host: "h\0".into(),
        value: 1.into(),
        state: Status::critical("me\0ssage").into(),
    })
}

/// What is odd.
#[derive(Metrics)]
#[metrics(namespace = "odd")]
pub struct Odd {
    #[tag]
    tag: String,
    #[hostname]
    host: String,
    /// A value.
    value: Gauge<Byte>,
    /// CRITICAL at all times.
    state: ServiceCheck,
}
