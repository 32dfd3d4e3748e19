//! An engine under virtual time, what it is given to run, and what it told.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use allwell::check::{Clock, Entry, InstanceSpec, load};
use allwell::config::confd;
use allwell::output::{Hub, HubOptions, Memory};
use allwell::prelude::*;
use allwell::run::{
    Change, Concurrency, Engine, Host, InstanceStatus, Keeper, Notice, Observer, Surroundings,
};

/// Does what it is told.
#[check(timeout = "5s")]
pub(crate) async fn obeys(config: &Orders, cx: &Context) -> Result<Answer> {
    match config.order.as_str() {
        "fail" => bail!("as told"),
        "panic" => panic!("as told"),
        "hang" => std::future::pending().await,
        "warn" => cx.warn("look out"),
        "unsteady" => {
            let said = cx.cache().get("said").unwrap_or_default();
            cx.cache().set("said", format!("{said}."));
            match said.len() {
                0 => bail!("the first one fails"),
                1 => cx.warn("the second one warns"),
                _ => {}
            }
        }
        "stop" => cx.cancellation().cancelled().await,
        seconds => {
            tokio::time::sleep(Duration::from_secs_f64(seconds.parse().unwrap_or(0.0))).await;
        }
    }
    let runs = cx.cache().get("runs").map_or(0, |runs| runs.parse().unwrap_or(0)) + 1;
    cx.cache().set("runs", runs.to_string());
    Ok(Answer { runs: runs.into(), total: (10 * runs).into() })
}

/// What it is told.
#[derive(Config)]
pub(crate) struct Orders {
    /// Tells it from others.
    #[config(tag)]
    id: u32,
    /// A word, or how many seconds a run takes.
    #[config(default = "")]
    order: String,
}

#[derive(Metrics)]
#[metrics(namespace = "obeys")]
pub(crate) struct Answer {
    /// Runs so far.
    runs: Gauge<Unitless>,
    /// Grows by ten a run.
    total: MonotonicCount<Unitless>,
}

/// Blocks until a file is gone.
#[check(timeout = "1s")]
pub(crate) fn blocks(config: &Gate) -> Answer {
    while Path::new(&config.until_gone).exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    Answer { runs: 1.into(), total: 1.into() }
}

/// A gate.
#[derive(Config)]
pub(crate) struct Gate {
    /// A file.
    until_gone: String,
}

/// Everything that the engine told, by instance.
#[derive(Default, Clone)]
pub(crate) struct Told(Arc<Mutex<Vec<(String, String)>>>);

impl Observer for Told {
    fn notice(&self, instance: &str, notice: Notice<'_>) {
        let text = match notice {
            Notice::Ran(report) => format!("ran: {}", report.outcome),
            Notice::Slow { elapsed, limit } => format!("slow: {elapsed:?} of {limit:?}"),
            Notice::Skipped(skip) => format!("skipped: {skip}"),
            Notice::Recovered { failures } => format!("recovered after {failures}"),
            Notice::DidNotStop => String::from("did not stop"),
        };
        self.0.lock().unwrap().push((instance.to_owned(), text));
    }
}

impl Told {
    pub(crate) fn count(&self, text: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|(_, told)| told.starts_with(text)).count()
    }
}

/// An engine, its output and what it told.
pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) memory: Memory,
    pub(crate) told: Told,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(Concurrency::default())
    }

    pub(crate) fn with(limits: Concurrency) -> Self {
        Self::of(limits, None)
    }

    pub(crate) fn of(limits: Concurrency, keeper: Option<Arc<Keeper>>) -> Self {
        let (memory, told) = (Memory::new(), Told::default());
        let before = keeper.as_ref().map(Keeper::before);
        let options = HubOptions { before, ..HubOptions::default() };
        let hub = Arc::new(Hub::new(vec![Arc::new(memory.clone())], options));
        let mut host = Host::new("test-host");
        // 00:00:07 on some day: no boundary of an interval.
        host.clock =
            Clock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 20_000 + 7));
        let observer = Arc::new(told.clone());
        let engine = Engine::new(host, Surroundings { limits, hub, keeper, observer });
        Self { engine, memory, told }
    }

    pub(crate) fn apply(&self, instances: &str) -> Change {
        self.engine.apply(specs(Entry::of::<obeys>(), instances))
    }

    pub(crate) fn only(&self) -> InstanceStatus {
        self.engine.status().into_iter().next().expect("an instance")
    }

    pub(crate) fn times(&self) -> Vec<f64> {
        self.memory.take().iter().map(|delivery| delivery.time).collect()
    }
}

pub(crate) fn specs(entry: &'static Entry, instances: &str) -> Vec<InstanceSpec> {
    let text = format!("instances:\n{instances}");
    let file = confd::File::parse(entry.name(), Path::new("conf.d/obeys.d/conf.yaml"), text.into());
    let loaded = load(entry, &file);
    assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems);
    loaded.instances
}

pub(crate) async fn pass(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}
