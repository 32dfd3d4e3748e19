//! What is submitted of a sample, by what its family becomes.

use std::sync::Arc;

use crate::metric::{Bucket, Status, TagSetPlace};
use crate::openmetrics::entry::Level;
use crate::openmetrics::parse::{Mistake, Part, Sample};

use super::buckets::{Separate, Waiting};
use super::labels::{self, Numeric, Tagged};
use super::number;
use super::plan::Decision;
use super::run::{Places, Run, Submitting};
use super::sink::Row;
use super::transform::{Action, Buckets, COUNT, FIRST, SUM, Transform};

/// How many samples a run keeps; those beyond are told of and left out.
pub(super) const MAX_SAMPLES: u64 = 2_000_000;

impl Submitting<'_, '_, '_> {
    /// Submits what has waited for it to be known whether first values count.
    pub(in crate::openmetrics) fn release(&mut self, flush_first: bool) {
        self.run.sink.flush_first = flush_first;
        self.run.sink.release(self.out);
    }

    /// Ends a payload that was whole: the next one will have much the same labels.
    pub(in crate::openmetrics) fn keep(&mut self) {
        self.run.sets.are_kept = self.run.sets.end(self.out);
    }

    /// What becomes of the labels of a sample.
    #[inline]
    fn tagged(&mut self, sample: &Sample<'_>, numeric: Numeric) -> Result<Tagged, Mistake> {
        let Run { mapper, known, sets, tagger, .. } = &mut *self.run;
        if sample.is_known
            && let Some(tagged) = known.take()
        {
            return Ok(tagged);
        }
        let block = sample.labels.block();
        if !sets.has_missed(block)
            && let Some(tagged) = sets.get(block, numeric)
        {
            return Ok(tagged);
        }
        let tagged = tagger.tagged(&mapper.shared, sample.labels, numeric, self.out)?;
        sets.insert(block, numeric, tagged);
        Ok(tagged)
    }

    /// The places of the metrics that a family becomes, for this run.
    pub(super) fn list(&mut self, transform: &Arc<Transform>) -> Places {
        let address = Arc::as_ptr(transform).addr();
        if let Some((_, places)) = self.run.listed.get(&address) {
            return *places;
        }
        let places = self.list_once(transform);
        self.run.listed.insert(address, (Arc::clone(transform), places));
        places
    }

    /// The same for a transform that does not come again.
    pub(super) fn list_once(&mut self, transform: &Transform) -> Places {
        let mut places = [None; 3];
        for (place, metric) in places.iter_mut().zip(&transform.metrics) {
            *place = metric.as_ref().map(|metric| self.out.list(metric));
        }
        places
    }

    /// A sample may be kept.
    pub(super) fn keeps(&self, sample: &Sample<'_>, action: &Action) -> bool {
        sample.value.is_finite()
            && !self.is_over_limit(action)
            && self.run.findings.kept < MAX_SAMPLES
    }

    #[inline]
    fn is_over_limit(&self, action: &Action) -> bool {
        let has_own_limit = || {
            matches!(
                action,
                Action::Histogram(_) | Action::ServiceCheck(_) | Action::Metadata { .. }
            )
        };
        self.out.is_full() && !has_own_limit()
    }

    fn put_total(&mut self, place: usize, tags: TagSetPlace, value: f64) {
        if let Some(metric) = self.run.family.target(place) {
            self.run.sink.put(Row::Total(metric, tags, value), self.out);
        }
    }

    fn put_value(&mut self, tags: TagSetPlace, value: f64) {
        if let Some(metric) = self.run.family.target(FIRST) {
            self.run.sink.put(Row::Value(metric, tags, value), self.out);
        }
    }

    /// Submits a sample of a family that is asked for.
    pub(super) fn submit(&mut self, sample: &Sample<'_>, action: &Action) -> Result<(), Mistake> {
        let value = sample.value;
        // When a total began is no value of it.
        if !value.is_finite() || sample.part == Part::Created {
            return Ok(());
        }
        if self.is_over_limit(action) {
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
            Action::Summary => self.summary(sample, tags),
            Action::Histogram(buckets) => {
                return self.histogram(sample.part, *buckets, tagged, value);
            }
            Action::ServiceCheck(levels) => {
                let status = status(levels.get(&whole(value)).copied());
                if let Some(check) = self.run.family.target(FIRST) {
                    self.out.service_check(check, tagged.host, status);
                }
            }
            Action::Metadata { name, label } => {
                return self.metadata(sample, name, label, numeric);
            }
        }
        Ok(())
    }

    fn summary(&mut self, sample: &Sample<'_>, tags: TagSetPlace) {
        let Run { options, family, .. } = &*self.run;
        // What is called `foo_bucket` may be a family of its own, without a type or with another one.
        let is_whole = sample.part == Part::Whole
            || (sample.part == Part::Bucket && sample.name.ends_with(family.name.as_str()));
        let is_lost = options.strict_compat && family.is_prefixed;
        match sample.part {
            Part::Sum => self.put_total(SUM, tags, sample.value),
            Part::Count => self.put_total(COUNT, tags, sample.value),
            _ if is_whole && !is_lost => self.put_value(tags, sample.value),
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
        // As counts of all below, buckets may have a bound that is no number.
        let known = tagged.bound.filter(|bound| !bound.is_nan() || buckets == Buckets::Cumulative);
        let bound = match (place, buckets) {
            (FIRST, Buckets::Ignored) => return Ok(()),
            (FIRST, _) => Some(known.ok_or_else(|| {
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
    pub(super) fn settle(&mut self) {
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
        if let Some(metric) = self.run.family.target(FIRST) {
            self.run.sink.put(Row::Bucket(metric, tags, bucket), self.out);
        }
    }

    fn with_lower_bound(&mut self, tags: TagSetPlace, lower: f64) -> TagSetPlace {
        self.run.sets.has_company();
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
