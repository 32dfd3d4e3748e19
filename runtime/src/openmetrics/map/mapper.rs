//! One run of an instance, sample by sample.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::metric::{Bucket, DynamicEmitter, Listed, Status, TagSetPlace};
use crate::openmetrics::entry::Level;
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::{FamilyType, Mistake, Part, Problem, Sample, Visitor};

use super::buckets::{Family, Separate, Waiting};
use super::collect::TARGET_INFO;
use super::labels::{self, Numeric, Tagged};
use super::number;
use super::plan::{Decision, Plans};
use super::sets::Sets;
use super::share::{Pairs, Shared, set};
use super::sink::{Row, Sink};
use super::transform::{Action, Buckets, COUNT, FIRST, SUM, Transform};

/// How many samples a run keeps; those beyond are told of and left out.
const MAX_SAMPLES: u64 = 2_000_000;

/// How many problems, and names without a type, are shown of a run.
const SHOWN: usize = 5;

/// What an instance remembers from run to run to map samples.
#[derive(Debug)]
pub(in crate::openmetrics) struct Mapper {
    plans: Plans,
    sets: Sets,
    pub(in crate::openmetrics) shared: Shared,
}

/// What is found out in a run beside the samples.
#[derive(Debug, Default)]
pub(in crate::openmetrics) struct Findings {
    /// Samples that came.
    pub(in crate::openmetrics) input: u64,
    /// Samples of metrics that are left out by their names.
    pub(in crate::openmetrics) ignored: u64,
    /// Samples that were submitted.
    pub(in crate::openmetrics) processed: u64,
    /// Lines that were passed over.
    pub(in crate::openmetrics) filtered_lines: u64,
    /// What is wrong with the first few lines of those that are wrong.
    pub(in crate::openmetrics) problems: Vec<Problem>,
    /// How many lines are wrong.
    pub(in crate::openmetrics) problem_count: u64,
    /// Some of the metrics that are asked for and have a type of which nothing is made.
    pub(in crate::openmetrics) untyped: BTreeSet<String>,
    /// How many of them there are.
    pub(in crate::openmetrics) untyped_count: u64,
    /// Names and values of metadata.
    pub(in crate::openmetrics) metadata: Vec<(String, String)>,
    /// When the server started.
    pub(in crate::openmetrics) process_start: Option<f64>,
    kept: u64,
}

impl Mapper {
    pub(in crate::openmetrics) fn new(options: &Options) -> Self {
        Self { plans: Plans::new(options), sets: Sets::default(), shared: Shared::default() }
    }
}

/// A run: what is known of it from one piece of the payload to the next.
#[derive(Debug)]
pub(in crate::openmetrics) struct Run<'m> {
    options: &'m Options,
    mapper: &'m mut Mapper,
    now: f64,
    sink: Sink,
    /// The places of the metrics of a transform, by its address, which it keeps as long as it is in here.
    listed: HashMap<usize, (Arc<Transform>, Places), RandomState>,
    family: Current,
    /// What `knows` has found.
    known: Option<Tagged>,
    waiting: Family,
    pub(in crate::openmetrics) findings: Findings,
}

/// The places of the metrics of a transform, for a run.
type Places = [Option<Listed>; 3];

/// The family whose samples come.
#[derive(Debug, Default)]
struct Current {
    name: String,
    kind: Option<FamilyType>,
    decision: Option<Decision>,
    targets: Places,
    /// Its samples are told apart from those of the same name that end in `_total`.
    by_its_suffix: Option<bool>,
    is_target_info: bool,
    is_process_start: bool,
    is_prefixed: bool,
}

impl<'m> Run<'m> {
    /// Begins a run at a time, in seconds since the Unix epoch.
    pub(in crate::openmetrics) fn new(
        options: &'m Options,
        mapper: &'m mut Mapper,
        now: f64,
        flush_first: bool,
    ) -> Self {
        mapper.plans.begin();
        mapper.sets.clear();
        let mut sink = Sink::default();
        sink.flush_first = flush_first;
        Self {
            options,
            mapper,
            now,
            sink,
            listed: HashMap::default(),
            family: Current::default(),
            known: None,
            waiting: Family::default(),
            findings: Findings::default(),
        }
    }

    /// Lets what follows go to a batch.
    pub(in crate::openmetrics) const fn with<'r, 'b>(
        &'r mut self,
        out: &'r mut DynamicEmitter<'b>,
    ) -> Submitting<'r, 'm, 'b> {
        Submitting { run: self, out }
    }

    /// Keeps totals back until it is known whether their first values count.
    pub(in crate::openmetrics) const fn wait_for_process_start(&mut self) {
        self.sink.waits = true;
    }

    /// Labels are known that were not when the last samples came.
    pub(in crate::openmetrics) fn share(&mut self, shared: Shared) {
        self.mapper.shared = shared;
        self.mapper.sets.clear();
    }
}

/// A run while a piece of the payload is read.
pub(in crate::openmetrics) struct Submitting<'r, 'm, 'b> {
    run: &'r mut Run<'m>,
    out: &'r mut DynamicEmitter<'b>,
}

impl Submitting<'_, '_, '_> {
    /// Submits what has waited for it to be known whether first values count.
    pub(in crate::openmetrics) fn release(&mut self, flush_first: bool) {
        self.run.sink.flush_first = flush_first;
        self.run.sink.release(self.out);
    }

    /// What becomes of the labels of a sample.
    #[inline]
    fn tagged(&mut self, sample: &Sample<'_>, numeric: Numeric) -> Result<Tagged, Mistake> {
        let Run { options, mapper, known, .. } = &mut *self.run;
        if let Some(tagged) = known.take().filter(|_| sample.is_known) {
            return Ok(tagged);
        }
        let block = sample.labels.block();
        if block.is_empty()
            && let Some(tagged) = mapper.sets.get(block, numeric)
        {
            return Ok(tagged);
        }
        let tagged = labels::tagged(options, &mapper.shared, sample.labels, numeric, self.out)?;
        mapper.sets.insert(block, numeric, tagged);
        Ok(tagged)
    }

    /// The places of the metrics that a family becomes, for this run.
    fn list(&mut self, transform: &Arc<Transform>) -> Places {
        let address = Arc::as_ptr(transform).addr();
        if let Some((_, places)) = self.run.listed.get(&address) {
            return *places;
        }
        let mut places = [None; 3];
        for (place, metric) in places.iter_mut().zip(&transform.metrics) {
            *place = metric.as_ref().map(|metric| self.out.list(metric));
        }
        self.run.listed.insert(address, (Arc::clone(transform), places));
        places
    }

    fn put_total(&mut self, place: usize, tags: TagSetPlace, value: f64) {
        if let Some(metric) = self.run.family.targets[place] {
            self.run.sink.put(Row::Total(metric, tags, value), self.out);
        }
    }

    fn put_value(&mut self, tags: TagSetPlace, value: f64) {
        if let Some(metric) = self.run.family.targets[FIRST] {
            self.run.sink.put(Row::Value(metric, tags, value), self.out);
        }
    }

    /// Submits a sample of a family that is asked for.
    fn submit(&mut self, sample: &Sample<'_>, action: &Action) -> Result<(), Mistake> {
        let value = sample.value;
        // When a total began is no value of it.
        if !value.is_finite() || sample.part == Part::Created {
            return Ok(());
        }
        if self.out.is_full()
            && !matches!(
                action,
                Action::Histogram(_) | Action::ServiceCheck(_) | Action::Metadata { .. }
            )
        {
            self.out.drop_over_limit();
            return Ok(());
        }
        self.run.findings.kept += 1;
        if self.run.findings.kept > MAX_SAMPLES {
            self.out.drop_over_limit();
            return Ok(());
        }
        let numeric = self.run.family.numeric(sample.part, action);
        let tagged = self.tagged(sample, numeric)?;
        let Some(tags) = tagged.tags else { return Ok(()) };
        self.run.findings.processed += 1;
        match action {
            Action::Counter => self.put_total(COUNT, tags, value),
            Action::Gauge | Action::Rate => self.put_value(tags, value),
            Action::CounterGauge => {
                self.put_value(tags, value);
                self.put_total(COUNT, tags, value);
            }
            Action::Percent(scale) => self.put_value(tags, value / scale * 100.0),
            Action::Elapsed => self.put_value(tags, self.run.now - value),
            Action::Summary => self.summary(sample.part, tags, value),
            Action::Histogram(buckets) => {
                return self.histogram(sample.part, *buckets, tagged, value);
            }
            Action::ServiceCheck(levels) => {
                let status = status(levels.get(&whole(value)).copied());
                if let Some(check) = self.run.family.targets[FIRST] {
                    self.out.service_check(check, tagged.host, status);
                }
            }
            Action::Metadata { name, label } => {
                return self.metadata(sample, name, label, numeric);
            }
        }
        Ok(())
    }

    fn summary(&mut self, part: Part, tags: TagSetPlace, value: f64) {
        match part {
            Part::Sum => self.put_total(SUM, tags, value),
            Part::Count => self.put_total(COUNT, tags, value),
            Part::Whole if !(self.run.options.strict_compat && self.run.family.is_prefixed) => {
                self.put_value(tags, value);
            }
            _ => {}
        }
    }

    fn histogram(
        &mut self,
        part: Part,
        buckets: Buckets,
        tagged: Tagged,
        value: f64,
    ) -> Result<(), Mistake> {
        let Some(tags) = tagged.tags else { return Ok(()) };
        let place = match part {
            Part::Sum => SUM,
            Part::Count => COUNT,
            Part::Bucket => FIRST,
            _ => return Ok(()),
        };
        let bound = match (place, buckets) {
            (FIRST, Buckets::Ignored) => return Ok(()),
            (FIRST, _) => Some(tagged.bound.ok_or_else(|| {
                Mistake::of_line("a bucket has no label `le` that is its upper bound")
            })?),
            _ => None,
        };
        match buckets {
            Buckets::Separate | Buckets::Distributed { .. } => {
                self.run.waiting.add(Waiting { tagged, value, bound, place });
            }
            // What lies below infinity is the count.
            Buckets::Cumulative if bound.is_some_and(f64::is_infinite) => {}
            Buckets::Cumulative | Buckets::Ignored => self.put_total(place, tags, value),
        }
        Ok(())
    }

    /// Submits the histograms of a family that has ended.
    fn settle(&mut self) {
        let Some(Decision::Submit(transform)) = self.run.family.decision.clone() else { return };
        let Action::Histogram(buckets) = transform.action else { return };
        for (sample, separate) in self.run.waiting.take() {
            let Some(tags) = sample.tagged.tags else { continue };
            match separate {
                None => self.put_total(sample.place, tags, sample.value),
                Some(separate) => self.bucket(separate, tags, buckets),
            }
        }
    }

    fn bucket(&mut self, bucket: Separate, tags: TagSetPlace, buckets: Buckets) {
        let Separate { lower, upper, count } = bucket;
        let told_by_bounds = matches!(buckets, Buckets::Distributed { hidden: true, .. });
        if !told_by_bounds && buckets == Buckets::Separate && upper.is_infinite() {
            return;
        }
        let tags = if told_by_bounds { tags } else { self.with_lower_bound(tags, lower) };
        if buckets == Buckets::Separate {
            return self.put_total(FIRST, tags, count);
        }
        if lower.is_infinite() && upper.is_infinite() && upper < 0.0 {
            return;
        }
        let bucket = Bucket { count: whole(count), lower, upper, monotonic: true, told_by_bounds };
        if let Some(metric) = self.run.family.targets[FIRST] {
            self.run.sink.put(Row::Bucket(metric, tags, bucket), self.out);
        }
    }

    fn with_lower_bound(&mut self, tags: TagSetPlace, lower: f64) -> TagSetPlace {
        let mut tags = self.out.tags_on(tags);
        tags.text("lower_bound", &number::text(lower));
        tags.end()
    }

    fn metadata(
        &mut self,
        sample: &Sample<'_>,
        name: &str,
        label: &str,
        numeric: Numeric,
    ) -> Result<(), Mistake> {
        let pairs = labels::complete(&self.run.mapper.shared, sample.labels, numeric)?;
        let value = pairs.iter().find(|(name, _)| name == label);
        let value = value.ok_or_else(|| {
            Mistake::of_line(format!("the label `{label}`, which is to be metadata, is missing"))
        })?;
        let entry = (name.to_owned(), value.1.clone().into_owned());
        self.run.findings.metadata.push(entry);
        Ok(())
    }

    /// The family is `foo`, and this one is a sample of `foo_total` to those who ask for that.
    fn is_alone(&mut self, sample: &Sample<'_>) -> bool {
        if let Some(known) = self.run.family.by_its_suffix {
            return known;
        }
        let Run { options, mapper, .. } = &mut *self.run;
        let prefix = options.raw_metric_prefix.as_str();
        let name = sample.name.strip_prefix(prefix).unwrap_or(sample.name);
        let alone = mapper.plans.is_addressed(name, options);
        self.run.family.by_its_suffix = Some(alone);
        if alone {
            self.begin(sample.name, FamilyType::Unknown);
            self.run.family.by_its_suffix = Some(true);
        }
        alone
    }

    fn begin(&mut self, written: &str, kind: FamilyType) {
        let Run { options, mapper, findings, family, sink, .. } = &mut *self.run;
        let stripped = written.strip_prefix(options.raw_metric_prefix.as_str());
        let name = stripped.unwrap_or(written);
        let decision = mapper.plans.decide(name, kind, options);
        if matches!(decision, Decision::Untyped { .. }) {
            findings.untyped_count += 1;
            if findings.untyped.len() < SHOWN {
                findings.untyped.insert(format!("{name} ({})", kind.name()));
            }
        }
        family.name.clear();
        family.name.push_str(name);
        family.kind = Some(kind);
        family.by_its_suffix = None;
        family.is_prefixed = stripped.is_some() && !options.raw_metric_prefix.is_empty();
        family.is_target_info = options.target_info && name == TARGET_INFO;
        family.is_process_start = name == "process_start_time_seconds";
        let has_totals =
            matches!(kind, FamilyType::Counter | FamilyType::Histogram | FamilyType::Summary);
        sink.holds = sink.waits && has_totals;
        family.targets = [None; 3];
        if let Decision::Submit(transform) = &decision {
            let transform = Arc::clone(transform);
            self.run.family.targets = self.list(&transform);
        }
        self.run.family.decision = Some(decision);
    }

    fn see_target_info(&mut self, sample: &Sample<'_>) {
        let mut labels = Pairs::new();
        for (name, value) in sample.labels.iter() {
            set(&mut labels, name.into_owned(), value.into_owned());
        }
        let Mapper { shared, sets, .. } = &mut *self.run.mapper;
        if shared.replace_target_info(labels) {
            sets.clear();
        }
    }
}

impl Current {
    #[inline]
    fn numeric(&self, part: Part, action: &Action) -> Numeric {
        let hides = matches!(action, Action::Histogram(Buckets::Distributed { hidden: true, .. }));
        match self.kind {
            Some(FamilyType::Histogram) if hides && part == Part::Bucket => Numeric::HiddenBound,
            Some(FamilyType::Histogram) => Numeric::Bound,
            Some(FamilyType::Summary) => Numeric::Quantile,
            _ => Numeric::Nothing,
        }
    }
}

impl Visitor for Submitting<'_, '_, '_> {
    fn wants(&mut self, line: &str) -> bool {
        let filters = &self.run.options.raw_line_filters;
        if filters.is_empty() || !filters.iter().any(|filter| filter.matches(line)) {
            return true;
        }
        self.run.findings.filtered_lines += 1;
        false
    }

    fn family(&mut self, name: &str, kind: FamilyType) {
        self.begin(name, kind);
    }

    #[inline]
    fn knows(&mut self, block: &str, part: Part) -> bool {
        let family = &self.run.family;
        let Some(Decision::Submit(transform)) = &family.decision else {
            // Nothing is made of its labels, unless they are put on others.
            return !family.is_target_info;
        };
        if family.is_target_info || matches!(transform.action, Action::Metadata { .. }) {
            return false;
        }
        let numeric = family.numeric(part, &transform.action);
        self.run.known = self.run.mapper.sets.get(block, numeric);
        self.run.known.is_some()
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        self.run.findings.input += 1;
        if self.run.family.is_process_start {
            let start = &mut self.run.findings.process_start;
            *start = Some(start.map_or(sample.value, |known| known.min(sample.value)));
        }
        if self.run.family.is_target_info {
            let first = !std::mem::take(&mut self.run.family.is_target_info);
            if !first {
                self.see_target_info(sample);
            }
        }
        if sample.by_its_suffix {
            self.is_alone(sample);
        }
        // Taken and given back: a count of those who share it would cost more than the rest.
        let decision = self.run.family.decision.take();
        let result = match &decision {
            Some(Decision::Submit(transform)) => self.submit(sample, &transform.action),
            Some(Decision::Excluded) => {
                self.run.findings.ignored += 1;
                Ok(())
            }
            Some(Decision::Untyped { is_error: true }) if self.run.options.strict_compat => {
                Err(Mistake::of_line("a family without a type is of `native_dynamic`"))
            }
            _ => Ok(()),
        };
        self.run.family.decision = decision;
        result
    }

    fn end(&mut self) {
        if !self.run.waiting.is_empty() {
            self.settle();
        }
    }

    fn problem(&mut self, problem: Problem) {
        let findings = &mut self.run.findings;
        findings.problem_count += 1;
        if findings.problems.len() < SHOWN {
            findings.problems.push(problem);
        }
    }
}

/// The status of a level. As in Datadog's check, it comes without a message.
fn status(level: Option<Level>) -> Status {
    match level {
        Some(Level::Ok) => Status::Ok,
        Some(Level::Warning) => Status::Warning(String::new()),
        Some(Level::Critical) => Status::Critical(String::new()),
        Some(Level::Unknown) | None => Status::Unknown(String::new()),
    }
}

/// The number without its fraction.
#[expect(clippy::cast_possible_truncation, reason = "the fraction is meant to go")]
const fn whole(value: f64) -> i64 {
    value as i64
}
