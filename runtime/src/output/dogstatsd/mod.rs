//! An Agent's DogStatsD, or whoever else speaks its protocol: lines of text in packets, to a socket.

mod address;
mod container;
mod deliver;
mod diagnose;
mod distribution;
mod encode;
mod origin;
mod packet;
mod text;
mod transport;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::delivery::Delivery;
use super::diagnosis::Diagnosing;
use super::held::Held;
use super::{Delivering, Output};
use deliver::Work;

pub use address::{Address, DEFAULT_PORT, UnixSocket};
pub use origin::{Cardinality, Origin};

/// How an Agent's DogStatsD is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DogStatsdOptions {
    /// Where it is.
    pub address: Address,
    /// The most bytes of a packet; what the address takes if absent.
    pub packet_size: Option<usize>,
    /// Whether points carry their times, which an Agent reads from 7.40 on.
    pub timestamps: bool,
    /// Whether the default host is named. If not, the Agent names its own.
    pub name_host: bool,
    /// How long a datagram waits for room in the Agent's queue before it is dropped, and counted.
    pub patience: Duration,
    /// What is sent along for the Agent to tell where metrics come from.
    pub origin: Origin,
}

impl DogStatsdOptions {
    /// Times are sent, the host is not named, a datagram waits for a second, and nothing is said of the origin.
    pub fn new(address: Address) -> Self {
        Self {
            address,
            packet_size: None,
            timestamps: true,
            name_host: false,
            patience: Duration::from_secs(1),
            origin: Origin::default(),
        }
    }
}

/// Sends to DogStatsD.
///
/// What is sent is not acknowledged by anybody. What is known of it: on a unix socket, everything was put into the Agent's own
/// queue; on UDP of this host, somebody listens. What cannot be sent because nobody is there is kept by the hub.
pub struct DogStatsd {
    address: Address,
    work: tokio::sync::Mutex<Work>,
    counts: Arc<Mutex<Held>>,
}

impl DogStatsd {
    /// An output that connects when it has something to send.
    pub fn new(options: DogStatsdOptions) -> Self {
        let (address, counts) = (options.address.clone(), Arc::default());
        let work = tokio::sync::Mutex::new(Work::new(options, Arc::clone(&counts)));
        Self { address, work, counts }
    }
}

impl Output for DogStatsd {
    fn name(&self) -> &'static str {
        "dogstatsd"
    }

    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        Box::pin(async move { self.work.lock().await.deliver(deliveries).await })
    }

    fn held(&self) -> Held {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn diagnose(&self) -> Diagnosing<'_> {
        Box::pin(diagnose::diagnose(&self.address))
    }
}

impl fmt::Debug for DogStatsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DogStatsd").field("address", &self.address).finish_non_exhaustive()
    }
}
