//! What waits to be sent, by route, oldest first: in memory, and what is known of the disk.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::output::Amount;

use super::breaker::Breaker;
use super::head::Head;
use super::payload::Payload;
use super::shelf::Shelf;
use super::stuck::Stuck;

/// The name of a route.
pub(super) type RouteName = Cow<'static, str>;

/// The number of the first payload of this process: what an earlier one left has lower ones.
pub(super) const FIRST: u64 = 1 << 62;

/// So much goes to the disk at once, in bytes.
const BATCH: usize = 1 << 20;

/// A payload with its place in the order of all.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) payload: Arc<Payload>,
    /// When it was pushed.
    since: Instant,
    /// There was no room for it on the disk; it is not tried there again before this.
    stays: Option<Instant>,
}

/// What is being sent.
#[derive(Debug, Clone)]
pub(super) enum UnderWay {
    FromMemory(Entry),
    FromDisk(Head),
}

impl UnderWay {
    /// Its place in the order of all.
    pub(super) const fn number(&self) -> u64 {
        match self {
            Self::FromMemory(entry) => entry.number,
            Self::FromDisk(head) => head.number,
        }
    }
}

/// What waits to be sent.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) routes: BTreeMap<RouteName, Route>,
    next: u64,
    /// What is in memory, and what is being written to the disk, in bytes.
    pub(super) bytes: usize,
    /// How much that is.
    pub(super) amount: Amount,
    /// What is being written to the disk.
    spilling: Vec<Entry>,
    /// How many requests are under way.
    pub(super) under_way: usize,
}

/// What waits for a route.
#[derive(Debug, Default)]
pub(super) struct Route {
    waiting: VecDeque<Entry>,
    pub(super) under_way: Option<UnderWay>,
    pub(super) shelf: Shelf,
    pub(super) breaker: Breaker,
    pub(super) stuck: Stuck,
}

/// What is to go to the disk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub(super) now: Instant,
    /// What waits so long.
    pub(super) after: Duration,
    /// What there is beyond half of this, in bytes.
    pub(super) most_bytes: usize,
    /// All that waits for a route that does not work.
    pub(super) failing: bool,
    /// All.
    pub(super) all: bool,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            routes: BTreeMap::new(),
            next: FIRST,
            bytes: 0,
            amount: Amount::default(),
            spilling: Vec::new(),
            under_way: 0,
        }
    }
}

impl Queue {
    /// The number of the next payload.
    pub(super) const fn number(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    /// Adds a payload with its number.
    pub(super) fn push(&mut self, number: u64, payload: Payload, now: Instant) {
        self.bytes += payload.size();
        self.amount += payload.amount;
        self.routes.entry(payload.route.clone()).or_default();
        self.put_back(Entry { number, payload: Arc::new(payload), since: now, stays: None });
    }

    /// What waits in memory and is not under way.
    pub(super) fn waiting(&self) -> Vec<(u64, Arc<Payload>)> {
        let waiting = self.routes.values().flat_map(|route| &route.waiting);
        waiting.map(|entry| (entry.number, Arc::clone(&entry.payload))).collect()
    }

    /// Takes out the oldest that waits in memory, if any does.
    pub(super) fn pop_oldest(&mut self) -> Option<Entry> {
        let entry = self.take_oldest(|_| true, |_, _| true)?;
        self.forget(&entry);
        Some(entry)
    }

    /// The oldest payload that may be sent now. From then on it is under way.
    pub(super) fn start_next(&mut self, now: Instant, disk: bool) -> Option<(RouteName, UnderWay)> {
        let spilling = |name: &RouteName| {
            let mut of_route = self.spilling.iter().filter(|entry| entry.payload.route == *name);
            of_route.next().map_or(u64::MAX, |entry| entry.number)
        };
        let oldest = |(name, route): (&RouteName, &Route)| {
            let number = route.oldest(disk)?;
            (route.is_ready(now) && number < spilling(name)).then(|| (number, name.clone()))
        };
        let (_, name) = self.routes.iter().filter_map(oldest).min()?;
        let under_way = self.routes.get_mut(&name)?.start(disk)?;
        self.under_way += 1;
        Some((name, under_way))
    }

    /// A payload is not under way any more.
    pub(super) fn end(&mut self, name: &RouteName, leaves: bool) -> Option<&mut Route> {
        let ended = self.routes.get_mut(name)?.under_way.take()?;
        self.under_way -= 1;
        match ended {
            UnderWay::FromMemory(entry) if leaves => self.forget(&entry),
            UnderWay::FromMemory(entry) => self.put_back(entry),
            UnderWay::FromDisk(_) => {}
        }
        self.routes.get_mut(name)
    }

    /// Takes what is to go to the disk next, oldest first.
    pub(super) fn spill(&mut self, due: &Due) -> Vec<Entry> {
        let mut size = 0;
        let enough = match self.bytes > due.most_bytes / 2 {
            true => due.most_bytes / 4,
            false => usize::MAX,
        };
        while size < BATCH {
            let too_much = self.bytes - size > enough;
            let may = |entry: &Entry| entry.stays.is_none_or(|until| until <= due.now);
            let wanted = |route: &Route, entry: &Entry| {
                too_much
                    || due.all
                    || (due.failing && route.breaker.is_open())
                    || entry.since + due.after <= due.now
            };
            let Some(entry) = self.take_oldest(may, wanted) else { break };
            size += entry.payload.size();
            self.spilling.push(entry);
        }
        self.spilling.clone()
    }

    /// What was to go to the disk is there, or it is still here; what has no room there stays for a while.
    pub(super) fn spilled(
        &mut self,
        stored: &BTreeSet<u64>,
        no_room: &BTreeSet<u64>,
        stays: Instant,
    ) {
        for mut entry in std::mem::take(&mut self.spilling) {
            if stored.contains(&entry.number) {
                self.forget(&entry);
                continue;
            }
            entry.stays = no_room.contains(&entry.number).then_some(stays);
            self.put_back(entry);
        }
    }

    /// Notes what is on the disk.
    pub(super) fn shelve(&mut self, shelves: &BTreeMap<RouteName, Shelf>) {
        for (name, route) in &mut self.routes {
            route.shelf = shelves.get(name).copied().unwrap_or_default();
        }
        for (name, shelf) in shelves {
            if !self.routes.contains_key(name) {
                self.routes.entry(name.clone()).or_default().shelf = *shelf;
            }
        }
    }

    /// What is being sent from the disk.
    pub(super) fn under_way_from_disk(&self) -> Vec<(RouteName, u64)> {
        let head = |route: &Route| match &route.under_way {
            Some(UnderWay::FromDisk(head)) => Some(head.number),
            _ => None,
        };
        self.routes.iter().filter_map(|(name, route)| Some((name.clone(), head(route)?))).collect()
    }

    /// When the next route may be tried that may not be now.
    pub(super) fn next_try(&self, now: Instant) -> Option<Instant> {
        let waiting = self.routes.values().filter(|route| route.oldest(true).is_some());
        waiting.filter_map(|route| route.breaker.until()).filter(|until| *until > now).min()
    }

    /// When the next in memory will have waited so long that it is to go to the disk.
    pub(super) fn next_due(&self, after: Duration) -> Option<Instant> {
        self.routes.values().filter_map(|route| route.next_due(after)).min()
    }

    /// How much is on the disk.
    pub(super) fn stored(&self) -> Amount {
        self.routes.values().fold(Amount::default(), |sum, route| sum + route.shelf.amount)
    }

    /// What is on the disk takes, in bytes.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.routes.values().map(|route| route.shelf.taken).sum()
    }

    /// Takes out the oldest in memory of those that may be, if it is wanted.
    fn take_oldest(
        &mut self,
        may: impl Fn(&Entry) -> bool,
        wanted: impl Fn(&Route, &Entry) -> bool,
    ) -> Option<Entry> {
        let first = |route: &Route| {
            let place = route.waiting.iter().position(&may)?;
            let entry = route.waiting.get(place)?;
            wanted(route, entry).then_some((entry.number, place))
        };
        let routes = self.routes.values_mut().filter_map(|route| Some((first(route)?, route)));
        let ((_, place), route) = routes.min_by_key(|(first, _)| *first)?;
        let entry = route.waiting.remove(place);
        if route.waiting.is_empty() {
            route.waiting.shrink_to(64);
        }
        entry
    }

    /// It is not in memory any more.
    fn forget(&mut self, entry: &Entry) {
        self.bytes -= entry.payload.size();
        self.amount -= entry.payload.amount;
    }

    /// It waits again, where it did before.
    fn put_back(&mut self, entry: Entry) {
        let Some(route) = self.routes.get_mut(&entry.payload.route) else { return };
        let place = route.waiting.partition_point(|waiting| waiting.number < entry.number);
        route.waiting.insert(place, entry);
    }
}

impl Route {
    fn is_ready(&self, now: Instant) -> bool {
        self.under_way.is_none() && self.breaker.until().is_none_or(|until| until <= now)
    }

    /// The number of the oldest that waits, on the disk only if that can be read.
    pub(super) fn oldest(&self, disk: bool) -> Option<u64> {
        let stored = self.shelf.head.filter(|_| disk).map(|head| head.number);
        let waiting = self.waiting.front().map(|entry| entry.number);
        stored.into_iter().chain(waiting).min()
    }

    /// Those that stay stand before the others.
    fn next_due(&self, after: Duration) -> Option<Instant> {
        let first = self.waiting.iter().position(|entry| entry.stays.is_none());
        let until_first = self.waiting.iter().take(first.map_or(usize::MAX, |place| place + 1));
        until_first.map(|entry| entry.stays.unwrap_or(entry.since + after)).min()
    }

    /// The number of the one behind the oldest.
    fn second(&self, disk: bool) -> Option<u64> {
        let stored = [self.shelf.head, self.shelf.second].into_iter().flatten();
        let stored = stored.filter(|_| disk).map(|head| head.number);
        let waiting = self.waiting.iter().take(2).map(|entry| entry.number);
        let mut numbers: Vec<_> = stored.chain(waiting).collect();
        numbers.sort_unstable();
        numbers.get(1).copied()
    }

    fn start(&mut self, disk: bool) -> Option<UnderWay> {
        let number = self.oldest(disk)?;
        let next = self.second(disk).filter(|_| self.stuck.gives_way(number));
        let number = next.unwrap_or(number);
        let mut on_disk = [self.shelf.head, self.shelf.second].into_iter().flatten();
        let started = if let Some(head) = on_disk.find(|head| head.number == number) {
            UnderWay::FromDisk(head)
        } else {
            let place = self.waiting.iter().position(|entry| entry.number == number)?;
            UnderWay::FromMemory(self.waiting.remove(place)?)
        };
        self.under_way = Some(started.clone());
        Some(started)
    }
}
