//! What a forwarder knows at a moment, and how that changes.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::output::Amount;

use super::breaker::{Breaker, Rules};
use super::counts::ForwardStatistics;
use super::endpoint::{Refusal, Remedy};
use super::notice::{Loss, Notice};
use super::options::ForwardOptions;
use super::outcome::{Outcome, refused};
use super::payload::Payload;
use super::queue::{Due, Entry, Queue, RouteName, UnderWay};

/// How long to wait at the end before something is tried again that has no place where it would survive.
const LAST_PAUSE: Duration = Duration::from_millis(500);

/// What is known.
pub(super) struct State {
    options: ForwardOptions,
    pub(super) queue: Queue,
    pub(super) counts: ForwardStatistics,
    pub(super) disk: Disk,
    chance: fastrand::Rng,
    notices: Vec<Notice>,
    ending: Option<Ending>,
    /// What was sent, and nobody knows whether it was accepted.
    doubtful: BTreeSet<u64>,
    /// Nothing is sent any more.
    pub(super) closed: bool,
}

/// How it is with the disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// It is known what is there, or that it cannot be known: what is in memory may be sent.
    pub(super) tried: bool,
    /// It can be read.
    pub(super) open: bool,
    /// Something is being opened or written.
    pub(super) busy: bool,
    reads: Breaker,
    writes: Breaker,
}

/// The times of the end.
#[derive(Debug, Clone, Copy)]
struct Ending {
    /// From here on what waits goes to the disk, and nothing new is sent.
    spill: Instant,
    /// What is under way then is broken off.
    stop: Instant,
}

/// A payload that is dropped, and how much is in it.
pub(super) type Dropped = (u64, Amount);

/// What is to be done with the disk.
pub(super) enum DiskJob {
    Open,
    Spill(Vec<Entry>),
}

impl Disk {
    /// Nothing can be written.
    pub(super) const fn is_full(&self) -> bool {
        self.writes.is_open()
    }
}

impl State {
    pub(super) fn new(options: ForwardOptions) -> Self {
        Self {
            queue: Queue::default(),
            counts: ForwardStatistics::default(),
            disk: Disk::default(),
            chance: options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            notices: Vec::new(),
            ending: None,
            doubtful: BTreeSet::new(),
            closed: false,
            options,
        }
    }

    /// Adds a payload; the oldest in memory make room for it. Gives what is dropped.
    pub(super) fn push(&mut self, number: u64, payload: Payload) -> Vec<Dropped> {
        self.counts.pushed += payload.amount;
        if self.closed {
            self.lose(Loss::Unsent, payload.amount, "it came after the end");
            return vec![(number, payload.amount)];
        }
        if payload.size() > self.options.most_bytes {
            let message = "a payload is larger than the memory for all of them";
            self.lose(Loss::NoRoom, payload.amount, message);
            return vec![(number, payload.amount)];
        }
        self.queue.push(number, payload, Instant::now());
        self.make_room()
    }

    /// Adds payloads that waited in the memory of an earlier process. Gives what is dropped.
    pub(super) fn restore(&mut self, payloads: Vec<(u64, Payload)>) -> Vec<Dropped> {
        for (number, payload) in payloads {
            self.counts.restored += payload.amount;
            self.queue.push(number, payload, Instant::now());
        }
        self.make_room()
    }

    fn make_room(&mut self) -> Vec<Dropped> {
        let mut dropped = Vec::new();
        while self.queue.bytes > self.options.most_bytes
            && let Some(oldest) = self.queue.pop_oldest()
        {
            dropped.push((oldest.number, oldest.payload.amount));
        }
        let amount = sum(&dropped);
        self.lose(Loss::NoRoom, amount, "the memory for what waits is full");
        dropped
    }

    /// The next payload to be sent.
    pub(super) fn start_next(&mut self, now: Instant) -> Option<(RouteName, UnderWay)> {
        let unknown = self.options.spool.is_some() && !self.disk.tried;
        let over = self.is_past(now, |ending| ending.spill) && self.disk.open;
        if unknown || over || self.queue.under_way >= self.options.concurrency.max(1) {
            return None;
        }
        self.queue.start_next(now, self.disk.open)
    }

    /// What became of everything until now.
    pub(super) fn statistics(&self) -> ForwardStatistics {
        let stored = self.queue.stored();
        ForwardStatistics {
            queued: self.queue.amount + stored,
            stored,
            memory_bytes: self.queue.bytes,
            stored_bytes: self.queue.stored_bytes(),
            retrying: self.queue.routes.values().any(|route| route.breaker.is_open()),
            ..self.counts.clone()
        }
    }

    /// What is next to be done with the disk.
    pub(super) fn next_disk_job(&mut self, now: Instant) -> Option<DiskJob> {
        let spool = self.options.spool.as_ref()?;
        let ready = |breaker: &Breaker| breaker.until().is_none_or(|until| until <= now);
        if self.disk.busy
            || !ready(&self.disk.reads)
            || (self.disk.open && !ready(&self.disk.writes))
        {
            return None;
        }
        if !self.disk.open {
            self.disk.busy = true;
            return Some(DiskJob::Open);
        }
        let due = Due {
            now,
            after: spool.after,
            most_bytes: self.options.most_bytes,
            failing: self.ending.is_some(),
            all: self.is_past(now, |ending| ending.spill),
        };
        let entries = self.queue.spill(&due);
        self.disk.busy = !entries.is_empty();
        self.disk.busy.then_some(DiskJob::Spill(entries))
    }

    /// All that is in memory.
    pub(super) fn spill_all(&mut self) -> Vec<Entry> {
        let (now, most_bytes) = (Instant::now(), self.options.most_bytes);
        let due = Due { now, after: Duration::ZERO, most_bytes, failing: true, all: true };
        self.queue.spill(&due)
    }

    /// When there may be something to do again, if nothing happens before.
    pub(super) fn wake(&self, now: Instant) -> Option<Instant> {
        let disk = &self.disk;
        let writable = disk.open && disk.writes.until().is_none_or(|until| until <= now);
        let after = self.options.spool.as_ref().filter(|_| writable).map(|spool| spool.after);
        let due = after.and_then(|after| self.queue.next_due(after));
        let times = [self.queue.next_try(now), due, disk.reads.until(), disk.writes.until()];
        let ends = self.ending.map(|ending| [ending.spill, ending.stop]);
        let times = times.into_iter().flatten().chain(ends.into_iter().flatten());
        times.filter(|time| *time > now).min()
    }

    /// Lets the end begin.
    pub(super) fn end(&mut self, now: Instant, within: Duration) {
        self.ending = Some(Ending { spill: now + within / 2, stop: now + within * 3 / 4 });
        self.queue.routes.values_mut().for_each(|route| route.breaker.hurry(now));
    }

    /// The end has begun.
    pub(super) const fn is_ending(&self) -> bool {
        self.ending.is_some()
    }

    /// There is nothing more to be done before the end, or no time.
    pub(super) fn has_ended(&self, now: Instant) -> bool {
        if self.ending.is_none() {
            return false;
        }
        let rest = self.queue.under_way + self.queue.bytes > 0 || self.disk.busy;
        let sends = |(_, route): (_, &super::queue::Route)| {
            self.disk.open && route.shelf.entries > 0 && !route.breaker.is_open()
        };
        let sends =
            !self.is_past(now, |ending| ending.spill) && self.queue.routes.iter().any(sends);
        self.is_past(now, |ending| ending.stop) || !(rest || sends)
    }

    /// Gives up what nothing can be done for any more.
    pub(super) fn close(&mut self) -> Vec<Dropped> {
        let mut unsent = Vec::new();
        while let Some(entry) = self.queue.pop_oldest() {
            unsent.push((entry.number, entry.payload.amount));
        }
        let amount = sum(&unsent);
        self.lose(Loss::Unsent, amount, "it could not be sent before the end");
        self.closed = true;
        unsent
    }

    /// What came of a payload with this number means for it and others of its route.
    pub(super) fn judge(&mut self, name: &RouteName, number: u64, outcome: Outcome) -> Outcome {
        if outcome.is_unknown() {
            self.doubtful.insert(number);
        }
        match self.queue.routes.get_mut(name) {
            Some(route) => route.stuck.judge(number, outcome),
            None => outcome,
        }
    }

    /// Notes what came of a payload, of which so much is still counted.
    pub(super) fn settle(&mut self, name: &RouteName, amount: Amount, outcome: Outcome) {
        let (rules, chance) = (self.rules(), self.chance.f64());
        let last = self.ending.is_some() && !self.disk.open;
        let Some(route) = self.queue.end(name, outcome.is_final()) else { return };
        let was_open = route.breaker.is_open();
        match &outcome {
            Outcome::Later(refusal) => {
                route.breaker.open(refusal.remedy, &rules, Instant::now(), chance);
                if last {
                    route.breaker.hurry(Instant::now() + LAST_PAUSE);
                }
            }
            Outcome::Taken | Outcome::Refused(_) => route.breaker.close(&rules.backoff),
            Outcome::Lost(_) | Outcome::Unread => {}
        }
        if was_open && !route.breaker.is_open() {
            self.notices.push(Notice::Working { route: name.to_string() });
        }
        self.count(amount, outcome);
    }

    /// Notes that the disk cannot be used now.
    pub(super) fn disk_failed(&mut self, readable: bool, message: String) {
        let (rules, chance) = (self.rules(), self.chance.f64());
        let breaker = if readable { &mut self.disk.writes } else { &mut self.disk.reads };
        breaker.open(Remedy::Retry { after: None }, &rules, Instant::now(), chance);
        self.disk.open = readable;
        self.counts.fail(&message);
        self.notices.push(Notice::Spool { message });
    }

    /// Notes that the disk can be read, or written.
    pub(super) fn disk_works(&mut self, written: bool) {
        let backoff = self.options.backoff;
        let breaker = if written { &mut self.disk.writes } else { &mut self.disk.reads };
        breaker.close(&backoff);
        self.disk.open = true;
    }

    pub(super) fn lose(&mut self, loss: Loss, amount: Amount, message: &str) {
        if amount.total() == 0 {
            return;
        }
        self.counts.lose(loss, amount);
        if let Some(Notice::Lost { loss: last, amount: sum, message: told }) =
            self.notices.last_mut()
            && *last == loss
            && told == message
        {
            *sum += amount;
            return;
        }
        self.notices.push(Notice::Lost { loss, amount, message: message.to_owned() });
    }

    /// Whether a payload that is about to be sent has been sent before, and may have been accepted.
    pub(super) fn starts_again(&mut self, number: u64) -> bool {
        self.doubtful.remove(&number)
    }

    /// Notes that something is sent again, though it may have been accepted.
    pub(super) fn send_again(&mut self, amount: Amount) {
        if amount.total() > 0 {
            self.counts.again += amount;
            self.notices.push(Notice::Again { amount });
        }
    }

    /// Something that the observer should know of.
    pub(super) fn tell_of_spool(&mut self, message: String) {
        self.counts.fail(&message);
        self.notices.push(Notice::Spool { message });
    }

    /// What the observer has not been told yet.
    pub(super) fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    fn is_past(&self, now: Instant, time: impl Fn(&Ending) -> Instant) -> bool {
        self.ending.as_ref().is_some_and(|ending| time(ending) <= now)
    }

    fn rules(&self) -> Rules {
        let ForwardOptions { backoff, hold, longest_retry_after, .. } = self.options;
        Rules { backoff, hold, longest_retry_after }
    }

    fn count(&mut self, amount: Amount, outcome: Outcome) {
        match outcome {
            Outcome::Taken => self.counts.delivered += amount,
            Outcome::Unread => {}
            Outcome::Lost(Loss::Outdated) => {
                self.lose(Loss::Outdated, amount, "it waited too long");
            }
            Outcome::Lost(loss) => self.lose(loss, amount, "it is damaged"),
            Outcome::Later(Refusal { message, remedy, .. }) => {
                self.counts.fail(&message);
                self.notices.push(Notice::Retrying { message, held: remedy == Remedy::Hold });
            }
            Outcome::Refused(Refusal { message, remedy, .. }) => {
                let refused = refused(amount, remedy);
                self.counts.fail(&message);
                self.counts.delivered += amount.without(refused);
                self.lose(Loss::Refused, refused, &message);
            }
        }
    }
}

fn sum(dropped: &[Dropped]) -> Amount {
    dropped.iter().fold(Amount::default(), |sum, (_, amount)| sum + *amount)
}
