//! Between the runs and the outputs: gathers deliveries for a moment and hands them to every output.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::Output;
use super::ahead::Ahead;
use super::amount::Amount;
use super::delivery::Delivery;
use super::inbox::Inbox;
use super::lane::Lane;
use super::statistics::OutputStatistics;

/// So many points are not gathered any longer: memory that a burst has taken is not given back soon.
const ENOUGH: u64 = 10_000;

/// Is called with every batch before any output is.
pub type Before = Arc<dyn Fn(&[Arc<Delivery>]) + Send + Sync>;

/// How a hub gathers.
#[derive(Clone)]
pub struct HubOptions {
    /// How long deliveries are gathered.
    pub gather: Duration,
    /// How many points may wait for an output; beyond them the oldest are dropped, and counted.
    pub most_points: u64,
    /// Called with every batch on a thread that may block, before any output is offered it.
    pub before: Option<Before>,
    /// Where the outputs are served, so that they have threads of their own; where the hub is made, if nothing is said.
    pub runtime: Option<Handle>,
}

impl Default for HubOptions {
    /// A second, a million points.
    fn default() -> Self {
        Self { gather: Duration::from_secs(1), most_points: 1_000_000, before: None, runtime: None }
    }
}

impl fmt::Debug for HubOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { gather, most_points, .. } = self;
        f.debug_struct("HubOptions")
            .field("gather", gather)
            .field("most_points", most_points)
            .finish_non_exhaustive()
    }
}

/// Takes the deliveries of all runs and serves all outputs.
pub struct Hub {
    shared: Arc<Shared>,
    gatherer: Mutex<Option<JoinHandle<()>>>,
    servers: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    options: HubOptions,
    ahead: Option<Ahead>,
    lanes: Vec<Arc<Lane>>,
    incoming: Mutex<Incoming>,
    changed: Notify,
    /// There is enough to be handed on at once.
    enough: Notify,
    /// An output takes nothing any more.
    output_closed: Notify,
}

#[derive(Default)]
struct Incoming {
    inbox: Inbox,
    /// What is being done with before the outputs have it.
    ahead: Vec<Arc<Delivery>>,
    complete: bool,
}

/// What was left when a hub was closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Closed {
    /// What some output has neither passed on nor put where it survives.
    pub undelivered: Amount,
}

impl Hub {
    /// A hub for these outputs. To be called within a runtime.
    pub fn new(outputs: Vec<Arc<dyn Output>>, options: HubOptions) -> Self {
        let named = names(&outputs).into_iter().zip(outputs);
        let lanes = named.map(|(name, output)| Arc::new(Lane::new(name, output))).collect();
        let shared = Arc::new(Shared {
            ahead: options.before.clone().map(Ahead::new),
            options,
            lanes,
            incoming: Mutex::default(),
            changed: Notify::new(),
            enough: Notify::new(),
            output_closed: Notify::new(),
        });
        let runtime = shared.options.runtime.clone().unwrap_or_else(Handle::current);
        {
            let _entered = runtime.enter();
            shared.lanes.iter().for_each(|lane| lane.start());
        }
        let serve = |lane: &Arc<Lane>| {
            let (lane, shared) = (Arc::clone(lane), Arc::clone(&shared));
            runtime.spawn(async move {
                lane.serve().await;
                shared.output_closed.notify_one();
            })
        };
        let servers = Mutex::new(shared.lanes.iter().map(serve).collect());
        let gatherer = tokio::spawn(gather(Arc::clone(&shared)));
        Self { shared, gatherer: Mutex::new(Some(gatherer)), servers }
    }

    /// Takes a delivery. Never waits.
    pub fn push(&self, delivery: Delivery) {
        let amount = delivery.amount();
        if amount.total() > 0 {
            self.shared.lanes.iter().for_each(|lane| lane.announce(amount));
        }
        let mut incoming = self.shared.incoming();
        let (was_empty, before) = (incoming.inbox.is_empty(), incoming.inbox.amount().total());
        let dropped = incoming.inbox.dropped;
        incoming.inbox.add([Arc::new(delivery)], self.shared.options.most_points);
        let dropped = incoming.inbox.dropped.without(dropped);
        let now = incoming.inbox.amount().total();
        drop(incoming);
        self.shared.lanes.iter().for_each(|lane| lane.withdraw(dropped));
        if was_empty {
            self.shared.changed.notify_one();
        }
        if before < ENOUGH && now >= ENOUGH {
            self.shared.enough.notify_one();
        }
    }

    /// What became of everything, by output.
    pub fn statistics(&self) -> Vec<OutputStatistics> {
        // What had no room before it was handed on is missing everywhere.
        let (dropped, ahead) = {
            let incoming = self.shared.incoming();
            (incoming.inbox.dropped, incoming.ahead())
        };
        let of = |lane: &Arc<Lane>| {
            let mut statistics = lane.statistics();
            statistics.dropped += dropped;
            statistics.queued += ahead;
            statistics
        };
        self.shared.lanes.iter().map(of).collect()
    }

    /// Waits until an output takes nothing any more.
    pub async fn output_closed(&self) {
        self.shared.output_closed.notified().await;
    }

    /// Hands on what has been gathered, lets the outputs take what waits, and ends, all within a time.
    pub async fn close(&self, within: Duration) -> Closed {
        let deadline = Instant::now() + within;
        self.shared.incoming().complete = true;
        self.shared.changed.notify_one();
        self.shared.enough.notify_one();
        // The outputs need the greater part of the time to put what they hold where it survives.
        let gathered = Instant::now() + within / 3;
        let gatherer = lock(&self.gatherer).take();
        if let Some(mut task) = gatherer
            && tokio::time::timeout_at(gathered, &mut task).await.is_err()
        {
            task.abort();
            let _ = tokio::time::timeout_at(deadline, task).await;
            self.shared.hand_on_the_rest();
        }
        let servers = std::mem::take(&mut *lock(&self.servers));
        for mut task in servers {
            if tokio::time::timeout_at(deadline, &mut task).await.is_err() {
                task.abort();
            }
        }
        self.waiting()
    }

    /// What would be left if it were closed now.
    pub fn waiting(&self) -> Closed {
        let mut undelivered = self.shared.incoming().inbox.amount();
        self.statistics()
            .iter()
            .for_each(|output| undelivered += output.queued.without(output.stored));
        Closed { undelivered }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        lock(&self.gatherer).iter().for_each(JoinHandle::abort);
        lock(&self.servers).iter().for_each(JoinHandle::abort);
    }
}

impl Incoming {
    fn ahead(&self) -> Amount {
        self.ahead.iter().fold(Amount::default(), |sum, delivery| sum + delivery.amount())
    }
}

impl Shared {
    fn incoming(&self) -> MutexGuard<'_, Incoming> {
        lock(&self.incoming)
    }

    /// Hands all that has come in to all outputs.
    async fn hand_on(&self) {
        let batch = {
            let mut incoming = self.incoming();
            incoming.ahead = incoming.inbox.take(u64::MAX);
            incoming.ahead.clone()
        };
        if let Some(ahead) = &self.ahead {
            ahead.done_with(&batch).await;
        }
        drop(batch);
        self.deliver();
    }

    /// The end has come before what is done ahead has ended: better that without than nothing at all.
    fn hand_on_the_rest(&self) {
        let rest = self.incoming().inbox.take(u64::MAX);
        self.incoming().ahead.extend(rest);
        self.deliver();
        self.lanes.iter().for_each(|lane| lane.complete());
    }

    /// Gives the outputs what nothing more is to be done with ahead.
    fn deliver(&self) {
        let mut batch = std::mem::take(&mut self.incoming().ahead);
        batch.retain(|delivery| !delivery.is_empty());
        for lane in &self.lanes {
            lane.add(&batch, self.options.most_points);
        }
    }
}

/// Hands on what comes in, a moment after it began to.
async fn gather(shared: Arc<Shared>) {
    loop {
        let changed = shared.changed.notified();
        let (waiting, complete) = {
            let incoming = shared.incoming();
            (!incoming.inbox.is_empty(), incoming.complete)
        };
        if !waiting && complete {
            break;
        }
        if !waiting {
            changed.await;
            continue;
        }
        if !complete {
            let _ = tokio::time::timeout(shared.options.gather, shared.enough.notified()).await;
        }
        shared.hand_on().await;
    }
    shared.lanes.iter().for_each(|lane| lane.complete());
}

/// What each output is called, so that no two have the same name.
fn names(outputs: &[Arc<dyn Output>]) -> Vec<String> {
    let mut seen = HashMap::new();
    let of = |output: &Arc<dyn Output>| {
        let count = seen.entry(output.name().to_owned()).or_insert(0_u32);
        *count += 1;
        if *count == 1 { output.name().to_owned() } else { format!("{}-{count}", output.name()) }
    };
    outputs.iter().map(of).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("outputs", &self.shared.lanes.len()).finish_non_exhaustive()
    }
}
