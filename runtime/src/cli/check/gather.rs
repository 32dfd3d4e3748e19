//! Runs instances, some at a time, and keeps what they yield.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::aggregate::{Flush, Rejected, Sampler, Series, SketchSeries};
use crate::check::{Entry, InstanceSpec};
use crate::metric::{Batch, Event, Kind, Log, Status};
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
    pub(super) hostname: Arc<str>,
    pub(super) interval: Duration,
    pub(super) tags: Vec<String>,
    pub(super) statistics: Statistics,
    /// The points of all runs.
    pub(super) series: Vec<Series>,
    /// Where the points of the last run begin.
    pub(super) last_series: usize,
    pub(super) sketches: Vec<SketchSeries>,
    /// Where the sketches of the last run begin.
    pub(super) last_sketches: usize,
    pub(super) rejected: Rejected,
    pub(super) service_checks: Vec<ServiceCheckResult>,
    /// Where the service checks of the last run begin.
    pub(super) last_service_checks: usize,
    pub(super) events: Vec<Event>,
    pub(super) logs: Vec<Log>,
    pub(super) metadata: BTreeMap<String, String>,
    /// A rate or monotonic count was submitted, which has no value after one run.
    pub(super) needs_another_run: bool,
}

/// A service check that a run submitted.
pub(super) struct ServiceCheckResult {
    pub(super) name: &'static str,
    pub(super) status: Status,
    pub(super) tags: Vec<String>,
    pub(super) host: Option<String>,
    pub(super) timestamp: i64,
}

impl Gathered {
    pub(super) const fn has_failed(&self) -> bool {
        self.statistics.errors > 0
    }

    fn new(worker: &Worker, host: &Host) -> Self {
        let spec = worker.spec();
        Self {
            entry: spec.entry,
            id: spec.id.to_string(),
            source: spec.source.to_string(),
            hostname: if spec.common.empty_default_hostname {
                Arc::from("")
            } else {
                Arc::clone(&host.hostname)
            },
            interval: worker.interval(),
            tags: spec.tags.to_vec(),
            statistics: Statistics::default(),
            series: Vec::new(),
            last_series: 0,
            sketches: Vec::new(),
            last_sketches: 0,
            rejected: Rejected::default(),
            service_checks: Vec::new(),
            last_service_checks: 0,
            events: Vec::new(),
            logs: Vec::new(),
            metadata: BTreeMap::new(),
            needs_another_run: false,
        }
    }

    fn add(&mut self, batch: &Batch, flush: Flush, time: f64) {
        self.last_series = self.series.len();
        self.series.extend(flush.series);
        self.last_sketches = self.sketches.len();
        self.sketches.extend(flush.sketches);
        self.rejected.negative_rates += flush.rejected.negative_rates;
        self.rejected.timeless_rates += flush.rejected.timeless_rates;
        self.last_service_checks = self.service_checks.len();
        self.service_checks.extend(batch.service_checks().map(|sample| ServiceCheckResult {
            name: sample.descriptor.name,
            status: sample.status.clone(),
            tags: sample.tags.map(str::to_owned).collect(),
            host: sample.host.map(str::to_owned),
            timestamp: whole_seconds(time),
        }));
        self.events.extend_from_slice(batch.events());
        self.logs.extend_from_slice(batch.logs());
        self.needs_another_run |= batch.samples().any(|sample| {
            matches!(sample.descriptor.kind(), Some(Kind::Rate | Kind::MonotonicCount))
                && !sample.descriptor.flush_first_value
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
    let mut gathered = Gathered::new(&worker, &plan.host);
    let mut sampler = Sampler::new();
    for run in 0..plan.times {
        if run > 0 {
            tokio::time::sleep(plan.pause).await;
        }
        worker.run().await;
        let time = now();
        worker.output(|batch, metadata| {
            sampler.add(batch, time);
            gathered.add(batch, sampler.commit(time), time);
            gathered.metadata.clone_from(metadata);
        });
    }
    gathered.statistics = worker.statistics().clone();
    let stopping: JoinHandle<()> = tokio::spawn(worker.stop());
    // An instance that cannot say goodbye has been asked to; its data is complete.
    let _ = tokio::time::timeout(STOP_LIMIT, stopping).await;
    progress.end(name);
    gathered
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[expect(clippy::cast_possible_truncation, reason = "whole seconds since the epoch are meant")]
const fn whole_seconds(time: f64) -> i64 {
    time as i64
}
