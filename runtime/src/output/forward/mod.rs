//! Between an encoder and an endpoint: payloads are sent oldest first, and outlive outages and restarts.
//!
//! A [`Forwarder`] takes payloads and never keeps the giver waiting. It sends one at once if nothing waits; what fails is sent again, and
//! what came later waits behind it. What that promises:
//!
//! - **Order.** The oldest first, always; with more than one request at once, the oldest of each route. An outage of the disk is the
//!   exception: what cannot be read from there goes when it can be.
//!   Another one is a payload that the endpoint answers ten times in a row with an error of its own (5xx): the next one is tried. If that is
//!   taken, the first is tried once more, and then refused; it would keep all others waiting for days.
//! - **Waits.** Each route has waits of its own, by the Agent's rule ([`Backoff`]), and after each of them exactly one payload tries. An endpoint's
//!   `Retry-After` is honoured, up to a limit.
//! - **Never dropped for an error that may pass.** Of the HTTP statuses only those that judge the request itself are final
//!   ([`remedy`]). An invalid key (401, 403) is none of them: everything is kept, tried every five minutes, and goes out when a forwarder
//!   with a valid key takes over, as after a reload. (The Agent drops it.)
//! - **Bounded.** So many bytes in memory, so many on the disk. Beyond that the oldest is dropped, and counted. What is sent from the disk
//!   is in memory besides: one payload for each request at once.
//! - **Restarts.** What waits longer than two seconds goes to the disk, and at the end all that waits does. It is there when the call
//!   returns (`fsync`), in a file that only its owner reads, without the endpoint's address and without keys. The next process sends it
//!   first.
//! - **Killed.** With a spool, a payload is written to a journal before it is sent, as is that it is being sent, and what became of it: into
//!   the system's memory, where it outlives the process. A ledger has what was [announced](Forwarder::announce). What was
//!   announced, and is neither settled nor found by the next process, is what was lost; it is counted ([`Loss::Killed`]).
//! - **Once.** A payload that has been accepted is never sent again. It is sent twice only if nobody knows whether it was accepted:
//!   the process was killed, or the connection lost, before the answer. That is counted, too ([`Notice::Again`]). Datadog's intake replaces a
//!   point by a later one of the same context and time, so sending it twice does no harm.
//! - **Counted.** What was pushed and what was found on the disk is delivered, waits, or is counted with the reason
//!   ([`ForwardStatistics`]), at every moment; and what was announced over all processes ([`Lasting`]).
//! - **A damaged file** is put aside (`spool.damaged`), told, and costs no more than what cannot be read of it.

mod backoff;
mod book;
mod breaker;
mod counts;
mod disk;
mod endpoint;
mod head;
mod heirs;
mod http;
mod journal;
mod ledger;
mod notice;
mod options;
mod outcome;
mod owner;
mod payload;
mod queue;
mod shelf;
mod spool;
mod state;
mod store;
mod stuck;
mod told;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::{Amount, Held, Lasting};
use book::Book;

pub use backoff::Backoff;
pub use counts::ForwardStatistics;
pub use endpoint::{Endpoint, Refusal, Remedy, Sending};
pub use heirs::inherit;
pub use http::{HttpEndpoint, ReadAnswer, remedy};
pub(in crate::output) use http::{connecting_in_time, may_be_sent};
pub use notice::{Loss, Notice};
pub use options::{ForwardOptions, Observer, SpoolOptions};
pub use owner::Owner;
pub use payload::Payload;
pub(in crate::output) use told::{Told, shown};

/// Takes payloads and sends them to an endpoint: at once if nothing waits, and oldest first.
///
/// ```
/// use std::sync::Arc;
/// use std::time::{Duration, SystemTime};
///
/// use allwell::http::HttpOptions;
/// use allwell::output::Amount;
/// use allwell::output::forward::{ForwardOptions, Forwarder, HttpEndpoint, Payload};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoint = HttpEndpoint::new("intake", "http://127.0.0.1:1/", &HttpOptions::default())?;
/// let forwarder = Forwarder::new(Arc::new(endpoint), ForwardOptions::default());
/// forwarder.push(Payload {
///     route: "/api/v2/series".into(),
///     content_type: "application/json".into(),
///     content_encoding: None,
///     body: br#"{"series":[]}"#.as_slice().into(),
///     amount: Amount { series: 1, ..Amount::default() },
///     made: SystemTime::now(),
/// });
/// forwarder.finish(Duration::from_millis(100)).await;
/// // Nobody listens there, and there is no spool.
/// assert_eq!(forwarder.held().dropped.series, 1);
/// # Ok(()) }
/// ```
pub struct Forwarder {
    shared: Arc<worker::Shared>,
    worker: JoinHandle<()>,
}

impl Forwarder {
    /// A forwarder to an endpoint. To be called within a runtime. What an earlier process has left on the disk is sent first.
    pub fn new(endpoint: Arc<dyn Endpoint>, options: ForwardOptions) -> Self {
        let shared = Arc::new(worker::Shared::new(endpoint, options));
        let worker = tokio::spawn(worker::run(Arc::clone(&shared)));
        Self { shared, worker }
    }

    /// Takes a payload. Never fails: what becomes of it is counted. With a spool it is written to the journal, so it is best called where
    /// that may take a moment.
    pub fn push(&self, payload: Payload) {
        self.shared.push(payload);
        self.shared.changed.notify_one();
    }

    /// Notes that so much is on its way to be pushed: if the process is killed before it is, the next one counts it as lost. What is
    /// pushed without having been announced is as good.
    pub fn announce(&self, amount: Amount) {
        self.shared.book.iter().for_each(|book| book.announce(amount));
    }

    /// Notes that of what was announced so much will not be pushed, since nobody would accept it, or since it had to make room.
    pub fn withdraw(&self, amount: Amount, refused: bool) {
        self.shared.book.iter().for_each(|book| book.withdraw(amount, refused));
    }

    /// What became of everything over all processes, since one ended while nothing waited; nothing without a spool.
    pub fn lasting(&self) -> Option<Lasting> {
        self.shared.book.as_ref().map(Book::lasting)
    }

    /// What became of everything.
    pub fn statistics(&self) -> ForwardStatistics {
        self.shared.state().statistics()
    }

    /// The same as an output tells it.
    pub fn held(&self) -> Held {
        let counts = self.statistics();
        Held {
            restored: counts.restored,
            queued: counts.queued,
            stored: counts.stored,
            dropped: counts.dropped(),
            refused: counts.refused,
            killed: counts.killed,
            again: counts.again,
            lasting: self.lasting(),
            errors: counts.errors,
            last_error: counts.last_error,
            retrying: counts.retrying,
        }
    }

    /// Sends what waits, or puts it where it survives, within a time, and lets another forwarder have the spool.
    ///
    /// Half of the time is for sending. What failed before is tried once more at once, unless the endpoint asked to be left
    /// alone. Then what is left goes to the disk; if there is none, it is tried again until three quarters of the time are over, and then
    /// counted as lost. What is pushed afterwards is lost, too.
    pub async fn finish(&self, within: Duration) {
        let ended = self.shared.ended.notified();
        {
            let mut state = self.shared.state();
            if state.closed {
                return;
            }
            state.end(Instant::now(), within);
        }
        self.shared.changed.notify_one();
        let _ = timeout(within, ended).await;
    }
}

impl Drop for Forwarder {
    /// Without [`finish`](Forwarder::finish) it is as if the process were killed.
    fn drop(&mut self) {
        self.worker.abort();
    }
}

impl fmt::Debug for Forwarder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forwarder")
            .field("endpoint", &self.shared.endpoint.name())
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}
