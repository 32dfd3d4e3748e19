//! Many instances of a trivial check at 15 seconds: how late runs begin, what they cost, what an instance takes.
//!
//! `bench-scale INSTANCES SECONDS` prints one JSON object. The first runs, which all come within a second, are not measured. What the
//! engine costs with one instance is measured before, and told apart. `bench-scale INSTANCES bare` runs the instances one after
//! the other without an engine, as the peer's loop does.

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use allwell::aggregate::Sampler;
use allwell::check::{Entry, InstanceSpec, load};
use allwell::config::confd;
use allwell::output::Hub;
use allwell::prelude::*;
use allwell::run::{Concurrency, Engine, Host, Surroundings, Worker};
use allwell_benches::{cpu_time, resident};

/// How long the engine is watched with one instance: two of its runs are within.
const BASE: Duration = Duration::from_secs(30);

/// How many runs are measured in a loop, at least: the kernel counts time in ticks of some milliseconds.
const BARE_RUNS: u64 = 500_000;

/// Reports a number.
#[check]
async fn trivial(config: &Number) -> Reported {
    std::future::ready(Reported { number: config.number.into() }).await
}

/// A number.
#[derive(Config)]
struct Number {
    /// It.
    number: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "trivial")]
struct Reported {
    /// It.
    number: Gauge<Unitless>,
}

#[expect(clippy::print_stdout, reason = "the result")]
#[expect(clippy::print_stderr, reason = "how it is called")]
fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [instances, how] = &arguments[..] else {
        eprintln!("usage: bench-scale INSTANCES SECONDS|bare");
        std::process::exit(2);
    };
    let instances = instances.parse().expect("a number of instances");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    println!(
        "{}",
        match how.as_str() {
            "bare" => runtime.block_on(bare(instances)),
            seconds =>
                runtime.block_on(measure(instances, seconds.parse().expect("a number of seconds"))),
        }
    );
}

async fn measure(instances: u64, seconds: u64) -> String {
    let hub = Arc::new(Hub::new(Vec::new(), allwell::output::HubOptions::default()));
    let surroundings =
        Surroundings { limits: Concurrency::default(), hub, keeper: None, observer: Arc::new(()) };
    let engine = Engine::new(Host::new("bench"), surroundings);
    engine.apply(specs(0..1));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let one = resident();
    let base = cpu_share(BASE).await;
    engine.apply(all(instances));
    tokio::time::sleep(Duration::from_secs(17)).await;
    engine.lag().clear();
    let seconds = Duration::from_secs(seconds);
    let share = cpu_share(seconds).await;
    let (runs, ms) =
        (engine.lag().count(), |share| engine.lag().quantile(share).as_secs_f64() * 1e3);
    let bytes = (resident() - one) as f64 / instances.saturating_sub(1).max(1) as f64;
    let us_per_run = |share: f64| share * seconds.as_secs_f64() * 1e6 / runs.max(1) as f64;
    format!(
        "{{\"instances\": {instances}, \"runs\": {runs}, \"lag_p50_ms\": {:.2}, \"lag_p99_ms\": {:.2}, \"lag_max_ms\": {:.2}, \
         \"cpu_percent\": {:.3}, \"cpu_percent_of_one\": {:.3}, \"us_per_run\": {:.2}, \"us_per_run_beyond_one\": {:.2}, \
         \"bytes_per_instance\": {bytes:.0}, \"rss_mib\": {:.1}}}",
        ms(0.5),
        ms(0.99),
        engine.lag().longest().as_secs_f64() * 1e3,
        100.0 * share,
        100.0 * base,
        us_per_run(share),
        us_per_run(share - base),
        resident() as f64 / f64::from(1 << 20),
    )
}

/// How much of one core this process takes, over some time.
async fn cpu_share(time: Duration) -> f64 {
    let (began, cpu) = (Instant::now(), cpu_time());
    tokio::time::sleep(time).await;
    cpu_time().saturating_sub(cpu).as_secs_f64() / began.elapsed().as_secs_f64()
}

/// Every instance once, and then a few times more.
async fn bare(instances: u64) -> String {
    let host = Host::new("bench");
    let mut all: Vec<_> =
        all(instances).into_iter().map(|spec| (Worker::new(spec, &host), Sampler::new())).collect();
    run_all(&mut all).await;
    let cpu = cpu_time();
    let rounds = BARE_RUNS.div_ceil(instances.max(1));
    for _ in 0..rounds {
        run_all(&mut all).await;
    }
    let cpu = cpu_time().saturating_sub(cpu).as_secs_f64();
    let us_per_run = cpu * 1e6 / (rounds * instances.max(1)) as f64;
    format!("{{\"instances\": {instances}, \"us_per_run\": {us_per_run:.2}}}")
}

async fn run_all(all: &mut [(Worker, Sampler)]) {
    for (worker, sampler) in all {
        worker.run().await;
        black_box(worker.collect(sampler));
    }
}

/// The files are read one by one, as from a directory, so that their text does not count.
fn all(instances: u64) -> Vec<InstanceSpec> {
    let files = (0..instances.div_ceil(1000)).map(|n| n * 1000..((n + 1) * 1000).min(instances));
    files.flat_map(specs).collect()
}

fn specs(numbers: std::ops::Range<u64>) -> Vec<InstanceSpec> {
    let mut text = String::from("instances:\n");
    for number in numbers {
        let _ = writeln!(text, "  - number: {number}");
    }
    let file = confd::File::parse("trivial", Path::new("conf.d/trivial.d/conf.yaml"), text.into());
    load(Entry::of::<trivial>(), &file).instances
}
