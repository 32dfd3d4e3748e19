//! Payloads that can be told apart, and an endpoint that does as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use allwell::output::Amount;
use allwell::output::forward::{
    Endpoint, ForwardOptions, ForwardStatistics, Forwarder, Notice, Payload, Refusal, Sending,
    SpoolOptions,
};
use bytes::Bytes;
use tokio::time::Instant;

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

/// A payload of so many bytes that begins with a number, with one point.
pub(crate) fn large(route: &'static str, number: u64, size: usize) -> Payload {
    let mut body = number.to_string().into_bytes();
    body.resize(size, b' ');
    Payload { body: body.into(), amount: points(1), ..payload(route, number) }
}

/// The number that a body is or begins with.
pub(crate) fn number(body: &[u8]) -> u64 {
    std::str::from_utf8(body).unwrap().trim_end().parse().unwrap()
}

/// So many points of series.
pub(crate) fn points(series: u64) -> Amount {
    Amount { series, ..Amount::default() }
}

/// Options with a spool in a directory, and waits that are the same in every run.
pub(crate) fn spooled(directory: &Path) -> ForwardOptions {
    let spool = Some(SpoolOptions::new(directory));
    ForwardOptions { spool, seed: Some(7), ..ForwardOptions::default() }
}

/// A directory for a test: in memory, where the system has one there, since what is tested forces every change to the disk.
pub(crate) fn directory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
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
    assert_eq!(
        (held.restored, held.queued, held.stored, held.dropped, held.refused, held.errors),
        (
            counts.restored,
            counts.queued,
            counts.stored,
            counts.dropped(),
            counts.refused,
            counts.errors
        )
    );
    counts
}

pub(crate) async fn pause(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}

/// What an observer was told.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<Notice>>>);

impl Told {
    pub(crate) fn observe(&self, options: ForwardOptions) -> ForwardOptions {
        let told = Arc::clone(&self.0);
        let observer = move |notice: &Notice| told.lock().unwrap().push(notice.clone());
        ForwardOptions { observer: Some(Arc::new(observer)), ..options }
    }

    pub(crate) fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

type Judge = Box<dyn Fn(&str, u64) -> Option<Refusal> + Send + Sync>;

/// Answers in the order of a script, then as its judge says, and otherwise accepts.
#[derive(Default)]
pub(crate) struct Scripted {
    script: Mutex<VecDeque<Refusal>>,
    judge: Mutex<Option<Judge>>,
    accepted: Mutex<Vec<(String, u64)>>,
    tried: Mutex<Vec<(Instant, u64)>>,
    under_way: Mutex<BTreeMap<String, usize>>,
    takes: Duration,
}

impl Scripted {
    pub(crate) fn new(script: impl IntoIterator<Item = Refusal>) -> Arc<Self> {
        Arc::new(Self { script: Mutex::new(script.into_iter().collect()), ..Self::default() })
    }

    /// Takes a while for every answer.
    pub(crate) fn slow(takes: Duration) -> Arc<Self> {
        Arc::new(Self { takes, ..Self::default() })
    }

    pub(crate) fn judge(
        &self,
        judge: impl Fn(&str, u64) -> Option<Refusal> + Send + Sync + 'static,
    ) {
        *self.judge.lock().unwrap() = Some(Box::new(judge));
    }

    pub(crate) fn accept_all(&self) {
        *self.judge.lock().unwrap() = None;
    }

    /// The numbers that were accepted, in this order.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.accepted.lock().unwrap().iter().map(|(_, number)| *number).collect()
    }

    /// The numbers of a route that were accepted, in this order.
    pub(crate) fn numbers_of(&self, route: &str) -> Vec<u64> {
        let accepted = self.accepted.lock().unwrap();
        accepted.iter().filter(|(of, _)| of == route).map(|(_, number)| *number).collect()
    }

    /// The numbers that were sent, and when, in seconds since a moment.
    pub(crate) fn tried(&self, since: Instant) -> Vec<(f64, u64)> {
        let tried = self.tried.lock().unwrap();
        tried.iter().map(|(at, number)| ((*at - since).as_secs_f64(), *number)).collect()
    }
}

impl Endpoint for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn send<'a>(&'a self, payload: &'a Payload) -> Sending<'a> {
        Box::pin(async move {
            let (route, number) = (payload.route.to_string(), number(&payload.body));
            self.tried.lock().unwrap().push((Instant::now(), number));
            let under_way = {
                let mut under_way = self.under_way.lock().unwrap();
                *under_way.entry(route.clone()).or_default() += 1;
                under_way[&route]
            };
            assert_eq!(under_way, 1, "two requests of one route at once");
            tokio::time::sleep(self.takes).await;
            *self.under_way.lock().unwrap().get_mut(&route).unwrap() -= 1;
            if let Some(refusal) = self.script.lock().unwrap().pop_front() {
                return Err(refusal);
            }
            if let Some(judge) = &*self.judge.lock().unwrap()
                && let Some(refusal) = judge(&route, number)
            {
                return Err(refusal);
            }
            self.accepted.lock().unwrap().push((route, number));
            Ok(())
        })
    }
}
