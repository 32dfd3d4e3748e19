//! Sends what waits: decides what may be tried, tries it, and settles what came of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::output::Amount;

use super::book::{self, Book};
use super::disk;
use super::endpoint::{Endpoint, Refusal, Remedy};
use super::notice::Loss;
use super::options::ForwardOptions;
use super::outcome::Outcome;
use super::payload::Payload;
use super::queue::{RouteName, UnderWay};
use super::spool::Spool;
use super::state::{DiskJob, State};

/// What a forwarder and its tasks share.
pub(super) struct Shared {
    pub(super) endpoint: Arc<dyn Endpoint>,
    pub(super) options: ForwardOptions,
    state: Mutex<State>,
    /// Taken before the state, never while that is held.
    pub(super) spool: Option<Mutex<Spool>>,
    /// Its pages are taken after the spool and before the state.
    pub(super) book: Option<Book>,
    /// Something came in, or was settled.
    pub(super) changed: Notify,
    /// The end is over.
    pub(super) ended: Notify,
}

impl Shared {
    pub(super) fn new(endpoint: Arc<dyn Endpoint>, options: ForwardOptions) -> Self {
        Self {
            endpoint,
            state: Mutex::new(State::new(options.clone())),
            spool: options.spool.clone().map(|spool| {
                let reserved = book::reserved(&spool, options.most_bytes);
                Mutex::new(Spool::new(spool, reserved))
            }),
            book: options.spool.as_ref().map(|spool| Book::new(spool, options.most_bytes)),
            options,
            changed: Notify::new(),
            ended: Notify::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a payload: first it is written down, then it waits.
    pub(super) fn push(&self, payload: Payload) {
        let Some(book) = &self.book else {
            let mut state = self.state();
            let number = state.queue.number();
            state.push(number, payload);
            return;
        };
        let mut pages = book.pages();
        book.come(payload.amount);
        let number = self.state().queue.number();
        pages.make(number, &payload);
        let dropped = self.state().push(number, payload);
        book.drop_all(&mut pages, &dropped);
    }

    /// Gives up what nothing can be done for any more.
    pub(super) fn close(&self) {
        match &self.book {
            None => drop(self.state().close()),
            Some(book) => {
                let mut pages = book.pages();
                let dropped = self.state().close();
                book.drop_all(&mut pages, &dropped);
            }
        }
    }

    /// Notes that a payload is about to be sent.
    fn note_start(&self, number: u64, payload: &Payload) {
        let again = self.state().starts_again(number);
        if let Some(book) = &self.book {
            book.start(&mut book.pages(), number, again.then_some(payload.amount));
        }
        if again {
            self.state().send_again(payload.amount);
        }
    }

    /// Notes what came of sending a payload that is not on the disk, or waits there again.
    fn note_outcome(&self, number: u64, amount: Amount, outcome: &Outcome) {
        let Some(book) = &self.book else { return };
        let mut pages = book.pages();
        match (outcome.settled(amount), outcome) {
            (Some(settled), _) => book.settle(&mut pages, number, settled, false),
            (None, Outcome::Later(refusal)) if !refusal.unknown => pages.wait(number),
            (None, _) => {}
        }
    }

    /// Tells the observer what has happened.
    fn tell(&self) {
        let notices = self.state().take_notices();
        if let Some(observer) = &self.options.observer {
            for notice in &notices {
                observer(notice);
            }
        }
    }
}

/// Sends what waits, until the end.
pub(super) async fn run(shared: Arc<Shared>) {
    let (mut tasks, mut disk_task) = (JoinSet::new(), None);
    loop {
        let now = Instant::now();
        while let Some((route, under_way)) = next(&shared, now) {
            let (shared, number) = (Arc::clone(&shared), under_way.number());
            let started = Attempt { shared, route, number, open: true };
            tasks.spawn(attempt(started, under_way));
        }
        let job = shared.state().next_disk_job(now);
        if let Some(job) = job {
            disk_task = Some(tokio::spawn(on_disk(Arc::clone(&shared), job)));
        }
        while tasks.try_join_next().is_some() {}
        shared.tell();
        let (wake, ended) = {
            let state = shared.state();
            (state.wake(now), state.has_ended(now))
        };
        if ended {
            break;
        }
        let changed = shared.changed.notified();
        match wake {
            None => changed.await,
            Some(wake) => drop(timeout_at(wake, changed).await),
        }
    }
    tasks.shutdown().await;
    if let Some(task) = disk_task {
        let _ = task.await;
    }
    disk::finish(&shared).await;
    shared.close();
    disk::let_go(&shared);
    shared.tell();
    shared.ended.notify_one();
}

fn next(shared: &Shared, now: Instant) -> Option<(RouteName, UnderWay)> {
    shared.state().start_next(now)
}

async fn on_disk(shared: Arc<Shared>, job: DiskJob) {
    match job {
        DiskJob::Open => disk::open(&shared).await,
        DiskJob::Spill(entries) => disk::spill(&shared, entries).await,
    }
    shared.changed.notify_one();
}

async fn attempt(attempt: Attempt, under_way: UnderWay) {
    let Attempt { shared, route, .. } = &attempt;
    let number = attempt.number;
    let payload = match &under_way {
        UnderWay::FromMemory(entry) => Ok(Arc::clone(&entry.payload)),
        UnderWay::FromDisk(head) => disk::read(shared, route, head.number).await.map(Arc::new),
    };
    let outcome = match payload {
        Ok(payload) => send(shared, number, &payload).await,
        Err(outcome) => outcome,
    };
    attempt.settle(&under_way, outcome).await;
}

async fn send(shared: &Shared, number: u64, payload: &Payload) -> Outcome {
    let age = SystemTime::now().duration_since(payload.made).unwrap_or_default();
    if age > shared.options.outdated {
        return Outcome::Lost(Loss::Outdated);
    }
    shared.note_start(number, payload);
    match shared.endpoint.send(payload).await {
        Ok(()) => Outcome::Taken,
        Err(refusal) => match refusal.remedy {
            Remedy::Drop | Remedy::DropPart(_) => Outcome::Refused(refusal),
            Remedy::Retry { .. } | Remedy::Hold => Outcome::Later(refusal),
        },
    }
}

/// Sees to it that a payload waits again if the endpoint panics, or the attempt is broken off.
struct Attempt {
    shared: Arc<Shared>,
    route: RouteName,
    number: u64,
    open: bool,
}

impl Attempt {
    async fn settle(mut self, under_way: &UnderWay, outcome: Outcome) {
        self.open = false;
        let number = self.number;
        let outcome = self.shared.state().judge(&self.route, number, outcome);
        match under_way {
            UnderWay::FromDisk(head) if outcome.is_final() => {
                disk::remove(&self.shared, self.route.clone(), *head, outcome).await;
            }
            UnderWay::FromDisk(_) => {
                self.shared.note_outcome(number, Amount::default(), &outcome);
                self.note(Amount::default(), outcome);
            }
            UnderWay::FromMemory(entry) => {
                let amount = entry.payload.amount;
                self.shared.note_outcome(number, amount, &outcome);
                self.note(amount, outcome);
            }
        }
        self.shared.changed.notify_one();
    }

    fn note(&self, amount: Amount, outcome: Outcome) {
        self.shared.state().settle(&self.route, amount, outcome);
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if self.open {
            let broken_off = Refusal::retry("an attempt to send was broken off").unknown();
            let outcome = Outcome::Later(broken_off);
            let outcome = self.shared.state().judge(&self.route, self.number, outcome);
            self.note(Amount::default(), outcome);
            self.shared.changed.notify_one();
        }
    }
}
