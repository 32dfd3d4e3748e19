//! The times at which an instance runs.
//!
//! The first run is within a second of the start. From the second on, runs stand on a grid of the interval, whose phase
//! follows from the instance's id, to the [pitch](Pitch): after a restart they are at the same times of day, and many instances
//! spread evenly.
//! The grid is laid once, on a clock that never jumps, so a set time of day moves no run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use super::pitch::Pitch;

/// Within which time of the start all instances have run once.
const FIRST_RUNS: Duration = Duration::from_secs(1);

/// The times of an instance.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) struct Timetable {
    /// Zero: it runs once.
    interval: Duration,
    /// A time of the grid, not before the first run.
    anchor: Instant,
}

/// The next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct Due {
    pub(in crate::run) at: Instant,
    /// How many runs would have been due since the last one and were not.
    pub(in crate::run) missed: u64,
}

impl Timetable {
    /// The times of an instance, and the first one. All are moved to where `aligned` says that they are looked for, so that none
    /// is found late.
    pub(in crate::run) fn new(
        id: &str,
        (interval, pitch): (Duration, Pitch),
        (now, time): (Instant, SystemTime),
        aligned: impl Fn(Instant) -> Instant,
    ) -> (Self, Instant) {
        let hash = spread(id);
        let first = now + fraction(FIRST_RUNS, hash);
        let phase = pitch.floor(fraction(interval, hash.rotate_left(32)));
        let anchor = first + until_phase(time + (first - now), interval, phase);
        (Self { interval, anchor: aligned(anchor) }, aligned(first))
    }

    pub(in crate::run) fn interval(&self) -> Duration {
        self.interval
    }

    /// The run after the one that was due at `last`. None if it was the only one.
    ///
    /// The second run is half an interval after the first at least, and one and a half at most.
    pub(in crate::run) fn next(&self, last: Instant, now: Instant) -> Option<Due> {
        if self.interval.is_zero() {
            return None;
        }
        let is_first = last < self.anchor;
        let planned = match is_first {
            true => self.from(last + self.interval / 2),
            false => last + self.interval,
        };
        if planned > now {
            return Some(Due { at: planned, missed: 0 });
        }
        let at = self.from(now + Duration::from_nanos(1));
        let missed = (at - planned).as_nanos() / self.interval.as_nanos();
        Some(Due { at, missed: u64::try_from(missed).unwrap_or(u64::MAX) })
    }

    /// The first time of the grid that is not before `time`.
    fn from(&self, time: Instant) -> Instant {
        let since = time.saturating_duration_since(self.anchor);
        let steps = since.as_nanos().div_ceil(self.interval.as_nanos());
        self.anchor + times(self.interval, steps)
    }
}

/// From a time of day to the next one that is `phase` past a multiple of the interval since the epoch.
fn until_phase(time: SystemTime, interval: Duration, phase: Duration) -> Duration {
    if interval.is_zero() {
        return Duration::ZERO;
    }
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let past = since.as_nanos() % interval.as_nanos();
    let wait = (phase.as_nanos() + interval.as_nanos() - past) % interval.as_nanos();
    nanos(wait)
}

/// A part of a time, chosen by a hash, in whole milliseconds.
fn fraction(whole: Duration, hash: u64) -> Duration {
    let part = (u128::from(hash) * whole.as_millis()) >> 64;
    Duration::from_millis(u64::try_from(part).unwrap_or(u64::MAX))
}

fn times(interval: Duration, steps: u128) -> Duration {
    nanos(interval.as_nanos() * steps)
}

fn nanos(nanos: u128) -> Duration {
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// A hash of an id whose every bit depends on every byte: FNV-1a with the finisher of `MurmurHash3`.
fn spread(id: &str) -> u64 {
    let fnv = id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut hash = fnv ^ (fnv >> 33);
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        hash = hash.wrapping_mul(factor);
        hash ^= hash >> 33;
    }
    hash
}
