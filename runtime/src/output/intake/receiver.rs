//! One receiver: its endpoints, what waits for them, and whether its key is valid.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::task::{JoinHandle, JoinSet};

use crate::config::Secret;
use crate::http::{Http, HttpError, HttpOptions};
use crate::output::forward::{
    ForwardOptions, Forwarder, HttpEndpoint, Notice, Owner, Payload, SpoolOptions,
};
use crate::output::{Amount, Held};

use super::keys::{self, ApiKey, Verdict};
use super::site::{self, Addresses};

/// The header that the key is in.
const KEY: &str = "DD-API-KEY";

/// The version of the messages, which the intake wants to be told.
const MESSAGES: (&str, &str) = ("DD-Agent-Payload", "4.87.0");

/// The directory of log lines, below that of the rest.
const LOGS: &str = "logs";

/// How long what waits may take to be sent at the end, as the Agent has it.
const AT_THE_END: Duration = Duration::from_secs(2);

/// Where things are sent, and with which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The addresses.
    pub addresses: Addresses,
    /// The key.
    pub key: ApiKey,
}

impl Destination {
    /// Whose what waits for it on the disk is.
    pub fn owner(&self) -> Owner {
        Owner::new(&[&self.addresses.lasting()], [self.key.secret().expose()])
    }
}

/// A destination, and what it takes to send something there.
pub(super) struct Receiver {
    pub(super) destination: Destination,
    /// What it is called in messages.
    pub(super) name: String,
    /// Asks whether the key is valid.
    pub(super) client: Http,
    pub(super) metrics: Arc<HttpEndpoint>,
    pub(super) logs: Arc<HttpEndpoint>,
    key_faults: Arc<Mutex<Faults>>,
    running: OnceLock<Running>,
}

/// What goes on as long as there is a receiver.
struct Running {
    metrics: Arc<Forwarder>,
    logs: Arc<Forwarder>,
    watch: JoinHandle<()>,
}

/// How often the key was found not to be valid, and when last.
#[derive(Default)]
struct Faults {
    count: u64,
    last: Option<(SystemTime, String)>,
}

impl Receiver {
    /// A receiver, and how many of the same address stand before it.
    pub(super) fn new(
        destination: Destination,
        before: usize,
        options: &HttpOptions,
    ) -> Result<Self, HttpError> {
        let options = with_headers(options, &destination.key);
        let Addresses { metrics, logs, .. } = &destination.addresses;
        let name = match before {
            0 => site::host(metrics).to_owned(),
            more => format!("{}-{}", site::host(metrics), more + 1),
        };
        Ok(Self {
            client: Http::new(&options)?,
            metrics: Arc::new(HttpEndpoint::new(&name, metrics, &options)?),
            logs: Arc::new(HttpEndpoint::new(format!("{name} (logs)"), logs, &options)?),
            key_faults: Arc::default(),
            running: OnceLock::new(),
            destination,
            name,
        })
    }

    /// Whose what waits on the disk is.
    pub(super) fn owner(&self) -> Owner {
        self.destination.owner()
    }

    /// Takes payloads, and writes them down.
    pub(super) fn push(&self, payloads: &[Payload], logs: &[Payload]) {
        let Some(running) = self.running.get() else { return };
        for payload in payloads {
            running.metrics.push(payload.clone());
        }
        for payload in logs {
            running.logs.push(payload.clone());
        }
    }

    /// Notes that so much is on its way.
    pub(super) fn announce(&self, amount: Amount) {
        self.each(amount, Forwarder::announce);
    }

    /// Notes that of what is on its way so much will not come.
    pub(super) fn withdraw(&self, amount: Amount, refused: bool) {
        self.each(amount, |forwarder, amount| forwarder.withdraw(amount, refused));
    }

    /// Does something with both forwarders, and the share of each of an amount.
    fn each(&self, amount: Amount, with: impl Fn(&Forwarder, Amount)) {
        let Some(running) = self.running.get() else { return };
        let logs = Amount { logs: amount.logs, ..Amount::default() };
        for (forwarder, share) in [(&running.metrics, amount.without(logs)), (&running.logs, logs)]
        {
            if share.total() > 0 {
                with(forwarder, share);
            }
        }
    }

    /// Begins to send, and to watch the key, unless it has. To be called within a runtime.
    pub(super) fn start(&self, options: &ForwardOptions) {
        self.running.get_or_init(|| {
            let metrics = with_spool(options, |all| self.owner().directory(all));
            let logs = with_spool(options, |all| self.owner().directory(all).join(LOGS));
            Running {
                metrics: Arc::new(Forwarder::new(self.metrics.clone(), metrics)),
                logs: Arc::new(Forwarder::new(self.logs.clone(), logs)),
                watch: tokio::spawn(self.watch(options)),
            }
        });
    }

    /// Asks whether the key is valid, again and again. Nothing is held back if it is not: those who are asked may be wrong.
    fn watch(&self, options: &ForwardOptions) -> impl Future<Output = ()> + use<> {
        let (client, faults) = (self.client.clone(), Arc::clone(&self.key_faults));
        let (observer, api) = (options.observer.clone(), self.destination.addresses.api.clone());
        let message = self.key_is_not_valid();
        async move {
            loop {
                let verdict = keys::validate(&client, &api).await;
                if verdict == Verdict::Invalid {
                    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
                    faults.count += 1;
                    faults.last = Some((SystemTime::now(), message.clone()));
                    if let Some(observer) = &observer {
                        observer(&Notice::Retrying { message: message.clone(), held: true });
                    }
                }
                let pause = match verdict {
                    Verdict::Unknown(_) => keys::AGAIN,
                    Verdict::Valid | Verdict::Invalid => keys::EVERY,
                };
                tokio::time::sleep(pause).await;
            }
        }
    }

    pub(super) fn key_is_not_valid(&self) -> String {
        let Destination { addresses, key } = &self.destination;
        format!("the key `{key}` is not valid at `{}`", site::host(&addresses.api))
    }

    /// What it holds, and what became of the rest.
    pub(super) fn held(&self) -> Held {
        let Some(running) = self.running.get() else { return Held::default() };
        let (metrics, logs) = (running.metrics.held(), running.logs.held());
        let faults = self.key_faults.lock().unwrap_or_else(PoisonError::into_inner);
        Held {
            restored: metrics.restored + logs.restored,
            queued: metrics.queued + logs.queued,
            stored: metrics.stored + logs.stored,
            dropped: metrics.dropped + logs.dropped,
            refused: metrics.refused + logs.refused,
            killed: metrics.killed + logs.killed,
            again: metrics.again + logs.again,
            lasting: metrics.lasting.zip(logs.lasting).map(|(metrics, logs)| metrics.and(logs)),
            errors: metrics.errors + logs.errors + faults.count,
            last_error: [metrics.last_error, logs.last_error, faults.last.clone()]
                .into_iter()
                .flatten()
                .max_by_key(|(time, _)| *time),
            retrying: metrics.retrying || logs.retrying,
        }
    }

    /// Sends what waits, or puts it where it survives.
    pub(super) fn finish(&self, tasks: &mut JoinSet<()>) {
        let Some(running) = self.running.get() else { return };
        running.watch.abort();
        for forwarder in [&running.metrics, &running.logs] {
            let forwarder = Arc::clone(forwarder);
            tasks.spawn(async move { forwarder.finish(AT_THE_END).await });
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

fn with_headers(options: &HttpOptions, key: &ApiKey) -> HttpOptions {
    let (name, version) = MESSAGES;
    let key = (!key.is_empty()).then(|| (KEY, key.secret()));
    let own = key.into_iter().chain([(name, Secret::new(version))]);
    let own = own.map(|(name, value)| (name.to_owned(), value));
    let headers: BTreeMap<_, _> = options.headers.clone().into_iter().chain(own).collect();
    // A redirect would take the key to somewhere else.
    HttpOptions { headers, allow_redirects: false, ..options.clone() }
}

/// The options with a directory of an endpoint's own, below that of all.
fn with_spool(
    options: &ForwardOptions,
    directory: impl FnOnce(&Path) -> PathBuf,
) -> ForwardOptions {
    let spool = options
        .spool
        .as_ref()
        .map(|spool| SpoolOptions { directory: directory(&spool.directory), ..spool.clone() });
    ForwardOptions { spool, ..options.clone() }
}
