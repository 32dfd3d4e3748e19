//! Many instances of a trivial check at 15 seconds: how late runs begin, what they cost, what an instance takes.
//!
//! `bench-scale INSTANCES SECONDS` prints one JSON object. The first runs, which all come within a second, are not measured.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use allwell::check::{Entry, InstanceSpec, load};
use allwell::config::confd;
use allwell::output::Hub;
use allwell::prelude::*;
use allwell::run::{Concurrency, Engine, Host, Surroundings};
use allwell_benches::{cpu_time, resident};

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
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(instances)), Some(Ok(seconds))) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: bench-scale INSTANCES SECONDS");
        std::process::exit(2);
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    println!("{}", runtime.expect("a runtime").block_on(measure(instances, seconds)));
}

async fn measure(instances: u64, seconds: u64) -> String {
    let hub = Arc::new(Hub::new(Vec::new(), allwell::output::HubOptions::default()));
    let surroundings =
        Surroundings { limits: Concurrency::default(), hub, keeper: None, observer: Arc::new(()) };
    let engine = Engine::new(Host::new("bench"), surroundings);
    engine.apply(specs(0..1));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let one = resident();
    // The files are read one by one, as from a directory, so that their text does not count.
    let all = (0..instances.div_ceil(1000))
        .flat_map(|n| specs(n * 1000..((n + 1) * 1000).min(instances)));
    engine.apply(all.collect());
    tokio::time::sleep(Duration::from_secs(17)).await;
    engine.lag().clear();
    let (began, cpu) = (Instant::now(), cpu_time());
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (elapsed, cpu) = (began.elapsed(), cpu_time().saturating_sub(cpu));
    let (runs, ms) =
        (engine.lag().count(), |share| engine.lag().quantile(share).as_secs_f64() * 1e3);
    let bytes = (resident() - one) as f64 / instances.saturating_sub(1).max(1) as f64;
    format!(
        "{{\"instances\": {instances}, \"runs\": {runs}, \"lag_p50_ms\": {:.2}, \"lag_p99_ms\": {:.2}, \"lag_max_ms\": {:.2}, \
         \"cpu_percent\": {:.2}, \"us_per_run\": {:.2}, \"bytes_per_instance\": {bytes:.0}, \"rss_mib\": {:.1}}}",
        ms(0.5),
        ms(0.99),
        engine.lag().longest().as_secs_f64() * 1e3,
        100.0 * cpu.as_secs_f64() / elapsed.as_secs_f64(),
        cpu.as_secs_f64() * 1e6 / runs.max(1) as f64,
        resident() as f64 / f64::from(1 << 20),
    )
}

fn specs(numbers: std::ops::Range<u64>) -> Vec<InstanceSpec> {
    let mut text = String::from("instances:\n");
    for number in numbers {
        let _ = writeln!(text, "  - number: {number}");
    }
    let file = confd::File::parse("trivial", Path::new("conf.d/trivial.d/conf.yaml"), text.into());
    load(Entry::of::<trivial>(), &file).instances
}
