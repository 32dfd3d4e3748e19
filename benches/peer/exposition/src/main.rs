//! The same contexts as in `bench-exposition`, encoded by the Rust client of Prometheus: one JSON object a line.

use std::fs;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

type Labels = Vec<(String, String)>;

fn main() {
    for contexts in [1_000, 100_000, 1_000_000] {
        measure(contexts);
    }
}

fn measure(contexts: u32) {
    let mut registry = Registry::default();
    let scales = [4096.0, 512.0, 1.0 / 1_000_003.0, 1.0, 0.25];
    let units = [Some(Unit::Bytes), Some(Unit::Bytes), Some(Unit::Ratios), None, Some(Unit::Seconds)];
    for ((name, scale), unit) in ["used", "free", "in_use", "inodes", "checked"].into_iter().zip(scales).zip(units) {
        let family = Family::<Labels, Gauge<f64, AtomicU64>>::default();
        let name = format!("bench_filesystem_{name}");
        match unit {
            Some(unit) => registry.register_with_unit(name, "A value", unit, family.clone()),
            None => registry.register(name, "A value", family.clone()),
        }
        for number in 0..contexts / 5 {
            family.get_or_create(&labels(number)).set(f64::from(number) * scale);
        }
    }
    let (mut seconds, mut bytes, mut peak) = (f64::INFINITY, 0, 0);
    for _ in 0..5 {
        let before = memory("VmRSS:");
        let _ = fs::write("/proc/self/clear_refs", "5");
        let start = Instant::now();
        let mut text = String::new();
        encode(&mut text, &registry).expect("a string takes it");
        seconds = seconds.min(start.elapsed().as_secs_f64());
        bytes = text.len();
        peak = memory("VmHWM:").saturating_sub(before).max(peak);
    }
    println!(
        "{{\"contexts\": {contexts}, \"seconds\": {seconds:.4}, \"megabytes_per_second\": {:.0}, \"peak_extra_kib\": {peak}}}",
        bytes as f64 / 1e6 / seconds
    );
}

fn labels(number: u32) -> Labels {
    let number = number.to_string();
    [
        ("device", number.as_str()),
        ("env", "bench"),
        ("filesystem", "ext4"),
        ("host", "web-1.example.com"),
        ("mount_point", &number),
        ("team", "allwell"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// Memory of this process, in KiB.
fn memory(what: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}
