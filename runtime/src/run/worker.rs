//! Runs one instance: starts it when needed, looks once within the timeout, survives what the check does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tokio::time::error::Elapsed;

use crate::check::panics::guard;
use crate::check::{
    Cache, Cancellation, Core, Entry, Host, Identity, InstanceSpec, Place, Prepared, Recipe,
    Result, Running, Thread,
};
use crate::config::resolve::Scrubber;
use crate::metric::{Batch, Limits, Status};

use super::catch::catch_panic;
use super::report::{RunOutcome, RunReport};
use super::statistics::Statistics;

/// An instance and its state between runs.
///
/// After a timeout or a panic the state is dropped and the instance starts anew: an exchange with a server that was cut
/// short, or a state that a panic left behind, is not to be trusted.
pub struct Worker {
    entry: &'static Entry,
    core: Arc<Core>,
    tags: Arc<[String]>,
    source: Arc<str>,
    /// Zero means once.
    interval: Duration,
    names_host: bool,
    recipe: Recipe,
    /// Takes the secrets of the configuration out of what the check says.
    scrubber: Option<Arc<Scrubber>>,
    prepared: Option<Box<dyn Prepared>>,
    running: Option<Box<dyn Running>>,
    /// What the instance's limits remember, while no batch holds them.
    limits: Option<Box<Limits>>,
    /// The thread of the last run of a blocking check.
    thread: Option<Thread>,
    statistics: Statistics,
}

impl Worker {
    /// A worker for a configured instance; nothing is started yet.
    pub fn new(spec: InstanceSpec, host: &Host) -> Self {
        Self::with_cache(spec, &Arc::new(host.clone()), Cache::default())
    }

    /// The same, with what it has kept before.
    pub(crate) fn with_cache(spec: InstanceSpec, host: &Arc<Host>, cache: Cache) -> Self {
        let interval = interval(&spec);
        let InstanceSpec { entry, common, tags, prepared, id, source, recipe, scrubber, .. } = spec;
        let identity = Identity { check: entry.meta.name, id, host: Arc::clone(host) };
        let limits = Some(common.limits()).filter(|limits| !limits.none()).map(Box::new);
        Self {
            entry,
            core: Arc::new(Core::new(identity, cache)),
            tags,
            source,
            interval,
            names_host: !common.empty_default_hostname,
            recipe,
            scrubber,
            prepared,
            running: None,
            limits,
            thread: None,
            statistics: Statistics::default(),
        }
    }

    /// The check.
    pub const fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The instance's id.
    pub fn id(&self) -> &Arc<str> {
        &self.core.identity.id
    }

    /// Where the instance was configured, as `file:/etc/…/conf.yaml`.
    pub const fn source(&self) -> &Arc<str> {
        &self.source
    }

    /// The tags of everything that the instance submits.
    pub const fn tags(&self) -> &Arc<[String]> {
        &self.tags
    }

    /// The name of the host that everything is submitted for, unless a record names another; none for what belongs to no host.
    pub fn host(&self) -> Option<&Arc<str>> {
        self.names_host.then_some(&self.core.identity.host.hostname)
    }

    /// How often it runs; zero means once.
    pub const fn interval(&self) -> Duration {
        self.interval
    }

    /// How long a run may take: what the check says, or its interval.
    pub fn timeout(&self) -> Duration {
        let meta = &self.entry.meta;
        meta.timeout.unwrap_or_else(|| match self.interval() {
            Duration::ZERO => meta.interval,
            interval => interval,
        })
    }

    /// What is remembered of its runs.
    pub const fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Looks once.
    pub async fn run(&mut self) -> RunReport {
        self.begin();
        let (started, since) = (self.now(), Instant::now());
        let limit = self.timeout();
        let thread = self.entry.meta.blocking.then(Thread::default);
        self.thread.clone_from(&thread);
        let ended = match thread {
            Some(thread) => thread.watch(self.look_within(limit)).await,
            None => self.look_within(limit).await,
        };
        let outcome = match ended {
            Ok(Ok(Ok(()))) => RunOutcome::Ok,
            Ok(Ok(Err(error))) => RunOutcome::Failed(self.scrubbed(&format!("{error:#}"))),
            Ok(Err(_)) => RunOutcome::TimedOut(limit),
            Err(panic) => RunOutcome::Panicked(self.scrubbed(&panic)),
        };
        let report = self.report(started, since.elapsed(), outcome);
        if matches!(report.outcome, RunOutcome::TimedOut(_) | RunOutcome::Panicked(_)) {
            self.abandon();
        }
        self.statistics.add(&report);
        report
    }

    /// Reads what the last run yielded: the batch and the instance's metadata. Before the first run there is nothing.
    pub fn output<R>(&self, read: impl FnOnce(&Batch, &BTreeMap<String, String>) -> R) -> R {
        let output = self.core.output();
        match &output.batch {
            Some(batch) => read(batch, output.metadata()),
            None => read(&Batch::new(&*self.tags, Limits::default()), output.metadata()),
        }
    }

    /// The host's time of day.
    pub(super) fn now(&self) -> SystemTime {
        self.core.identity.host.clock.now()
    }

    /// Gives the next run this batch to write to, instead of one of the instance's own.
    pub(super) fn lend(&self, batch: Box<Batch>) {
        self.core.output().batch = Some(batch);
    }

    /// Takes the batch of the last run.
    pub(super) fn take_batch(&mut self) -> Option<Box<Batch>> {
        let mut batch = self.core.output().batch.take()?;
        self.keep_limits(&mut batch);
        Some(batch)
    }

    /// A thread of the blocking pool still works for a run that was given up.
    pub(crate) fn is_stuck(&self) -> bool {
        self.thread.as_ref().is_some_and(Thread::is_busy)
    }

    /// What the check has said of what it watches.
    pub(super) fn metadata(&self) -> BTreeMap<String, String> {
        self.core.output().metadata().clone()
    }

    /// What tells the check to come to an end.
    pub(super) fn cancellation(&self) -> Cancellation {
        Cancellation::of(&self.core)
    }

    /// The texts that the check keeps from run to run.
    pub(crate) fn cache(&self) -> &Cache {
        &self.core.cache
    }

    /// Ends the instance.
    pub async fn stop(self) {
        self.core.cancel();
        if let Some(running) = self.running {
            running.stop().await;
        }
    }

    async fn look(&mut self) -> Result<()> {
        if let Some(running) = &mut self.running {
            return running.run().await;
        }
        let prepared = match self.prepared.take() {
            Some(prepared) => prepared,
            None => self.recipe.prepare()?,
        };
        let running = prepared.start(Place { core: Arc::clone(&self.core) }).await?;
        self.running.insert(running).run().await
    }

    /// What is dropped at the timeout may panic as well, so that is within what is caught.
    async fn look_within(
        &mut self,
        limit: Duration,
    ) -> Result<Result<Result<()>, Elapsed>, String> {
        catch_panic(async { tokio::time::timeout(limit, self.look()).await }).await
    }

    fn begin(&mut self) {
        let core = Arc::clone(&self.core);
        let mut output = core.output();
        output.begin();
        let batch = output.batch.get_or_insert_default();
        self.keep_limits(batch);
        let limits = self.limits.as_deref_mut().map(std::mem::take).unwrap_or_default();
        batch.begin(&*self.tags, limits);
    }

    fn keep_limits(&mut self, batch: &mut Batch) {
        let limits = batch.take_limits();
        if let Some(kept) = self.limits.as_deref_mut().filter(|_| !limits.none()) {
            *kept = limits;
        }
    }

    fn scrubbed(&self, text: &str) -> String {
        self.scrubber.as_ref().map_or_else(|| text.to_owned(), |s| s.scrub(text).into_owned())
    }

    fn report(&self, started: SystemTime, elapsed: Duration, outcome: RunOutcome) -> RunReport {
        let mut output = self.core.output();
        let warnings = output.warnings().iter().map(|warning| self.scrubbed(warning)).collect();
        let batch = output.batch.get_or_insert_default();
        #[cfg(feature = "openmetrics")]
        self.core.scrapes.settle(|| batch.scraped_totals());
        if let Some(can_connect) = self.entry.meta.can_connect {
            let status = match &outcome {
                RunOutcome::Ok => Status::Ok,
                bad => Status::critical(bad),
            };
            batch.emitter().service_check(can_connect, status);
        }
        RunReport {
            started,
            elapsed,
            outcome,
            warnings,
            samples: batch.len(),
            service_checks: batch.service_checks().len(),
            events: batch.events().len(),
            logs: batch.logs().len(),
            drops: batch.drops(),
        }
    }

    /// Leaves the run behind: a blocking check that still goes on is told to end, and submits where nobody looks.
    fn abandon(&mut self) {
        self.core.cancel();
        let state = self.running.take();
        // A state that panics when it is dropped has been told to be at fault already.
        drop(guard(|| drop(state)));
        let fresh = self.core.renewed();
        {
            let (mut old, mut new) = (self.core.output(), fresh.output());
            std::mem::swap(&mut *old, &mut *new);
        }
        self.core = Arc::new(fresh);
    }
}

/// How often an instance is to run; zero means once.
pub(super) fn interval(spec: &InstanceSpec) -> Duration {
    spec.common.min_collection_interval.unwrap_or(spec.entry.meta.interval)
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("instance", self.id()).finish_non_exhaustive()
    }
}
