//! A timing wheel: finds what is due at a cost that does not grow with what waits.

use std::time::Duration;

use tokio::time::Instant;

/// How far two buckets are apart. What is due in between is found at the later one.
const STEP: Duration = Duration::from_millis(4);

/// One turn is 16 seconds, a little longer than the interval of most checks.
const BUCKETS: usize = 4096;

/// Things that wait for their times.
#[derive(Debug)]
pub(in crate::run) struct Wheel<T> {
    origin: Instant,
    /// Steps since the origin that have been looked at.
    done: u64,
    buckets: Vec<Vec<Waiting<T>>>,
    /// A bit for each bucket that holds anything.
    filled: [u64; BUCKETS / 64],
}

#[derive(Debug)]
struct Waiting<T> {
    /// Later turns of the wheel pass it by.
    step: u64,
    what: T,
}

impl<T> Wheel<T> {
    pub(in crate::run) fn new(origin: Instant) -> Self {
        let buckets = (0..BUCKETS).map(|_| Vec::new()).collect();
        Self { origin, done: 0, buckets, filled: [0; BUCKETS / 64] }
    }

    /// The first time from `at` on at which the wheel looks.
    pub(in crate::run) fn aligned(&self, at: Instant) -> Instant {
        self.time_of(self.step_of(at))
    }

    /// Adds what is due at a time; if that has passed, it is due at the next step.
    pub(in crate::run) fn add(&mut self, at: Instant, what: T) {
        let step = self.step_of(at).max(self.done + 1);
        let bucket = bucket_of(step);
        self.buckets[bucket].push(Waiting { step, what });
        self.filled[bucket / 64] |= 1 << (bucket % 64);
    }

    /// When to look next: no later than anything is due, and within one turn. None if nothing waits.
    pub(in crate::run) fn next(&self) -> Option<Instant> {
        let first = bucket_of(self.done + 1);
        let word = |n: usize| self.filled[(first / 64 + n) % self.filled.len()];
        let ahead = (0..=self.filled.len()).find_map(|n| {
            let bits = match n {
                0 => word(0) >> (first % 64) << (first % 64),
                n if n == self.filled.len() => word(n) & ((1 << (first % 64)) - 1),
                n => word(n),
            };
            let bit = bits.trailing_zeros() as usize;
            (bits != 0).then(|| n * 64 + bit - first % 64)
        })?;
        Some(self.time_of(self.done + 1 + ahead as u64))
    }

    /// Moves all that is due to `due`, in the order of their times.
    pub(in crate::run) fn take_due(&mut self, now: Instant, due: &mut Vec<T>) {
        let elapsed = now.saturating_duration_since(self.origin).as_nanos() / STEP.as_nanos();
        let now = u64::try_from(elapsed).unwrap_or(u64::MAX);
        // After a long sleep of the machine, one turn sees every bucket.
        let mut step = (self.done + 1).max((now + 1).saturating_sub(BUCKETS as u64));
        while step <= now {
            self.take_bucket(bucket_of(step), now, due);
            step += 1;
        }
        self.done = self.done.max(now);
    }

    fn take_bucket(&mut self, bucket: usize, now: u64, due: &mut Vec<T>) {
        if self.filled[bucket / 64] & 1 << (bucket % 64) == 0 {
            return;
        }
        let waiting = &mut self.buckets[bucket];
        due.extend(waiting.extract_if(.., |one| one.step <= now).map(|one| one.what));
        if waiting.is_empty() {
            self.filled[bucket / 64] &= !(1 << (bucket % 64));
        }
    }

    fn step_of(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.origin).as_nanos();
        u64::try_from(since.div_ceil(STEP.as_nanos())).unwrap_or(u64::MAX)
    }

    fn time_of(&self, step: u64) -> Instant {
        self.origin + Duration::from_millis(step.saturating_mul(4))
    }
}

/// Buckets are few.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the remainder is less than the number of buckets"
)]
const fn bucket_of(step: u64) -> usize {
    (step % BUCKETS as u64) as usize
}
