//! What the benchmarks share: timing a piece of work, best of several.

use std::time::Instant;

/// The least time, in nanoseconds, that one of `count` calls took, over seven rounds.
pub fn best_ns(count: u32, mut work: impl FnMut()) -> f64 {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            (0..count).for_each(|_| work());
            start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
        })
        .fold(f64::INFINITY, f64::min)
}
