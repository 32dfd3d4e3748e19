//! What an engine reports of itself, by the rules and through the outputs of all checks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Metrics;
use crate::aggregate::Sampler;
use crate::check::{Entry, Location, Meta, Package};
use crate::metric::units::{Byte, Error, Execution, Instance, Item, Sample, Second};
use crate::metric::{Batch, Gauge, Histogram, Limits, MonotonicCount, Rate};
use crate::output::{Amount, Delivery, OutputStatistics};

use super::engine::Engine;
use super::instance::Tally;
use super::notice::Skips;
use super::past::Counts;
use super::process;

/// The process and all that it runs.
#[derive(Debug, Metrics)]
#[metrics(namespace = "allwell")]
struct OfProcess {
    /// Instances that are configured, of all checks.
    instances: Gauge<Instance>,
    /// How many times the state of instances could not be read or written.
    #[metric(name = "state.errors", flush_first_value)]
    state_errors: Option<MonotonicCount<Error>>,
    /// Memory that the process has.
    #[metric(name = "process.memory")]
    memory: Option<Gauge<Byte>>,
    /// Processor time that the process takes, as a share of one core.
    #[metric(name = "process.cpu")]
    cpu: Option<Rate<Second>>,
}

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
    #[metric(flush_first_value)]
    runs: MonotonicCount<Execution>,
    /// Runs that did not end well.
    #[metric(flush_first_value)]
    failures: MonotonicCount<Execution>,
    /// Of these, runs that did not end in time.
    #[metric(flush_first_value)]
    timeouts: MonotonicCount<Execution>,
    /// Of these, runs that panicked.
    #[metric(flush_first_value)]
    panics: MonotonicCount<Execution>,
    /// Samples that were submitted.
    #[metric(flush_first_value)]
    samples: MonotonicCount<Sample>,
    /// Samples that were not kept, and points that could not be computed.
    #[metric(flush_first_value)]
    dropped: MonotonicCount<Sample>,
    /// Series that are remembered.
    contexts: Gauge<Item>,
    /// How late the last run of an instance began, at most.
    lag: Gauge<Second>,
    /// How late a run of an instance began, at most, since the instance is there.
    longest_lag: Gauge<Second>,
    /// What the last run of each instance took, if it ended since the last report.
    duration: Vec<Histogram<Second>>,
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
    #[metric(flush_first_value)]
    skipped: MonotonicCount<Execution>,
}

/// What became of all that an output was to take.
#[derive(Debug, Metrics)]
#[metrics(namespace = "allwell.output")]
struct OfOutput {
    #[tag]
    output: String,
    /// Points, service checks, events and log lines that it took.
    #[metric(flush_first_value)]
    delivered: MonotonicCount<Item>,
    /// What waits for it.
    queued: Gauge<Item>,
    /// What had to make room, or was lost with the process before, which was killed.
    #[metric(flush_first_value)]
    dropped: MonotonicCount<Item>,
    /// What it refused for good.
    #[metric(flush_first_value)]
    refused: MonotonicCount<Item>,
    /// How many times it did not take what it was offered.
    #[metric(flush_first_value)]
    errors: MonotonicCount<Error>,
}

/// The metrics that an engine reports of itself, as an entry without a check: for `metadata.csv`.
pub const OWN: &Entry =
    const { &Entry::declaring::<(OfProcess, OfCheck, LeftOut, OfOutput)>(META) };

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
    /// When the last report was made.
    last: SystemTime,
}

impl Own {
    /// Reports that carry these tags.
    pub fn new(tags: Arc<[String]>) -> Self {
        Self { tags, sampler: Sampler::new(), last: UNIX_EPOCH }
    }

    /// What has happened since the last report, or since the start. It is to be made again and again, at an interval.
    pub fn report(&mut self, engine: &Engine, outputs: &[OutputStatistics]) -> Delivery {
        let mut batch = Batch::new(&*self.tags, Limits::default());
        let since = std::mem::replace(&mut self.last, engine.now());
        of_process(engine).emit(&mut batch.emitter());
        for (check, sum) in sums(engine, since) {
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

fn of_process(engine: &Engine) -> OfProcess {
    OfProcess {
        instances: engine.len().into(),
        state_errors: engine.state_errors().map(Into::into),
        memory: process::memory().map(Into::into),
        cpu: process::processor_time().map(Into::into),
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

/// Adds up all instances, by check.
fn sums(engine: &Engine, since: SystemTime) -> BTreeMap<&'static str, Sum> {
    // Instances end under this lock, so none is in both or in neither.
    let instances = engine.instances();
    let past = engine.past().into_iter();
    let mut sums: BTreeMap<_, _> =
        past.map(|(check, counts)| (check, Sum { counts, ..Sum::default() })).collect();
    for instance in instances.iter() {
        let sum = sums.entry(instance.entry.meta.name).or_default();
        instance.tally(|tally| sum.add(&tally, since));
    }
    sums
}

/// All instances of a check together.
#[derive(Debug, Default)]
struct Sum {
    counts: Counts,
    instances: u64,
    failing: u64,
    stuck: u64,
    contexts: u64,
    lag: Duration,
    longest_lag: Duration,
    durations: Vec<Histogram<Second>>,
}

impl Sum {
    fn add(&mut self, tally: &Tally<'_>, since: SystemTime) {
        let Tally { statistics, contexts, record, is_stuck } = *tally;
        self.counts += Counts::of(tally);
        self.instances += 1;
        self.stuck += u64::from(is_stuck);
        self.contexts += contexts as u64;
        self.lag = self.lag.max(record.last_lag.duration());
        self.longest_lag = self.longest_lag.max(record.longest_lag.duration());
        let Some(last) = &statistics.last else { return };
        self.failing += u64::from(!last.outcome.is_ok());
        if last.started + last.elapsed > since {
            self.durations.push(last.elapsed.into());
        }
    }

    fn emit(self, check: &'static str, batch: &mut Batch) {
        let Counts { runs, failures, timeouts, panics, samples, dropped, skips } = self.counts;
        let of_check = OfCheck {
            check,
            instances: self.instances.into(),
            failing: self.failing.into(),
            stuck: self.stuck.into(),
            runs: runs.into(),
            failures: failures.into(),
            timeouts: timeouts.into(),
            panics: panics.into(),
            samples: samples.into(),
            dropped: dropped.into(),
            contexts: self.contexts.into(),
            lag: self.lag.into(),
            longest_lag: self.longest_lag.into(),
            duration: self.durations,
        };
        of_check.emit(&mut batch.emitter());
        left_out(check, skips).emit(&mut batch.emitter());
    }
}

fn left_out(check: &'static str, skips: Skips) -> [LeftOut; 4] {
    let Skips { still_running, stuck, backed_off, late } = skips;
    let reasons = [
        ("still_running", still_running),
        ("stuck", stuck),
        ("backed_off", backed_off),
        ("late", late),
    ];
    reasons.map(|(reason, runs)| LeftOut { check, reason, skipped: runs.into() })
}
