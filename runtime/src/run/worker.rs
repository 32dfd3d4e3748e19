//! Runs one instance: starts it when needed, looks once within the timeout, survives what the check does.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::check::{Cache, Core, Entry, Identity, InstanceSpec, Place, Prepared, Result, Running};
use crate::metric::{Batch, Status};

use super::catch::catch_panic;
use super::host::Host;
use super::report::{RunOutcome, RunReport};
use super::statistics::Statistics;

/// An instance and its state between runs.
///
/// After a timeout or a panic the state is dropped and the instance starts anew: an exchange with a server that was cut
/// short, or a state that a panic left behind, is not to be trusted.
pub struct Worker {
    spec: InstanceSpec,
    host: Host,
    cache: Arc<Cache>,
    core: Arc<Core>,
    prepared: Option<Box<dyn Prepared>>,
    running: Option<Box<dyn Running>>,
    statistics: Statistics,
}

impl Worker {
    /// A worker for a configured instance; nothing is started yet.
    pub fn new(mut spec: InstanceSpec, host: &Host) -> Self {
        let cache = Arc::new(Cache::default());
        let prepared = spec.prepared.take();
        let core = Arc::new(new_core(&spec, host, &cache));
        let host = host.clone();
        Self { spec, host, cache, core, prepared, running: None, statistics: Statistics::default() }
    }

    /// The check.
    pub const fn entry(&self) -> &'static Entry {
        self.spec.entry
    }

    /// The instance.
    pub const fn spec(&self) -> &InstanceSpec {
        &self.spec
    }

    /// How often it runs; zero means once.
    pub fn interval(&self) -> Duration {
        self.spec.common.min_collection_interval.unwrap_or(self.spec.entry.meta.interval)
    }

    /// How long a run may take: what the check says, or its interval.
    pub fn timeout(&self) -> Duration {
        let meta = &self.spec.entry.meta;
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
        self.clear();
        let (started, since) = (self.host.clock.now(), Instant::now());
        let limit = self.timeout();
        let ended = tokio::time::timeout(limit, catch_panic(self.look())).await;
        let outcome = match ended {
            Ok(Ok(Ok(()))) => RunOutcome::Ok,
            Ok(Ok(Err(error))) => RunOutcome::Failed(format!("{error:#}")),
            Ok(Err(panic)) => RunOutcome::Panicked(panic),
            Err(_) => RunOutcome::TimedOut(limit),
        };
        let report = self.report(started, since.elapsed(), outcome);
        if matches!(report.outcome, RunOutcome::TimedOut(_) | RunOutcome::Panicked(_)) {
            self.abandon();
        }
        self.statistics.add(&report);
        report
    }

    /// Reads what the last run yielded: the batch and the instance's metadata.
    pub fn output<R>(&self, read: impl FnOnce(&Batch, &BTreeMap<String, String>) -> R) -> R {
        let output = self.core.output();
        read(&output.batch, &output.metadata)
    }

    /// Ends the instance.
    pub async fn stop(self) {
        self.core.cancellation.cancel();
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
            None => self.spec.prepare()?,
        };
        let running = prepared.start(Place { core: Arc::clone(&self.core) }).await?;
        self.running.insert(running).run().await
    }

    fn clear(&self) {
        let mut output = self.core.output();
        output.batch.clear();
        output.warnings.clear();
    }

    fn report(&self, started: SystemTime, elapsed: Duration, outcome: RunOutcome) -> RunReport {
        let mut output = self.core.output();
        if let Some(can_connect) = self.spec.entry.meta.can_connect {
            let status = match &outcome {
                RunOutcome::Ok => Status::Ok,
                bad => Status::critical(bad),
            };
            output.batch.emitter().service_check(can_connect, status);
        }
        RunReport {
            started,
            elapsed,
            outcome,
            warnings: output.warnings.clone(),
            samples: output.batch.len(),
            service_checks: output.batch.service_checks().len(),
            events: output.batch.events().len(),
            logs: output.batch.logs().len(),
            drops: output.batch.drops(),
        }
    }

    /// Leaves the run behind: a blocking check that still goes on is told to end, and submits where nobody looks.
    fn abandon(&mut self) {
        self.core.cancellation.cancel();
        let state = self.running.take();
        // A state that panics when it is dropped has been told to be at fault already.
        drop(catch_unwind(AssertUnwindSafe(|| drop(state))));
        let fresh = new_core(&self.spec, &self.host, &self.cache);
        {
            let (mut old, mut new) = (self.core.output(), fresh.output());
            std::mem::swap(&mut *old, &mut *new);
        }
        self.core = Arc::new(fresh);
    }
}

fn new_core(spec: &InstanceSpec, host: &Host, cache: &Arc<Cache>) -> Core {
    let identity = Identity {
        check: spec.entry.meta.name,
        id: spec.id.to_string(),
        hostname: Arc::clone(&host.hostname),
        clock: host.clock,
    };
    Core::new(identity, Batch::new(&*spec.tags, spec.common.limits()), Arc::clone(cache))
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("instance", &self.spec.id).finish_non_exhaustive()
    }
}
