//! What a forwarder writes down so that nothing is lost without a word, even if the process is killed: how much it was to forward, what
//! waits in memory, and what is being sent.
//!
//! What was to be forwarded, without what was settled and what is found again, is what a killed process has lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::output::{Amount, Lasting};

use super::journal::{self, Base, Bounds, Journal, Left, Settled};
use super::ledger::{Ledger, Sums};
use super::options::SpoolOptions;
use super::payload::Payload;

/// The ledger and the journal of a forwarder with a spool.
pub(super) struct Book {
    directory: PathBuf,
    bounds: Bounds,
    ledger: Mutex<Ledger>,
    /// What both say, for those who may not wait for the disk.
    known: Mutex<(Sums, Base)>,
    /// Taken before the ledger and before the state, never while those are held.
    pages: Mutex<Pages>,
}

/// What is written, and what was found.
#[derive(Default)]
pub(super) struct Pages {
    journal: Option<Journal>,
    /// What is added to the number of a payload to have its name in the journal, which is its key in the spool.
    offset: u64,
    before: Option<Sums>,
    /// What an earlier process has left is known.
    begun: bool,
}

/// What an earlier process has left, and what it has not.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// Payloads that waited in its memory, with their numbers in this process.
    pub(super) waiting: Vec<(u64, Payload)>,
    /// What was lost with it.
    pub(super) killed: Amount,
    /// What may be sent twice.
    pub(super) again: Amount,
    /// What is wrong with what was found.
    pub(super) faults: Vec<String>,
}

impl Book {
    /// The book of a spool. From now on what is announced is written, unless another forwarder has it, or it cannot be written.
    pub(super) fn new(spool: &SpoolOptions, most_in_memory: usize) -> Self {
        let book = Self {
            directory: spool.directory.clone(),
            bounds: Bounds {
                most_bytes: budget(spool, most_in_memory),
                most_of_free: spool.most_of_free,
            },
            ledger: Mutex::default(),
            known: Mutex::default(),
            pages: Mutex::default(),
        };
        let _ = book.open(&mut book.pages());
        book
    }

    pub(super) fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So much is on its way.
    pub(super) fn announce(&self, amount: Amount) {
        self.with_ledger(|ledger| ledger.announce(amount));
    }

    /// Of what is on its way, so much will not come.
    pub(super) fn withdraw(&self, amount: Amount, refused: bool) {
        if amount.total() == 0 {
            return;
        }
        self.with_ledger(|ledger| {
            ledger.come(amount);
            ledger.change(|sums| match refused {
                true => sums.refused += amount,
                false => sums.dropped += amount,
            });
        });
    }

    /// So much of the spool was lost.
    pub(super) fn drop_stored(&self, amount: Amount) {
        if amount.total() > 0 {
            self.with_ledger(|ledger| ledger.change(|sums| sums.dropped += amount));
        }
    }

    /// What an earlier process has left in the journal, unless this one has begun to write its own.
    ///
    /// # Errors
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if another forwarder has it.
    pub(super) fn read(&self, pages: &mut Pages) -> io::Result<Option<Left>> {
        if pages.begun {
            return Ok(None);
        }
        self.open(pages)?;
        Left::read(&self.directory).map(Option::unwrap_or_default).map(Some)
    }

    /// Begins to write, with what an earlier process has left in memory (`left`) and on the disk: what waits there
    /// by its key, and the keys of what should not be there any more.
    pub(super) fn begin(
        &self,
        pages: &mut Pages,
        mut left: Left,
        (stored, gone): (&BTreeMap<u64, Amount>, BTreeSet<u64>),
        offset: u64,
    ) -> Begun {
        let mut faults = self.faults_of(&left);
        left.waiting.retain(|id, _| !stored.contains_key(id));
        let (taken, base) = self.open_account(pages.before, &left, &mut faults);
        let waiting = left.waiting.iter().map(|(id, payload)| (*id, payload.amount));
        let found: BTreeMap<_, _> =
            stored.iter().map(|(id, amount)| (*id, *amount)).chain(waiting).collect();
        let again = sum(left.under_way.iter().filter_map(|id| found.get(id)));
        let found = sum(found.values());
        let killed = taken.without(base.settled.sum() + base.killed).without(found);
        let more = found.without(taken.without(base.settled.sum() + base.killed));
        let journal = if base.journal == 0 { fastrand::u64(1..) } else { base.journal };
        let base =
            Base { journal, killed: base.killed + killed, again: base.again + again, ..base };
        pages.begun = true;
        match self.begin_journal(base, &left, &gone) {
            Ok(begun) => pages.journal = Some(begun),
            Err(error) => faults.push(self.fault("the journal", "cannot be written", &error)),
        }
        pages.offset = offset;
        self.with_ledger(|ledger| {
            ledger.change(|sums| {
                sums.journal = journal;
                sums.taken += more;
            });
        });
        self.known().1 = base;
        let number = |(id, payload): (u64, Payload)| (id.wrapping_sub(offset), payload);
        let waiting = left.waiting.into_iter().map(number).collect();
        Begun { waiting, killed, again, faults }
    }

    fn begin_journal(&self, base: Base, left: &Left, gone: &BTreeSet<u64>) -> io::Result<Journal> {
        let waiting = || left.waiting.iter().map(|(id, payload)| (*id, payload));
        let begin = || Journal::begin(&self.directory, self.bounds, base, waiting(), gone.clone());
        begin().or_else(|error| {
            // All that it says is known by now, and would be read again by the next process.
            fs::remove_file(self.directory.join(journal::FILE)).map_err(|_| error)?;
            begin()
        })
    }

    /// What was taken and the ledger does not say to be settled, and what the journal says was settled. If the two do not belong
    /// together, nothing is known of the past.
    fn open_account(
        &self,
        before: Option<Sums>,
        left: &Left,
        faults: &mut Vec<String>,
    ) -> (Amount, Base) {
        match before {
            Some(before) if before.taken.total() == 0 => (Amount::default(), Base::default()),
            // As long as the ledger names no journal, nothing was settled in one.
            Some(before) if [0, left.base.journal].contains(&before.journal) => {
                (before.taken.without(before.settled()), left.base)
            }
            None if left.base.journal == 0 => (Amount::default(), Base::default()),
            _ => {
                // In this order: a ledger that names no journal goes with any.
                let journal = self.directory.join(journal::FILE);
                let _ = fs::rename(&journal, journal.with_extension("damaged"));
                self.with_ledger(|ledger| {
                    ledger.change(|sums| *sums = sums.without(&before.unwrap_or_default()));
                });
                let what = "does not fit the ledger: what the process before has lost is not known";
                faults.push(format!("the journal `{}` {what}", journal.display()));
                (Amount::default(), Base::default())
            }
        }
    }

    fn faults_of(&self, left: &Left) -> Vec<String> {
        let journal = self.directory.join(journal::FILE);
        let told = |bytes| {
            format!("the last {bytes} bytes of the journal `{}` are cut off", journal.display())
        };
        Some(left.cut_off).filter(|bytes| *bytes > 0).map(told).into_iter().collect()
    }

    /// What is to be told of an error.
    pub(super) fn fault(&self, what: &str, how: &str, error: &io::Error) -> String {
        format!("{what} in `{}` {how}: {error}", self.directory.display())
    }

    /// What became of everything.
    pub(super) fn lasting(&self) -> Lasting {
        let (sums, base) = *self.known();
        let Settled { delivered, refused, dropped } = base.settled;
        Lasting {
            taken: sums.taken,
            delivered: delivered + sums.delivered,
            refused: refused + sums.refused,
            dropped: dropped + sums.dropped,
            killed: base.killed,
            again: base.again,
        }
    }

    /// A payload has come.
    pub(super) fn come(&self, amount: Amount) {
        self.with_ledger(|ledger| ledger.come(amount));
    }

    /// Notes what became of a payload, which may still be on the disk.
    pub(super) fn settle(&self, pages: &mut Pages, number: u64, settled: Settled, on_disk: bool) {
        let id = pages.id(number);
        if let Some(journal) = &mut pages.journal
            && journal.settle(id, settled, on_disk)
        {
            self.known().1 = *journal.base();
            return;
        }
        self.with_ledger(|ledger| {
            ledger.change(|sums| {
                sums.delivered += settled.delivered;
                sums.refused += settled.refused;
                sums.dropped += settled.dropped;
            });
        });
    }

    /// Notes that a payload is about to be sent; again, if so much of it may have been accepted before.
    pub(super) fn start(&self, pages: &mut Pages, number: u64, again: Option<Amount>) {
        let id = pages.id(number);
        let Some(journal) = &mut pages.journal else { return };
        journal.start(id, again);
        self.known().1 = *journal.base();
    }

    /// Notes that payloads that are not on the disk are dropped.
    pub(super) fn drop_all(&self, pages: &mut Pages, payloads: &[(u64, Amount)]) {
        for (number, dropped) in payloads {
            let settled = Settled { dropped: *dropped, ..Settled::default() };
            self.settle(pages, *number, settled, false);
        }
    }

    /// Lets others have it. If nothing waits anywhere, nothing of it is left.
    pub(super) fn finish(&self, nothing_is_stored: bool) {
        let mut pages = self.pages();
        let journal = pages.journal.take();
        let mut ledger = self.ledger();
        let is_over = nothing_is_stored
            && ledger.is_complete()
            && journal.as_ref().is_some_and(Journal::is_empty);
        if is_over {
            // In this order: whatever is left of it when the process is killed tells of nothing.
            ledger.change(|sums| *sums = Sums::default());
            journal.into_iter().for_each(Journal::delete);
        }
        ledger.close(is_over);
    }

    fn open(&self, pages: &mut Pages) -> io::Result<()> {
        let mut ledger = self.ledger();
        if !ledger.is_open() {
            pages.before = ledger.open(&self.directory)?;
            self.known().0 = ledger.sums;
        }
        Ok(())
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_ledger(&self, change: impl FnOnce(&mut Ledger)) {
        let mut ledger = self.ledger();
        change(&mut ledger);
        self.known().0 = ledger.sums;
    }

    fn known(&self) -> MutexGuard<'_, (Sums, Base)> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    /// Writes a payload before anybody sends it.
    pub(super) fn make(&mut self, number: u64, payload: &Payload) {
        let id = self.id(number);
        self.journal.iter_mut().for_each(|journal| journal.make(id, payload));
    }

    /// Notes that a payload was not accepted.
    pub(super) fn wait(&mut self, number: u64) {
        let id = self.id(number);
        self.journal.iter_mut().for_each(|journal| journal.wait(id));
    }

    /// Notes that payloads are on the disk.
    pub(super) fn store<'n>(&mut self, numbers: impl IntoIterator<Item = &'n u64>) {
        for number in numbers {
            let id = self.id(*number);
            self.journal.iter_mut().for_each(|journal| journal.store(id));
        }
    }

    /// Notes that nothing that has been settled is on the disk any more.
    pub(super) fn leave_all(&mut self) {
        self.journal.iter_mut().for_each(Journal::leave_all);
    }

    const fn id(&self, number: u64) -> u64 {
        number.wrapping_add(self.offset)
    }
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Amount {
    amounts.fold(Amount::default(), |sum, amount| sum + *amount)
}

/// How much of the disk's bytes a journal may take: what can be in memory, twice, but only a small part of what there is for all.
fn budget(spool: &SpoolOptions, most_in_memory: usize) -> u64 {
    (spool.most_bytes / 8).min(2 * most_in_memory as u64 + (2 << 20))
}

/// So many of the disk's bytes are not for the spool: the journal, and the one that takes its place.
pub(super) fn reserved(spool: &SpoolOptions, most_in_memory: usize) -> u64 {
    let budget = budget(spool, most_in_memory);
    budget + budget / 2
}
