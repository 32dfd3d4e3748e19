//! One output with its own queue and task, so that a slow one keeps none of the others waiting.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::amount::Amount;
use super::delivery::Delivery;
use super::inbox::Inbox;
use super::statistics::{OutputState, OutputStatistics};
use super::{Output, OutputError, Remedy};

/// How many points an output is offered at once.
const AT_ONCE: u64 = 100_000;

/// The first pause before deliveries are offered again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// An output, what waits for it, and what became of the rest.
pub(super) struct Lane {
    name: String,
    output: Arc<dyn Output>,
    state: Mutex<State>,
    /// Something came in, or no more will.
    changed: Notify,
}

#[derive(Default)]
struct State {
    inbox: Inbox,
    /// What the output is being offered.
    offered: Amount,
    taken: Amount,
    /// What was delivered when it was last asked for: no such number grows less.
    delivered: Amount,
    refused: Amount,
    errors: u64,
    last_error: Option<(SystemTime, String)>,
    state: OutputState,
    /// No more will come in.
    complete: bool,
}

impl Lane {
    pub(super) fn new(name: String, output: Arc<dyn Output>) -> Self {
        Self { name, output, state: Mutex::default(), changed: Notify::new() }
    }

    /// Begins what goes on without deliveries.
    pub(super) fn start(&self) {
        match catch_unwind(AssertUnwindSafe(|| self.output.start())) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.note(&error),
            Err(_) => self.panicked(),
        }
    }

    /// So much will be added.
    pub(super) fn announce(&self, amount: Amount) {
        self.output.announce(amount);
    }

    /// Of what was announced, so much will not be added.
    pub(super) fn withdraw(&self, amount: Amount) {
        if amount.total() > 0 {
            self.output.withdraw(amount);
        }
    }

    pub(super) fn add(&self, deliveries: &[Arc<Delivery>], most: u64) {
        let mut state = self.state();
        if state.state == OutputState::Closed {
            let amount = sum(deliveries);
            state.refused += amount;
            drop(state);
            return self.withdraw(amount);
        }
        // What is being offered counts, too; it may come back.
        let room = most.saturating_sub(state.offered.total());
        let before = state.inbox.dropped;
        state.inbox.add(deliveries.iter().cloned(), room);
        let dropped = state.inbox.dropped.without(before);
        drop(state);
        self.withdraw(dropped);
        self.changed.notify_one();
    }

    /// No more will come in; what waits is to be delivered without pauses.
    pub(super) fn complete(&self) {
        self.state().complete = true;
        self.changed.notify_one();
    }

    pub(super) fn statistics(&self) -> OutputStatistics {
        // In this order: what is taken in between is held and not yet known to be taken. The other way round it would be known to be taken and
        // not yet to be held: delivered, and that for ever.
        let mut state = self.state();
        let held = self.output.held();
        let gone = held.queued + held.dropped + held.refused;
        // What is being taken may already be held, and then is for a moment in one of the numbers only.
        state.delivered = state.delivered.or_more((state.taken + held.restored).without(gone));
        let retrying = state.state == OutputState::Working && held.retrying;
        OutputStatistics {
            name: self.name.clone(),
            state: if retrying { OutputState::Retrying } else { state.state },
            delivered: state.delivered,
            queued: state.inbox.amount() + state.offered + held.queued,
            stored: held.stored,
            restored: held.restored,
            dropped: state.inbox.dropped + held.dropped + held.killed,
            killed: held.killed,
            again: held.again,
            lasting: held.lasting,
            refused: state.refused + held.refused,
            errors: state.errors + held.errors,
            last_error: later(state.last_error.clone(), held.last_error),
        }
    }

    /// Offers the output what comes in, until no more will and it has finished, or it takes nothing any more. One that panics takes nothing
    /// any more.
    pub(super) async fn serve(&self) {
        if self.state().state != OutputState::Closed
            && caught(self.serve_to_the_end()).await.is_none()
        {
            self.panicked();
        }
    }

    fn panicked(&self) {
        self.note(&OutputError::close("the output panicked: this is an error in its code"));
        self.refuse(OutputState::Closed);
        self.refuse_the_rest();
    }

    async fn serve_to_the_end(&self) {
        while let Some(batch) = self.next().await {
            if !self.offer(&batch).await {
                return;
            }
        }
        if let Err(error) = self.output.finish().await {
            self.note(&error);
        }
    }

    async fn next(&self) -> Option<Vec<Arc<Delivery>>> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state();
                if !state.inbox.is_empty() {
                    let batch = state.inbox.take(AT_ONCE);
                    state.offered += sum(&batch);
                    return Some(batch);
                }
                if state.complete {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// Offers a batch until it is taken or refused. Tells whether the output will take more.
    async fn offer(&self, batch: &[Arc<Delivery>]) -> bool {
        let mut pause = FIRST_PAUSE;
        loop {
            let Err(error) = self.output.deliver(batch).await else {
                let mut state = self.state();
                let offered = std::mem::take(&mut state.offered);
                (state.state, state.taken) = (OutputState::Working, state.taken + offered);
                return true;
            };
            self.note(&error);
            match error.remedy {
                Remedy::Retry => self.pause(pause).await,
                Remedy::Discard => {
                    self.refuse(OutputState::Working);
                    return true;
                }
                Remedy::Close => {
                    self.refuse(OutputState::Closed);
                    self.refuse_the_rest();
                    return false;
                }
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn pause(&self, pause: Duration) {
        self.state().state = OutputState::Retrying;
        let over = Instant::now() + pause;
        while !self.state().complete {
            if timeout_at(over, self.changed.notified()).await.is_err() {
                return;
            }
        }
        // At the end there is no time for long pauses, nor for the rest of one.
        tokio::time::sleep(FIRST_PAUSE / 10).await;
    }

    /// What was offered is refused.
    fn refuse(&self, now: OutputState) {
        let mut state = self.state();
        state.state = now;
        let offered = std::mem::take(&mut state.offered);
        state.refused += offered;
        drop(state);
        self.withdraw(offered);
    }

    fn refuse_the_rest(&self) {
        let mut state = self.state();
        let waiting = state.inbox.amount();
        state.inbox.take(u64::MAX);
        state.refused += waiting;
        drop(state);
        self.withdraw(waiting);
    }

    fn note(&self, error: &OutputError) {
        let mut state = self.state();
        state.errors += 1;
        state.last_error = Some((SystemTime::now(), error.message.clone()));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sum(deliveries: &[Arc<Delivery>]) -> Amount {
    deliveries.iter().fold(Amount::default(), |sum, delivery| sum + delivery.amount())
}

/// What comes of a future; nothing if it panics, which has been told by then.
async fn caught<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let polled = |cx: &mut Context<'_>| {
        let poll = AssertUnwindSafe(|| future.as_mut().poll(cx));
        catch_unwind(poll).map_or(Poll::Ready(None), |polled| polled.map(Some))
    };
    poll_fn(polled).await
}

/// The error that was seen last.
fn later(
    one: Option<(SystemTime, String)>,
    other: Option<(SystemTime, String)>,
) -> Option<(SystemTime, String)> {
    one.into_iter().chain(other).max_by_key(|(time, _)| *time)
}
