//! How times are spread: a histogram whose buckets grow with the time they stand for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Buckets of one doubling, so a quantile is off by a twelfth at most.
const OF_A_DOUBLING: usize = 8;

/// From a microsecond to an hour.
const DOUBLINGS: usize = 32;

/// Counts of times, which many threads add to at once.
#[derive(Debug)]
pub struct Spread {
    counts: Box<[AtomicU64]>,
    /// In microseconds.
    longest: AtomicU64,
}

impl Default for Spread {
    fn default() -> Self {
        let counts = (0..OF_A_DOUBLING * DOUBLINGS).map(|_| AtomicU64::new(0)).collect();
        Self { counts, longest: AtomicU64::new(0) }
    }
}

impl Spread {
    /// Counts a time.
    pub fn add(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.counts[bucket_of(micros)].fetch_add(1, Ordering::Relaxed);
        self.longest.fetch_max(micros, Ordering::Relaxed);
    }

    /// Forgets all times.
    pub fn clear(&self) {
        self.counts.iter().for_each(|count| count.store(0, Ordering::Relaxed));
        self.longest.store(0, Ordering::Relaxed);
    }

    /// How many times there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// The longest time.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest.load(Ordering::Relaxed))
    }

    /// The time that a share of all times (0.99, say) does not exceed: the upper bound of its bucket. Zero if there are none.
    pub fn quantile(&self, share: f64) -> Duration {
        let wanted = share * self.count() as f64;
        let mut so_far = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            so_far += count.load(Ordering::Relaxed);
            if so_far > 0 && so_far as f64 >= wanted {
                return Duration::from_micros(upper_bound(bucket)).min(self.longest());
            }
        }
        Duration::ZERO
    }
}

/// Times below 8 µs have a bucket each; from there on, a doubling has eight.
fn bucket_of(micros: u64) -> usize {
    let micros = micros.max(1);
    let doubling = micros.ilog2().saturating_sub(3);
    let within = usize::try_from(micros >> doubling).unwrap_or(0);
    (doubling as usize * OF_A_DOUBLING + within).min(OF_A_DOUBLING * DOUBLINGS - 1)
}

fn upper_bound(bucket: usize) -> u64 {
    let doubling = (bucket / OF_A_DOUBLING).saturating_sub(1);
    let within = (bucket - doubling * OF_A_DOUBLING) as u64;
    ((within + 1) << doubling) - 1
}
