//! Payloads that can be told apart, and an endpoint that does as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use allwell::output::Amount;
use allwell::output::forward::{Endpoint, ForwardStatistics, Forwarder, Payload, Refusal, Sending};
use bytes::Bytes;

/// A payload with a number as its body, and as many points.
pub(crate) fn payload(route: &'static str, number: u64) -> Payload {
    Payload {
        route: route.into(),
        content_type: "text/plain".into(),
        content_encoding: None,
        body: Bytes::from(number.to_string()),
        amount: points(number),
        made: SystemTime::now(),
    }
}

/// So many points of series.
pub(crate) fn points(series: u64) -> Amount {
    Amount { series, ..Amount::default() }
}

/// Nothing got lost between the numbers; gives them.
pub(crate) fn conserved(forwarder: &Forwarder) -> ForwardStatistics {
    let counts = forwarder.statistics();
    assert_eq!(
        counts.pushed + counts.restored,
        counts.delivered + counts.queued + counts.dropped() + counts.refused,
        "{counts:?}"
    );
    let held = forwarder.held();
    assert_eq!(held.dropped, counts.dropped());
    counts
}

/// Answers in the order of a script, and accepts all when it has ended.
#[derive(Default)]
pub(crate) struct Scripted {
    pub(crate) script: Mutex<VecDeque<Refusal>>,
    pub(crate) accepted: Mutex<Vec<(String, u64)>>,
    pub(crate) tried: Mutex<Vec<(tokio::time::Instant, u64)>>,
}

impl Scripted {
    pub(crate) fn new(script: impl IntoIterator<Item = Refusal>) -> Arc<Self> {
        Arc::new(Self { script: Mutex::new(script.into_iter().collect()), ..Self::default() })
    }

    /// The numbers that were accepted, in this order.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.accepted.lock().unwrap().iter().map(|(_, number)| *number).collect()
    }
}

impl Endpoint for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn send<'a>(&'a self, payload: &'a Payload) -> Sending<'a> {
        Box::pin(async move {
            let number = std::str::from_utf8(&payload.body).unwrap().parse().unwrap();
            self.tried.lock().unwrap().push((tokio::time::Instant::now(), number));
            tokio::task::yield_now().await;
            if let Some(refusal) = self.script.lock().unwrap().pop_front() {
                return Err(refusal);
            }
            self.accepted.lock().unwrap().push((payload.route.to_string(), number));
            Ok(())
        })
    }
}
