//! The tag sets of instances between their runs, as long as they are few: those of many would be as large again as what a sampler
//! remembers of their series.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, TryLockError};

use super::sets::Sets;

/// How many rest at most, and how much memory they keep together, in bytes.
const MAX_RESTING: usize = 32;
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// By the number of their instance; those that came last are at the end.
static RESTING: Mutex<Vec<(u64, Sets)>> = Mutex::new(Vec::new());

static INSTANCES: AtomicU64 = AtomicU64::new(0);

/// An instance whose tag sets may rest.
#[derive(Debug)]
pub(super) struct Lender(u64);

impl Lender {
    pub(super) fn new() -> Self {
        Self(INSTANCES.fetch_add(1, Ordering::Relaxed))
    }

    /// The sets of the instance's last run, or empty ones.
    pub(super) fn lend(&self) -> Lent {
        let sets = with_resting(|resting| {
            if let Some(place) = resting.iter().position(|(instance, _)| *instance == self.0) {
                return resting.remove(place).1;
            }
            // Instances take turns, so those whose turn was last are those that wait longest for the next one.
            let is_full = resting.len() >= MAX_RESTING || bytes(resting) > MAX_BYTES / 2;
            let mut sets = resting.pop_if(|_| is_full).map(|(_, sets)| sets).unwrap_or_default();
            sets.forget();
            sets
        });
        Lent { instance: self.0, sets: sets.unwrap_or_default(), are_kept: false }
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        with_resting(|resting| resting.retain(|(instance, _)| *instance != self.0));
    }
}

/// The tag sets of a run, lent to it with the memory that earlier ones have needed.
#[derive(Debug)]
pub(super) struct Lent {
    instance: u64,
    sets: Sets,
    /// They are good for the next run, too.
    pub(super) are_kept: bool,
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut sets = std::mem::take(&mut self.sets);
        if !self.are_kept {
            sets.forget();
        }
        let size = sets.capacity();
        with_resting(|resting| {
            if resting.len() < MAX_RESTING && bytes(resting) + size <= MAX_BYTES {
                resting.push((self.instance, sets));
            }
        });
    }
}

/// Does something with those that rest, if nobody else does. It is not waited for: not to rest is always right, and in a process that was forked
/// while another thread was at it, nobody would ever end.
fn with_resting<R>(work: impl FnOnce(&mut Vec<(u64, Sets)>) -> R) -> Option<R> {
    match RESTING.try_lock() {
        Ok(mut resting) => Some(work(&mut resting)),
        Err(TryLockError::Poisoned(resting)) => Some(work(&mut resting.into_inner())),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn bytes(resting: &[(u64, Sets)]) -> usize {
    resting.iter().map(|(_, sets)| sets.capacity()).sum()
}

impl Deref for Lent {
    type Target = Sets;

    fn deref(&self) -> &Sets {
        &self.sets
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Sets {
        &mut self.sets
    }
}
