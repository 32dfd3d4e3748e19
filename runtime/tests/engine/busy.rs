//! A check that computes where it should wait, on threads of a real runtime and in real time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use allwell::check::{Definition, Entry, InstanceSpec, load};
use allwell::config::confd;
use allwell::output::{Hub, HubOptions};
use allwell::prelude::*;
use allwell::run::{Concurrency, Engine, Host, Surroundings};

/// What keeps a thread for a while.
const BUSY: Duration = Duration::from_millis(800);

/// Has nothing to wait for.
#[check(interval = "1s")]
async fn quick(config: &Number) -> Reported {
    std::future::ready(Reported { number: config.number.into() }).await
}

/// Keeps its thread, and waits for nothing.
#[check(interval = "1s")]
async fn busy(config: &Number) -> Reported {
    std::thread::sleep(BUSY);
    std::future::ready(Reported { number: config.number.into() }).await
}

/// A number.
#[derive(Config)]
struct Number {
    /// It.
    number: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "busy")]
struct Reported {
    /// It.
    number: Gauge<Unitless>,
}

fn specs<D: Definition>(count: u32) -> Vec<InstanceSpec> {
    let instances: String = (0..count).map(|number| format!("  - number: {number}\n")).collect();
    let text = format!("instances:\n{instances}");
    let file = confd::File::parse(D::META.name, Path::new("conf.d/busy.yaml"), text.into());
    load(Entry::of::<D>(), &file).instances
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_check_that_keeps_its_thread() {
    let hub = Arc::new(Hub::new(Vec::new(), HubOptions::default()));
    let limits = Concurrency::default();
    let engine = Engine::new(
        Host::new("test-host"),
        Surroundings { limits, hub, keeper: None, observer: Arc::new(()) },
    );
    let mut all = specs::<busy>(1);
    all.extend(specs::<quick>(100));
    engine.apply(all);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let status = engine.status();
    let quick = || status.iter().filter(|one| one.entry.name() == "quick");
    let longest = quick().map(|one| one.longest_lag).max().expect("instances");
    let fewest = quick().map(|one| one.statistics.runs).min().expect("instances");
    let busy = status.iter().find(|one| one.entry.name() != "quick").expect("the busy one");
    assert!(busy.statistics.runs >= 3, "{}", busy.statistics.runs);
    assert!(longest < BUSY / 2, "{longest:?}");
    assert!(fewest >= 3, "{fewest}");
}
