//! What waits to be sent, by route, oldest first.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::time::Instant;

use crate::output::Amount;

use super::breaker::Breaker;
use super::payload::Payload;

/// The name of a route.
pub(super) type RouteName = Cow<'static, str>;

/// A payload with its place in the order of all.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) payload: Arc<Payload>,
    /// When it was pushed.
    pub(super) since: Instant,
}

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Queue {
    pub(super) routes: BTreeMap<RouteName, Route>,
    next: u64,
    /// What is in memory, in bytes.
    pub(super) bytes: usize,
    /// How many requests are under way.
    pub(super) under_way: usize,
}

/// What waits for a route.
#[derive(Debug, Default)]
pub(super) struct Route {
    pub(super) waiting: VecDeque<Entry>,
    pub(super) under_way: Option<Entry>,
    pub(super) breaker: Breaker,
}

impl Queue {
    /// Adds a payload at the end.
    pub(super) fn push(&mut self, payload: Payload, now: Instant) {
        self.bytes += payload.size();
        let number = self.next;
        self.next += 1;
        let name = payload.route.clone();
        let entry = Entry { number, payload: Arc::new(payload), since: now };
        self.routes.entry(name).or_default().waiting.push_back(entry);
    }

    /// Takes out the oldest that waits, if any does.
    pub(super) fn pop_oldest(&mut self) -> Option<Entry> {
        let oldest = |route: &&mut Route| route.waiting.front().map(|entry| entry.number);
        let waiting = self.routes.values_mut().filter(|route| !route.waiting.is_empty());
        let entry = waiting.min_by_key(oldest)?.waiting.pop_front()?;
        self.bytes -= entry.payload.size();
        Some(entry)
    }

    /// The oldest payload that may be sent now. From then on it is under way.
    pub(super) fn start_next(&mut self, now: Instant) -> Option<(RouteName, Entry)> {
        let ready = |route: &Route| {
            route.under_way.is_none() && route.breaker.until().is_none_or(|until| until <= now)
        };
        let oldest = |route: &Route| route.waiting.front().map(|entry| entry.number);
        let routes = self.routes.iter_mut().filter(|(_, route)| ready(route));
        let routes = routes.filter_map(|(name, route)| Some((oldest(route)?, name, route)));
        let (_, name, route) = routes.min_by_key(|(number, ..)| *number)?;
        let entry = route.waiting.pop_front()?;
        route.under_way = Some(entry.clone());
        self.under_way += 1;
        Some((name.clone(), entry))
    }

    /// A payload is not under way any more.
    pub(super) fn end(&mut self, name: &RouteName, leaves: bool) -> Option<&mut Route> {
        let route = self.routes.get_mut(name)?;
        let entry = route.under_way.take()?;
        self.under_way -= 1;
        if leaves {
            self.bytes -= entry.payload.size();
        } else {
            route.waiting.push_front(entry);
        }
        if route.waiting.is_empty() {
            route.waiting.shrink_to(64);
        }
        Some(route)
    }

    /// When the next route may be tried that may not be now.
    pub(super) fn wake(&self, now: Instant) -> Option<Instant> {
        let waiting = self.routes.values().filter(|route| !route.waiting.is_empty());
        let until = waiting.filter_map(|route| route.breaker.until());
        until.filter(|until| *until > now).min()
    }

    /// How much waits or is under way.
    pub(super) fn amount(&self) -> Amount {
        let entries = |route: &'_ Route| {
            let all = route.waiting.iter().chain(&route.under_way);
            all.map(|entry| entry.payload.amount).fold(Amount::default(), |sum, one| sum + one)
        };
        self.routes.values().map(entries).fold(Amount::default(), |sum, one| sum + one)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under_way == 0 && self.routes.values().all(|route| route.waiting.is_empty())
    }
}
