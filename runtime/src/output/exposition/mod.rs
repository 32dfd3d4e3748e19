//! The current values of all contexts, for whoever comes and asks: Prometheus, or another scraper of its text formats.

mod access;
mod body;
mod buckets;
mod diagnose;
mod encode;
mod families;
mod family;
mod label_sets;
mod labels;
mod name;
mod negotiate;
mod progress;
mod read;
mod refusals;
mod scrape;
mod server;
mod service;
mod slots;
mod store;
mod taking;
mod text;
mod tls;
mod unit;

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::catalogue::Catalogue;
use super::delivery::Delivery;
use super::diagnosis::Diagnosing;
use super::held::Held;
use super::{Delivering, Output, OutputError};
use scrape::Scrape;
use server::Server;
use service::Service;
use store::{Keeping, Store};
use tls::Tls;

pub use access::Access;
pub use negotiate::{Coding, Offer};
pub use refusals::Tell;
pub use text::{Format, Syntax};
pub use tls::TlsFiles;

/// How metrics are exposed.
#[derive(Clone)]
pub struct ExpositionOptions {
    /// The address and port to listen at. With port 0 the system chooses one.
    pub address: SocketAddr,
    /// The path of the metrics.
    pub path: String,
    /// How long a context is exposed without a new point, if that is longer than three times its own interval.
    pub stale_after: Duration,
    /// How many contexts are exposed at most; points of further ones are refused.
    pub most_contexts: usize,
    /// How many connections are served at once; further ones wait.
    pub most_connections: usize,
    /// The finite upper bounds of the buckets of all histograms, in ascending order; those that suit the unit if not given.
    pub bounds: Option<Vec<f64>>,
    /// Names are given as they are to a scraper that asks for them, and not with underscores.
    pub utf8_names: bool,
    /// Who may scrape.
    pub access: Access,
    /// The certificate to be shown; without one, HTTP is spoken in clear.
    pub tls: Option<TlsFiles>,
    /// Where descriptions are found.
    pub catalogue: Arc<Catalogue>,
    /// Is told of what is not exposed.
    pub tell: Option<Tell>,
}

impl Default for ExpositionOptions {
    /// `127.0.0.1:9465`, `/metrics`, five minutes, a million contexts, 64 connections.
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 9465)),
            path: String::from("/metrics"),
            stale_after: Duration::from_mins(5),
            most_contexts: 1_000_000,
            most_connections: 64,
            bounds: None,
            utf8_names: false,
            access: Access::default(),
            tls: None,
            catalogue: Arc::default(),
            tell: None,
        }
    }
}

/// An output that keeps the current value of every context and is scraped.
///
/// It listens from its start or first delivery on, or from [`listen`](Self::listen).
pub struct Exposition {
    store: Arc<Store>,
    service: Arc<Service>,
    tls: Option<Arc<Tls>>,
    address: SocketAddr,
    most_connections: usize,
    listening: Mutex<Option<Listening>>,
}

/// A server under way, and what sweeps up behind it.
struct Listening {
    address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl Exposition {
    /// An output with nothing in it, which does not listen yet.
    ///
    /// # Errors
    /// In words: the certificate or its key cannot be used.
    pub fn new(options: ExpositionOptions) -> Result<Self, String> {
        let ExpositionOptions { address, path, access, utf8_names, .. } = options;
        let store = Arc::new(Store::new(Keeping {
            stale_after: options.stale_after,
            most_contexts: options.most_contexts,
            bounds: options.bounds,
            catalogue: options.catalogue,
            tell: options.tell,
        }));
        let service = Arc::new(Service { store: Arc::clone(&store), path, access, utf8_names });
        let tls = options.tls.map(Tls::new).transpose()?.map(Arc::new);
        let (most_connections, listening) = (options.most_connections, Mutex::default());
        Ok(Self { store, service, tls, address, most_connections, listening })
    }

    /// Listens, if it does not yet, and gives the address. To be called within a runtime.
    ///
    /// # Errors
    /// Nobody can listen there.
    pub fn listen(&self) -> std::io::Result<SocketAddr> {
        let mut listening = self.listening();
        if let Some(listening) = &*listening {
            return Ok(listening.address);
        }
        let listener = Server::listen(self.address)?;
        let address = listener.local_addr()?;
        let (service, tls) = (Arc::clone(&self.service), self.tls.clone());
        let server = Server { listener, service, tls, most_connections: self.most_connections };
        let sweeping = sweep(Arc::clone(&self.store));
        let tasks = [tokio::spawn(server.serve()), tokio::spawn(sweeping)];
        *listening = Some(Listening { address, tasks });
        Ok(address)
    }

    /// Takes deliveries without listening.
    pub fn take(&self, deliveries: &[Arc<Delivery>]) {
        for delivery in deliveries {
            self.store.take(delivery);
        }
    }

    /// Everything as a scraper is given it, in pieces of some 64 KiB.
    pub fn text(&self, format: Format) -> impl Iterator<Item = Vec<u8>> + use<> {
        let mut scrape = Some(Scrape::new(&self.store, format));
        std::iter::from_fn(move || {
            let mut text = Vec::new();
            if !scrape.as_mut()?.next(&mut text) {
                scrape = None;
            }
            Some(text)
        })
    }

    /// How many contexts are kept.
    pub fn contexts(&self) -> usize {
        self.store.contexts()
    }

    fn listening(&self) -> MutexGuard<'_, Option<Listening>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes what is stale, again and again.
async fn sweep(store: Arc<Store>) {
    let pause = Duration::from_secs(u64::from(store.stale_after() / 5).clamp(1, 60));
    loop {
        tokio::time::sleep(pause).await;
        store.sweep();
    }
}

impl Output for Exposition {
    fn name(&self) -> &'static str {
        "openmetrics"
    }

    fn start(&self) -> Result<(), OutputError> {
        self.listen().map(drop).map_err(|error| {
            OutputError::retry(format!("cannot listen at `{}`: {error}", self.address))
        })
    }

    /// Takes everything at once; while nobody can listen at the address, nothing.
    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a> {
        let taken = self.start().map(|()| self.take(deliveries));
        Box::pin(std::future::ready(taken))
    }

    fn held(&self) -> Held {
        self.store.held()
    }

    fn diagnose(&self) -> Diagnosing<'_> {
        Box::pin(self.try_out())
    }
}

impl Drop for Exposition {
    fn drop(&mut self) {
        let tasks = self.listening().take().map(|listening| listening.tasks);
        tasks.iter().flatten().for_each(JoinHandle::abort);
    }
}

impl fmt::Debug for Exposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exposition").field("address", &self.address).finish_non_exhaustive()
    }
}
