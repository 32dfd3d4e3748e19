//! Sends what waits: decides what may be tried, tries it, and settles what came of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::output::Amount;

use super::breaker::Rules;
use super::counts::ForwardStatistics;
use super::endpoint::{Endpoint, Refusal, Remedy};
use super::notice::{Loss, Notice};
use super::options::ForwardOptions;
use super::payload::Payload;
use super::queue::{Entry, Queue, RouteName};

/// What a forwarder and its tasks share.
pub(super) struct Shared {
    pub(super) endpoint: Arc<dyn Endpoint>,
    pub(super) options: ForwardOptions,
    state: Mutex<State>,
    /// Something came in, or was settled.
    pub(super) changed: Notify,
    /// Nothing waits any more.
    pub(super) empty: Notify,
}

pub(super) struct State {
    pub(super) queue: Queue,
    pub(super) counts: ForwardStatistics,
    chance: fastrand::Rng,
    notices: Vec<Notice>,
}

impl Shared {
    pub(super) fn new(endpoint: Arc<dyn Endpoint>, options: ForwardOptions) -> Self {
        let chance = options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let state = State {
            queue: Queue::default(),
            counts: ForwardStatistics::default(),
            chance,
            notices: Vec::new(),
        };
        Self {
            endpoint,
            options,
            state: Mutex::new(state),
            changed: Notify::new(),
            empty: Notify::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a payload; the oldest make room for it.
    pub(super) fn push(&self, payload: Payload) {
        let mut state = self.state();
        state.counts.pushed += payload.amount;
        if payload.size() > self.options.most_bytes {
            state.lose(Loss::NoRoom, payload.amount, "a payload is larger than the memory for all");
        } else {
            state.queue.push(payload, Instant::now());
            state.make_room(self.options.most_bytes);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Tells the observer what has happened.
    fn tell(&self) {
        let notices = std::mem::take(&mut self.state().notices);
        if let Some(observer) = &self.options.observer {
            notices.iter().for_each(|notice| observer(notice));
        }
    }

    fn rules(&self) -> Rules {
        let ForwardOptions { backoff, hold, longest_retry_after, .. } = self.options;
        Rules { backoff, hold, longest_retry_after }
    }

    /// Notes what came of a payload.
    fn settle(&self, route: &RouteName, amount: Amount, outcome: Outcome) {
        let rules = self.rules();
        let mut state = self.state();
        let chance = state.chance.f64();
        let Some(entry) = state.queue.end(route, outcome.is_final()) else { return };
        let was_open = entry.breaker.is_open();
        match &outcome {
            Outcome::Later(refusal) => {
                entry.breaker.open(refusal.remedy, &rules, Instant::now(), chance);
            }
            Outcome::Taken | Outcome::Refused(_) => entry.breaker.close(&rules.backoff),
            Outcome::Lost(_) => {}
        }
        state.count(amount, outcome);
        if was_open && state.queue.routes.get(route).is_some_and(|route| !route.breaker.is_open()) {
            state.notices.push(Notice::Working { route: route.to_string() });
        }
        drop(state);
        self.changed.notify_one();
    }
}

impl State {
    fn make_room(&mut self, most: usize) {
        let mut dropped = Amount::default();
        while self.queue.bytes > most
            && let Some(oldest) = self.queue.pop_oldest()
        {
            dropped += oldest.payload.amount;
        }
        if dropped.total() > 0 {
            self.lose(Loss::NoRoom, dropped, "the memory for what waits is full");
        }
    }

    pub(super) fn lose(&mut self, loss: Loss, amount: Amount, message: &str) {
        self.counts.lose(loss, amount);
        self.notices.push(Notice::Lost { loss, amount, message: message.to_owned() });
    }

    fn count(&mut self, amount: Amount, outcome: Outcome) {
        match outcome {
            Outcome::Taken => self.counts.delivered += amount,
            Outcome::Lost(loss) => self.lose(loss, amount, "it waited too long"),
            Outcome::Later(Refusal { message, remedy }) => {
                self.counts.fail(&message);
                self.notices.push(Notice::Retrying { message, held: remedy == Remedy::Hold });
            }
            Outcome::Refused(Refusal { message, remedy }) => {
                let refused = match remedy {
                    Remedy::DropPart(part) => part,
                    _ => amount,
                };
                self.counts.fail(&message);
                self.counts.delivered += amount.without(refused);
                self.lose(Loss::Refused, refused, &message);
            }
        }
    }
}

/// What came of a payload.
enum Outcome {
    Taken,
    /// All of it, or a part, will never be accepted.
    Refused(Refusal),
    Later(Refusal),
    Lost(Loss),
}

impl Outcome {
    const fn is_final(&self) -> bool {
        !matches!(self, Self::Later(_))
    }
}

/// Sends what waits, for ever.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut tasks = JoinSet::new();
    loop {
        let now = Instant::now();
        while let Some((route, entry)) = start_next(&shared, now) {
            tasks.spawn(attempt(Arc::clone(&shared), route, entry));
        }
        while tasks.try_join_next().is_some() {}
        shared.tell();
        let wake = {
            let state = shared.state();
            if state.queue.is_empty() {
                shared.empty.notify_one();
            }
            state.queue.wake(now)
        };
        let changed = shared.changed.notified();
        match wake {
            None => changed.await,
            Some(wake) => drop(timeout_at(wake, changed).await),
        }
    }
}

fn start_next(shared: &Shared, now: Instant) -> Option<(RouteName, Entry)> {
    let mut state = shared.state();
    if state.queue.under_way >= shared.options.concurrency.max(1) {
        return None;
    }
    state.queue.start_next(now)
}

async fn attempt(shared: Arc<Shared>, route: RouteName, entry: Entry) {
    let Entry { payload, .. } = &entry;
    let mut attempt =
        Attempt { shared: &shared, route: &route, amount: payload.amount, open: true };
    let age = SystemTime::now().duration_since(payload.made).unwrap_or_default();
    if age > shared.options.outdated {
        return attempt.settle(Outcome::Lost(Loss::Outdated));
    }
    let outcome = match shared.endpoint.send(payload).await {
        Ok(()) => Outcome::Taken,
        Err(refusal) => match refusal.remedy {
            Remedy::Drop | Remedy::DropPart(_) => Outcome::Refused(refusal),
            Remedy::Retry { .. } | Remedy::Hold => Outcome::Later(refusal),
        },
    };
    attempt.settle(outcome);
}

/// Sees to it that a payload is settled even if the endpoint panics.
struct Attempt<'a> {
    shared: &'a Shared,
    route: &'a RouteName,
    amount: Amount,
    open: bool,
}

impl Attempt<'_> {
    fn settle(&mut self, outcome: Outcome) {
        self.open = false;
        self.shared.settle(self.route, self.amount, outcome);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.open {
            self.settle(Outcome::Later(Refusal::retry("the attempt was broken off")));
        }
    }
}
