//! The OpenMetrics endpoint: a text of many contexts made piece by piece, and how long a delivery waits meanwhile.
//!
//! `bench-exposition` prints one JSON object a line: contexts, seconds for one text, megabytes of text a second, the memory that
//! making it took at its peak, what the contexts themselves take, and the median, the 99th percentile and the longest of the times
//! that a delivery of a thousand points took, without and with texts being made all the time.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use allwell::aggregate::{Sampler, Series};
use allwell::metric::{Batch, Limits};
use allwell::output::Delivery;
use allwell::output::exposition::{Exposition, ExpositionOptions, Format, Syntax};
use allwell::prelude::*;
use allwell_benches::resident;

const OPEN: Format = Format { syntax: Syntax::OpenMetrics, utf8_names: false };
const TEXT: Format = Format { syntax: Syntax::Text, utf8_names: false };

/// Five metrics and five tags, with those of the instance and the host.
#[derive(Metrics)]
#[metrics(namespace = "bench.filesystem")]
struct Filesystem {
    #[tag]
    device: u32,
    #[tag]
    mount_point: u32,
    #[tag]
    filesystem: &'static str,
    /// Space in use.
    used: Gauge<Byte>,
    /// Space that is free.
    free: Gauge<Byte>,
    /// Share of the space in use.
    in_use: Gauge<Fraction>,
    /// Space for files.
    inodes: Gauge<Inode>,
    /// Seconds since the last check.
    checked: Gauge<Second>,
}

fn filesystem(number: u32) -> Filesystem {
    let value = f64::from(number);
    Filesystem {
        device: number,
        mount_point: number,
        filesystem: "ext4",
        used: (value * 4096.0).into(),
        free: (value * 512.0).into(),
        in_use: (value / 1_000_003.0).into(),
        inodes: value.into(),
        checked: (value * 0.25).into(),
    }
}

fn main() {
    for contexts in [1_000, 100_000, 1_000_000] {
        measure(contexts);
    }
}

/// A run of so many contexts, in records of five.
fn run(contexts: u32) -> Delivery {
    let mut batch = Batch::new(["env:bench", "team:allwell"], Limits::default());
    (0..contexts / 5).for_each(|number| filesystem(number).emit(&mut batch.emitter()));
    let mut sampler = Sampler::new();
    sampler.add(&batch, 1_700_000_000.0);
    let series = sampler.commit(1_700_000_000.0).series;
    delivery(series)
}

fn delivery(series: Vec<Series>) -> Delivery {
    Delivery {
        check: "filesystem",
        instance: "filesystem:1".into(),
        host: Some("web-1.example.com".into()),
        time: 1_700_000_000.0,
        tags: Arc::new([]),
        series,
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

#[expect(clippy::print_stdout, reason = "the result")]
fn measure(contexts: u32) {
    let run = Arc::new(run(contexts));
    let before = resident();
    let exposition = Exposition::new(ExpositionOptions::default()).expect("the options are good");
    exposition.take(&[Arc::clone(&run)]);
    let kept = resident().saturating_sub(before);
    let (mut seconds, mut bytes, mut peak) = (f64::INFINITY, 0, 0);
    for _ in 0..5 {
        let before = resident();
        reset_peak();
        let start = Instant::now();
        bytes = exposition.text(OPEN).map(|piece| piece.len()).sum();
        seconds = seconds.min(start.elapsed().as_secs_f64());
        peak = peak_resident().saturating_sub(before).max(peak);
    }
    let alone = deliveries(&exposition, &run, false);
    let meanwhile = deliveries(&exposition, &run, true);
    println!(
        "{{\"contexts\": {contexts}, \"seconds\": {seconds:.4}, \"megabytes\": {:.1}, \
         \"megabytes_per_second\": {:.0}, \"peak_extra_kib\": {}, \"bytes_per_context\": {:.0}, \
         \"delivery_ms\": {alone}, \"delivery_while_scraped_ms\": {meanwhile}}}",
        bytes as f64 / 1e6,
        bytes as f64 / 1e6 / seconds,
        peak / 1024,
        kept as f64 / f64::from(contexts),
    );
}

/// The median, the 99th percentile and the longest that a delivery of a thousand points took, over two seconds, while texts are
/// made or not.
fn deliveries(exposition: &Exposition, run: &Delivery, scraped: bool) -> String {
    let some = [Arc::new(delivery(run.series.iter().take(1000).cloned().collect()))];
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        if scraped {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    exposition.text(TEXT).for_each(drop);
                }
            });
        }
        let (start, mut all) = (Instant::now(), Vec::new());
        while start.elapsed() < Duration::from_secs(2) {
            let begun = Instant::now();
            exposition.take(&some);
            all.push(begun.elapsed().as_secs_f64() * 1e3);
            thread::sleep(Duration::from_millis(1));
        }
        over.store(true, Ordering::Relaxed);
        all.sort_unstable_by(f64::total_cmp);
        let [median, most, longest] = [50, 99, 100].map(|share| all[(all.len() - 1) * share / 100]);
        format!("[{median:.3}, {most:.3}, {longest:.3}]")
    })
}

/// Lets the peak of the memory in use begin anew.
fn reset_peak() {
    // Where the kernel does not take it, the peak is that of the whole process, and the figure too high.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that was in use, in bytes.
fn peak_resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}
