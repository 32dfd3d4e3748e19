//! What the benchmarks share: timing a piece of work, and what this process uses.

use std::fs;
use std::time::{Duration, Instant};

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

/// The processor time that this process has used so far, in user and kernel mode together.
pub fn cpu_time() -> Duration {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = threads.filter_map(|thread| {
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

/// The memory that this process has in use, in bytes.
pub fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}
