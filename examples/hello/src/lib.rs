//! The smallest library for the Agent: it does what the example of the Agent's own crate for checks does.

use allwell::prelude::*;

/// Says hello.
#[check(name = "example")]
fn example(cx: &Context) -> Hello {
    cx.log(Log::new("hello: example check running"));
    cx.event(Event::new("hello.event", "hello.text"));
    Hello { gauge: 1.into(), service_check: Status::Ok.into() }
}

#[derive(Metrics)]
#[metrics(namespace = "hello")]
struct Hello {
    /// One, whenever it says hello.
    gauge: Gauge<Unitless>,
    /// OK whenever it says hello.
    service_check: ServiceCheck,
}

allwell::agent_library!();
