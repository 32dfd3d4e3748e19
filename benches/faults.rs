//! Ten thousand instances, without and with four hundred that are at fault: how late the others begin, and what memory does.
//!
//! `bench-faults SECONDS` prints one JSON object. A hundred instances never return, a hundred block a thread for ever, a hundred
//! panic in every run and a hundred fail. After that, one instance changes a thousand times.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use allwell::check::{Definition, Entry, InstanceSpec, load};
use allwell::config::confd;
use allwell::output::{Hub, HubOptions};
use allwell::prelude::*;
use allwell::run::{Activity, Concurrency, Engine, Host, Surroundings};
use allwell_benches::resident;

/// Reports a number.
#[check(interval = "5s")]
async fn good(config: &Number) -> Reported {
    std::future::ready(Reported { number: config.number.into() }).await
}

/// Is at fault.
#[check(interval = "5s", timeout = "2s")]
async fn bad(config: &Number) -> Result<Reported> {
    match config.number % 3 {
        0 => std::future::pending().await,
        1 => panic!("always"),
        _ => bail!("always"),
    }
}

/// Never gives its thread back.
#[check(interval = "5s", timeout = "2s")]
fn stuck(_config: &Number) {
    loop {
        std::thread::park();
    }
}

/// A number.
#[derive(Config)]
struct Number {
    /// It.
    number: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "good")]
struct Reported {
    /// It.
    number: Gauge<Unitless>,
}

#[expect(clippy::print_stdout, reason = "the result")]
#[expect(clippy::print_stderr, reason = "how it is called")]
fn main() {
    let Some(Ok(seconds)) = std::env::args().nth(1).map(|argument| argument.parse()) else {
        eprintln!("usage: bench-faults SECONDS");
        std::process::exit(2);
    };
    // The panics are the point; their messages are not.
    std::panic::set_hook(Box::new(|_| {}));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    println!("{}", runtime.block_on(measure(Duration::from_secs(seconds))));
    runtime.shutdown_background();
}

async fn measure(time: Duration) -> String {
    let hub = Arc::new(Hub::new(Vec::new(), HubOptions::default()));
    let surroundings =
        Surroundings { limits: Concurrency::default(), hub, keeper: None, observer: Arc::new(()) };
    let engine = Engine::new(Host::new("bench"), surroundings);
    engine.apply(specs::<good>(0..10_000));
    let undisturbed = lag_of_good(&engine, time).await;
    let all = || {
        let mut all = specs::<good>(0..9_600);
        all.extend(specs::<bad>(0..300));
        all.extend(specs::<stuck>(0..100));
        all
    };
    engine.apply(all());
    let disturbed = lag_of_good(&engine, time).await;
    let faults = faults(&engine);
    let before = resident();
    tokio::time::sleep(time).await;
    let later = resident();
    let began = Instant::now();
    for number in 0..1000 {
        let mut changed = all();
        changed.extend(specs::<good>(20_000 + number..20_001 + number));
        engine.apply(changed);
    }
    let reloads = began.elapsed() / 1000;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    format!(
        "{{\"p99_lag_ms_undisturbed\": {undisturbed:.2}, \"p99_lag_ms_disturbed\": {disturbed:.2}, \"status\": \"{faults}\", \
         \"rss_mib\": {:.1}, \"rss_mib_later\": {:.1}, \"rss_mib_after_1000_reloads\": {:.1}, \"ms_per_reload_of_10000\": {:.1}}}",
        mib(before),
        mib(later),
        mib(resident()),
        reloads.as_secs_f64() * 1e3,
    )
}

/// The 99th percentile of the last lags of all good instances, over some time, in milliseconds.
async fn lag_of_good(engine: &Engine, time: Duration) -> f64 {
    tokio::time::sleep(Duration::from_secs(8)).await;
    let until = Instant::now() + time;
    let mut lags = Vec::new();
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let status = engine.status();
        let good = status.iter().filter(|one| one.entry.name() == "good");
        lags.extend(good.map(|one| one.last_lag));
    }
    lags.sort();
    lags[lags.len() * 99 / 100].as_secs_f64() * 1e3
}

/// How many instances have which fault, as the status shows it.
fn faults(engine: &Engine) -> String {
    let mut faults = BTreeMap::<_, usize>::new();
    for one in engine.status() {
        let statistics = &one.statistics;
        let fault = match one.activity {
            Activity::Stuck(_) => "stuck",
            _ if statistics.panics > 0 => "panicked",
            _ if statistics.timeouts > 0 => "timed out",
            _ if statistics.errors > 0 => "failed",
            _ => continue,
        };
        *faults.entry(fault).or_default() += 1;
    }
    faults.iter().map(|(fault, count)| format!("{count} {fault}")).collect::<Vec<_>>().join(", ")
}

fn specs<D: Definition>(numbers: std::ops::Range<u32>) -> Vec<InstanceSpec> {
    let mut text = String::from("instances:\n");
    for number in numbers {
        let _ = writeln!(text, "  - number: {number}");
    }
    let file = confd::File::parse(D::META.name, Path::new("conf.d/bench.yaml"), text.into());
    load(Entry::of::<D>(), &file).instances
}
