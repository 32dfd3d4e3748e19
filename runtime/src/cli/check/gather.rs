//! Runs instances, some at a time, and keeps what they yield.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::aggregate::{Rejected, Sampler};
use crate::check::{Entry, InstanceSpec};
use crate::metric::Kind;
use crate::output::Delivery;
use crate::run::{Host, Statistics, Worker};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::screen::Screen;
use super::progress::{Line, Progress};

/// How many instances run at once.
const AT_ONCE: usize = 16;

/// How long an instance may take to say goodbye, as in the Agent.
const STOP_LIMIT: Duration = Duration::from_millis(500);

/// How often the progress line is drawn.
const REDRAW: Duration = Duration::from_millis(200);

/// How the instances are run.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) times: u32,
    pub(super) pause: Duration,
    pub(super) host: Host,
}

/// What the runs of an instance yielded.
pub(super) struct Gathered {
    pub(super) entry: &'static Entry,
    pub(super) id: String,
    pub(super) source: String,
    pub(super) interval: Duration,
    pub(super) statistics: Statistics,
    /// What the runs yielded, one by one.
    pub(super) deliveries: Vec<Delivery>,
    pub(super) rejected: Rejected,
    pub(super) metadata: BTreeMap<String, String>,
    /// A rate or monotonic count was submitted, which has no value after one run.
    pub(super) needs_another_run: bool,
}

impl Gathered {
    pub(super) const fn has_failed(&self) -> bool {
        self.statistics.errors > 0
    }

    fn new(worker: &Worker) -> Self {
        Self {
            entry: worker.entry(),
            id: worker.id().to_string(),
            source: worker.source().to_string(),
            interval: worker.interval(),
            statistics: Statistics::default(),
            deliveries: Vec::new(),
            rejected: Rejected::default(),
            metadata: BTreeMap::new(),
            needs_another_run: false,
        }
    }

    /// What the last run yielded.
    pub(super) fn last(&self) -> Option<&Delivery> {
        self.deliveries.last()
    }

    fn add(&mut self, worker: &Worker, sampler: &mut Sampler) {
        let (delivery, rejected) = worker.collect(sampler);
        self.deliveries.push(delivery);
        self.rejected.negative_rates += rejected.negative_rates;
        self.rejected.timeless_rates += rejected.timeless_rates;
        worker.output(|batch, metadata| {
            self.metadata.clone_from(metadata);
            self.needs_another_run |= batch.samples().any(|sample| {
                matches!(sample.metric.kind(), Some(Kind::Rate | Kind::MonotonicCount))
                    && !sample.flush_first_value
            });
        });
    }
}

/// Runs all instances and gives what they yielded, in their order.
pub(super) fn gather(
    instances: Vec<InstanceSpec>,
    plan: &Plan,
    screen: &mut Screen<'_>,
) -> Result<Vec<Gathered>, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Told {
        exit: Exit::INTERNAL,
        message: format!("no threads to run checks on: {error}"),
        hint: String::new(),
    })?;
    let gathered = runtime.block_on(run_all(instances, plan, screen));
    // A blocking check that hangs is not waited for.
    runtime.shutdown_background();
    Ok(gathered?)
}

async fn run_all(
    instances: Vec<InstanceSpec>,
    plan: &Plan,
    screen: &mut Screen<'_>,
) -> std::io::Result<Vec<Gathered>> {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let progress = Arc::new(Progress::new(instances.len()));
    let mut line = Line::default();
    let runs: Vec<_> = instances
        .into_iter()
        .map(|instance| {
            let (permits, progress) = (Arc::clone(&permits), Arc::clone(&progress));
            tokio::spawn(run_one(instance, plan.clone(), permits, progress))
        })
        .collect();
    let mut gathered = Vec::with_capacity(runs.len());
    for mut run in runs {
        let one = loop {
            match tokio::time::timeout(REDRAW, &mut run).await {
                Ok(ended) => break ended,
                Err(_) => line.draw(&progress, screen)?,
            }
        };
        gathered.push(one.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())));
    }
    line.erase(screen)?;
    Ok(gathered)
}

async fn run_one(
    instance: InstanceSpec,
    plan: Plan,
    permits: Arc<Semaphore>,
    progress: Arc<Progress>,
) -> Gathered {
    // The semaphore is never closed; without a permit the instance would only run sooner.
    let _permit = permits.acquire().await;
    let name = instance.entry.meta.name;
    progress.begin(name);
    let mut worker = Worker::new(instance, &plan.host);
    let mut gathered = Gathered::new(&worker);
    let mut sampler = Sampler::new();
    for run in 0..plan.times {
        if run > 0 {
            tokio::time::sleep(plan.pause).await;
        }
        worker.run().await;
        gathered.add(&worker, &mut sampler);
    }
    gathered.statistics = worker.statistics().clone();
    let stopping: JoinHandle<()> = tokio::spawn(worker.stop());
    // An instance that cannot say goodbye has been asked to; its data is complete.
    let _ = tokio::time::timeout(STOP_LIMIT, stopping).await;
    progress.end(name);
    gathered
}
