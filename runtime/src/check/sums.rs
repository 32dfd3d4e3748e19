//! Sums of totals over series that come and go: a sum never falls because one of its series has ended or begun anew.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// What is remembered of the sums of an endpoint, by hashes: of each series its last total, of each sum what it has come to.
///
/// Memory is bounded: of series that are not seen any more, only those of the last scrapes are remembered where they are many.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    series: HashMap<u64, Seen, FixedState>,
    sums: HashMap<u64, Seen, FixedState>,
    scrape: u32,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    value: f64,
    /// The last scrape that had it.
    scrape: u32,
}

/// How many series are remembered in any case that the last scrape has not seen.
const MAX_UNSEEN: usize = 4096;

/// For how many scrapes more of them are: an answer that is not whole is no reason to forget what it lacks.
const AWAY: u32 = 16;

/// How many of them are at the most.
const MAX_AWAY: usize = 256 * 1024;

impl Sums {
    /// Begins a scrape.
    pub(crate) const fn begin(&mut self) {
        self.scrape = self.scrape.wrapping_add(1);
    }

    /// What a series adds to a sum: what it has grown by since it was last seen, or all of it if it has begun anew.
    ///
    /// One that was never seen adds all of it to a sum that is new as well, and to another one if it `counts` from zero.
    pub(crate) fn growth(&mut self, sum: u64, series: u64, value: f64, counts: bool) -> f64 {
        let seen = Seen { value, scrape: self.scrape };
        match self.series.insert(series, seen) {
            Some(last) if value >= last.value => value - last.value,
            Some(_) => value,
            None if counts || !self.sums.contains_key(&sum) => value,
            None => 0.0,
        }
    }

    /// What a sum has come to, if it is known.
    pub(crate) fn total(&self, sum: u64) -> Option<f64> {
        self.sums.get(&sum).map(|seen| seen.value)
    }

    /// Sets what a sum has come to.
    pub(crate) fn set(&mut self, sum: u64, total: f64) {
        self.sums.insert(sum, Seen { value: total, scrape: self.scrape });
    }

    /// Ends a scrape: forgets series that have not been seen for some scrapes, if they are many.
    pub(crate) fn end(&mut self) {
        let scrape = self.scrape;
        for known in [&mut self.series, &mut self.sums] {
            let seen = known.values().filter(|known| known.scrape == scrape).count();
            let unseen = known.len() - seen;
            if unseen <= seen.max(MAX_UNSEEN) {
                continue;
            }
            let away = if unseen > MAX_AWAY { 1 } else { AWAY };
            known.retain(|_, known| scrape.wrapping_sub(known.scrape) < away);
            if known.len() < known.capacity() / 4 {
                known.shrink_to_fit();
            }
        }
    }
}
