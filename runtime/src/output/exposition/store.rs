//! The current value of every context, and how long it is kept.

use std::ops::{Bound, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::super::amount::Amount;
use super::super::catalogue::Catalogue;
use super::super::delivery::Delivery;
use super::super::held::Held;
use super::buckets::Bounds;
use super::families::Families;
use super::label_sets::{LabelSets, SHARDS};
use super::refusals::{Reason, Refusals, Tell};
use super::taking::Taking;

/// So many points are taken before others have a turn.
const AT_ONCE: usize = 4096;

/// How many contexts are looked at for stale ones before others have a turn.
const SWEPT_AT_ONCE: u32 = 8192;

/// How a store keeps.
pub(super) struct Keeping {
    /// How long a context is kept without a point.
    pub(super) stale_after: Duration,
    pub(super) most_contexts: usize,
    /// Of all histograms; those that suit the unit if not given.
    pub(super) bounds: Option<Vec<f64>>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) tell: Option<Tell>,
}

/// The current value of every context.
///
/// Points come first: whoever wants the state waits at `next`, and those who come again and again, piece by piece, at `turn`
/// before. So one who takes points waits for one piece at most, however many scrapes go on.
pub(super) struct Store {
    state: Mutex<State>,
    next: Mutex<()>,
    turn: Mutex<()>,
    rules: Rules,
    began: Instant,
    /// How many seconds a context is kept without a point.
    stale_after: u32,
}

/// What a new context depends on.
pub(super) struct Rules {
    pub(super) most_contexts: usize,
    /// Of all histograms; those that suit the unit if not given.
    pub(super) bounds: Option<Arc<Bounds>>,
    pub(super) catalogue: Arc<Catalogue>,
}

/// What changes.
pub(super) struct State {
    pub(super) families: Families,
    pub(super) labels: LabelSets,
    /// How many contexts there are.
    pub(super) contexts: usize,
    /// How many contexts have ever been made.
    pub(super) change: u64,
    pub(super) refusals: Refusals,
}

impl Store {
    pub(super) fn new(keeping: Keeping) -> Self {
        let Keeping { stale_after, most_contexts, bounds, catalogue, tell } = keeping;
        let bounds = bounds.map(|bounds| Arc::new(Bounds::new(bounds)));
        let state = State {
            families: Families::default(),
            labels: LabelSets::default(),
            contexts: 0,
            change: 0,
            refusals: Refusals::new(tell),
        };
        Self {
            state: Mutex::new(state),
            next: Mutex::default(),
            turn: Mutex::default(),
            rules: Rules { most_contexts, bounds, catalogue },
            began: Instant::now(),
            stale_after: u32::try_from(stale_after.as_secs()).unwrap_or(u32::MAX),
        }
    }

    /// Takes what a run yielded, with pauses for others.
    pub(super) fn take(&self, delivery: &Delivery) {
        let (now, rules) = (self.now(), &self.rules);
        for series in delivery.series.chunks(AT_ONCE) {
            let mut taking = Taking { state: &mut self.state(), rules, delivery, now };
            for one in series {
                taking.series(one);
            }
        }
        for sketches in delivery.sketches.chunks(AT_ONCE) {
            let mut taking = Taking { state: &mut self.state(), rules, delivery, now };
            for one in sketches {
                taking.sketch(one);
            }
        }
        let mut taking = Taking { state: &mut self.state(), rules, delivery, now };
        delivery.service_checks.iter().for_each(|one| taking.service_check(one));
        let Amount { events, logs, .. } = delivery.amount();
        taking.refuse(Amount { events, ..Amount::default() }, &Reason::Events);
        taking.refuse(Amount { logs, ..Amount::default() }, &Reason::Logs);
    }

    /// Removes stale contexts, families without contexts, and what only they used; with pauses for others. Points that were refused for
    /// their sake are taken from now on.
    pub(super) fn sweep(&self) {
        let mut bound: Bound<Arc<str>> = Bound::Unbounded;
        let (mut from, mut removed) = (0, 0);
        loop {
            let (_turn, mut state) = self.state_in_turn();
            let Some((name, end)) = state.family_from(&bound) else { break };
            let to = end.min(from + SWEPT_AT_ONCE);
            removed += state.remove_stale(&name, from..to, (self.now(), self.stale_after));
            (bound, from) = match to < end {
                true => (Bound::Included(name), to),
                false => (Bound::Excluded(name), 0),
            };
        }
        let mut state = self.state();
        if removed == 0 && state.labels.len() <= state.contexts {
            return;
        }
        state.families.forget_refused();
        drop(state);
        for shard in 0..SHARDS {
            let (_turn, mut state) = self.state_in_turn();
            state.labels.forget_unused(shard);
        }
    }

    /// What was refused, and the last reason.
    pub(super) fn held(&self) -> Held {
        let state = self.state();
        let Refusals { amount, errors, last, .. } = &state.refusals;
        Held { refused: *amount, errors: *errors, last_error: last.clone(), ..Held::default() }
    }

    /// How many contexts there are, stale ones included that have not been removed.
    pub(super) fn contexts(&self) -> usize {
        self.state().contexts
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        let _next = lock(&self.next);
        lock(&self.state)
    }

    /// The state, for one who will soon want it again.
    pub(super) fn state_in_turn(&self) -> (MutexGuard<'_, ()>, MutexGuard<'_, State>) {
        (lock(&self.turn), self.state())
    }

    /// Seconds since the beginning.
    pub(super) fn now(&self) -> u32 {
        u32::try_from(self.began.elapsed().as_secs()).unwrap_or(u32::MAX)
    }

    /// How many seconds a context is kept without a point.
    pub(super) const fn stale_after(&self) -> u32 {
        self.stale_after
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// The name of the first family from a place on, and the end of its contexts.
    fn family_from(&self, bound: &Bound<Arc<str>>) -> Option<(Arc<str>, u32)> {
        let (name, family) = self.families.from(bound.as_ref().map(|name| &**name))?;
        Some((Arc::clone(name), family.contexts.end()))
    }

    fn remove_stale(&mut self, name: &str, places: Range<u32>, (now, kept): (u32, u32)) -> usize {
        let Some(family) = self.families.named_mut(name) else { return 0 };
        let removed = family.remove_stale(places, now, kept);
        self.contexts -= removed;
        if family.contexts.len() == 0 {
            self.families.remove(name);
        }
        removed
    }
}
