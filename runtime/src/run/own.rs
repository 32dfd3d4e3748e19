//! What an engine reports of itself, by the rules and through the outputs of all checks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use crate::Metrics;
use crate::aggregate::Sampler;
use crate::check::{Entry, Location, Meta, Package};
use crate::metric::units::{Error, Execution, Instance, Item, Sample, Second};
use crate::metric::{Batch, Gauge, Histogram, Limits, MonotonicCount, Unitless};
use crate::output::{Amount, Delivery, OutputStatistics};

use super::engine::Engine;
use super::instance::Tally;
use super::notice::Skips;

/// Runs of all instances of a check.
#[derive(Debug, Metrics)]
#[metrics(namespace = "allwell.check")]
struct OfCheck {
    #[tag]
    check: &'static str,
    /// Instances that are configured.
    instances: Gauge<Instance>,
    /// Instances whose last run has failed.
    failing: Gauge<Instance>,
    /// Instances that a thread is still busy with after their run was given up.
    stuck: Gauge<Instance>,
    /// Runs that have ended.
    runs: MonotonicCount<Execution>,
    /// Runs that did not end well.
    failures: MonotonicCount<Execution>,
    /// Of these, runs that did not end in time.
    timeouts: MonotonicCount<Execution>,
    /// Of these, runs that panicked.
    panics: MonotonicCount<Execution>,
    /// Samples that were submitted.
    samples: MonotonicCount<Sample>,
    /// Samples that were not kept, and points that could not be computed.
    dropped: MonotonicCount<Sample>,
    /// Series that are remembered.
    contexts: Gauge<Unitless>,
    /// How late the last run of an instance began, at most.
    lag: Gauge<Second>,
}

/// What the last run of an instance took.
#[derive(Debug, Metrics)]
#[metrics(namespace = "allwell.check")]
struct Took {
    #[tag]
    check: &'static str,
    /// What the last run of each instance took.
    duration: Histogram<Second>,
}

/// Runs that were due and left out.
#[derive(Debug, Metrics)]
#[metrics(namespace = "allwell.check")]
struct LeftOut {
    #[tag]
    check: &'static str,
    #[tag]
    reason: &'static str,
    /// Runs that were due and left out.
    skipped: MonotonicCount<Execution>,
}

/// What became of all that an output was to take.
#[derive(Debug, Metrics)]
#[metrics(namespace = "allwell.output")]
struct OfOutput {
    #[tag]
    output: String,
    /// Points, service checks, events and log lines that it took.
    delivered: MonotonicCount<Item>,
    /// What waits for it.
    queued: Gauge<Item>,
    /// What had to make room.
    dropped: MonotonicCount<Item>,
    /// What it refused for good.
    refused: MonotonicCount<Item>,
    /// How many times it did not take what it was offered.
    errors: MonotonicCount<Error>,
}

/// The metrics that an engine reports of itself, as an entry without a check: for `metadata.csv`.
pub const OWN: &Entry = const { &Entry::declaring::<(OfCheck, Took, LeftOut, OfOutput)>(META) };

const META: Meta = Meta {
    name: "allwell",
    display_name: "Allwell",
    description: "What the runtime reports of itself.",
    interval: Meta::DEFAULT_INTERVAL,
    timeout: None,
    enabled_by_default: true,
    blocking: false,
    can_connect: None,
    location: Location { file: file!(), line: line!(), column: column!() },
    package: Package {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        authors: env!("CARGO_PKG_AUTHORS"),
        homepage: env!("CARGO_PKG_HOMEPAGE"),
        repository: env!("CARGO_PKG_REPOSITORY"),
        licence: env!("CARGO_PKG_LICENSE"),
    },
};

/// Reports of an engine itself.
#[derive(Debug)]
pub struct Own {
    tags: Arc<[String]>,
    sampler: Sampler,
}

impl Own {
    /// Reports that carry these tags.
    pub fn new(tags: Arc<[String]>) -> Self {
        Self { tags, sampler: Sampler::new() }
    }

    /// What has happened since the last report. It is to be made again and again, at an interval.
    pub fn report(&mut self, engine: &Engine, outputs: &[OutputStatistics]) -> Delivery {
        let mut batch = Batch::new(&*self.tags, Limits::default());
        let mut sums = BTreeMap::<_, Sum>::new();
        for instance in engine.instances().iter() {
            let check = instance.entry.meta.name;
            instance.tally(|tally| {
                sums.entry(check).or_default().add(&tally);
                if let Some(last) = &tally.statistics.last {
                    Took { check, duration: last.elapsed.into() }.emit(&mut batch.emitter());
                }
            });
        }
        for (check, sum) in sums {
            sum.emit(check, &mut batch);
        }
        for output in outputs {
            of_output(output).emit(&mut batch.emitter());
        }
        self.deliver(engine, &batch)
    }

    fn deliver(&mut self, engine: &Engine, batch: &Batch) -> Delivery {
        let time = engine.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        self.sampler.add(batch, time);
        let flush = self.sampler.commit(time);
        Delivery {
            check: META.name,
            instance: Arc::from(META.name),
            host: Some(engine.hostname()),
            time,
            tags: Arc::clone(&self.tags),
            series: flush.series,
            sketches: flush.sketches,
            service_checks: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
        }
    }
}

fn of_output(output: &OutputStatistics) -> OfOutput {
    let total = |amount: Amount| amount.total();
    OfOutput {
        output: output.name.clone(),
        delivered: total(output.delivered).into(),
        queued: total(output.queued).into(),
        dropped: total(output.dropped).into(),
        refused: total(output.refused).into(),
        errors: output.errors.into(),
    }
}

/// All instances of a check together.
#[derive(Debug, Default)]
struct Sum {
    instances: u64,
    failing: u64,
    stuck: u64,
    runs: u64,
    failures: u64,
    timeouts: u64,
    panics: u64,
    samples: u64,
    dropped: u64,
    contexts: u64,
    lag: Duration,
    skips: Skips,
}

impl Sum {
    fn add(&mut self, tally: &Tally<'_>) {
        let Tally { statistics, contexts, record, is_stuck } = *tally;
        self.instances += 1;
        self.failing += u64::from(statistics.last.as_ref().is_some_and(|run| !run.outcome.is_ok()));
        self.stuck += u64::from(is_stuck);
        self.runs += statistics.runs;
        self.failures += statistics.errors;
        self.timeouts += statistics.timeouts;
        self.panics += statistics.panics;
        self.samples += statistics.samples;
        self.dropped += record.dropped;
        self.contexts += contexts as u64;
        self.lag = self.lag.max(record.last_lag.duration());
        self.skips += record.skips;
    }

    fn emit(self, check: &'static str, batch: &mut Batch) {
        let Skips { still_running, stuck, backed_off, late } = self.skips;
        let skips = [
            ("still_running", still_running),
            ("stuck", stuck),
            ("backed_off", backed_off),
            ("late", late),
        ];
        for (reason, runs) in skips {
            LeftOut { check, reason, skipped: runs.into() }.emit(&mut batch.emitter());
        }
        let of_check = OfCheck {
            check,
            instances: self.instances.into(),
            failing: self.failing.into(),
            stuck: self.stuck.into(),
            runs: self.runs.into(),
            failures: self.failures.into(),
            timeouts: self.timeouts.into(),
            panics: self.panics.into(),
            samples: self.samples.into(),
            dropped: self.dropped.into(),
            contexts: self.contexts.into(),
            lag: self.lag.into(),
        };
        of_check.emit(&mut batch.emitter());
    }
}
