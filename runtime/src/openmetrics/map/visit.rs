//! What is read of an exposition, family by family and sample by sample, and what is decided of each.

use crate::openmetrics::parse::{
    FamilyType, Labels, Mistake, NativeHistogram, Part, Problem, Sample, Visitor,
};

use super::collect::TARGET_INFO;
use super::lanes::Lanes;
use super::plan::Decision;
use super::run::{Places, Run, Submitting};
use super::share::{Pairs, set};
use super::transform::{Action, Transform};

/// How many names without a type are shown of a run.
const SHOWN: usize = 5;

impl Submitting<'_, '_, '_> {
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
        let Run { options, mapper, family, sink, .. } = &mut *self.run;
        let stripped = written.strip_prefix(options.raw_metric_prefix.as_str());
        let name = stripped.unwrap_or(written);
        let (decision, is_known) = mapper.plans.decide(name, kind, options);
        family.is_untyped = matches!(decision, Decision::Untyped | Decision::Error(_));
        family.name.clear();
        family.name.push_str(name);
        family.kind = Some(kind);
        family.by_its_suffix = None;
        family.is_prefixed = stripped.is_some() && !options.raw_metric_prefix.is_empty();
        let is_excluded = matches!(decision, Decision::Excluded);
        family.is_target_info = options.target_info && name == TARGET_INFO && !is_excluded;
        family.is_process_start = name == "process_start_time_seconds";
        let has_totals =
            matches!(kind, FamilyType::Counter | FamilyType::Histogram | FamilyType::Summary);
        sink.holds = sink.waits && has_totals;
        family.targets = None;
        family.lanes = Lanes::default();
        if is_known && let Decision::Submit(transform) = &decision {
            let places = self.list(transform);
            self.aim(places, transform);
        }
        self.run.family.decision = Some(decision);
    }

    /// There are samples of a family of which nothing is made.
    #[cold]
    fn see_untyped(&mut self) {
        let Run { findings, family, .. } = &mut *self.run;
        findings.untyped_count += 1;
        if findings.untyped.len() < SHOWN {
            let kind = family.kind.unwrap_or(FamilyType::Unknown).name();
            findings.untyped.insert(format!("{} ({kind})", family.name));
        }
    }

    /// Lists the metrics of a family that is not remembered, as late as possible: of many names, few may have samples that are kept.
    fn list_late(&mut self, transform: &Transform, sample: &Sample<'_>) {
        if self.run.family.targets.is_none() && self.keeps(sample, &transform.action) {
            self.list_now(transform);
        }
    }

    /// Lists the metrics of a family, unless they are.
    pub(super) fn list_now(&mut self, transform: &Transform) {
        if self.run.family.targets.is_none() {
            let places = self.list_once(transform);
            self.aim(places, transform);
        }
    }

    /// Lets samples of the family go to metrics.
    fn aim(&mut self, places: Places, transform: &Transform) {
        self.run.family.targets = Some(places);
        let lanes = self.run.family.lanes(&transform.action, self.run.options);
        self.run.family.lanes = lanes;
    }

    fn see_target_info(&mut self, sample: &Sample<'_>) {
        let mut labels = Pairs::new();
        for (name, value) in sample.labels.iter() {
            set(&mut labels, name.into_owned(), value.into_owned());
        }
        if self.run.mapper.shared.replace_target_info(labels) {
            self.run.sets.forget();
        }
    }
}

impl Visitor for Submitting<'_, '_, '_> {
    const EXPECTS: bool = true;

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
    fn knows(&mut self, text: &str, part: Part) -> Option<usize> {
        let Run { family, sets, known, tagger, mapper, .. } = &mut *self.run;
        *known = None;
        if family.is_target_info {
            return None;
        }
        let Some(Decision::Submit(transform)) = &family.decision else {
            // Nothing is made of its labels.
            return memchr::memrchr(b'}', text.as_bytes());
        };
        if matches!(transform.action, Action::Metadata { .. }) {
            return None;
        }
        let numeric = family.numeric(part, &transform.action);
        let (length, found) = sets.begins(text, numeric)?;
        *known = found.or_else(|| {
            let block = &text[..length];
            let tagged = tagger.alike(&mapper.shared, block, numeric, self.out)?;
            sets.insert(block, numeric, tagged);
            Some(tagged)
        });
        known.map(|_| length)
    }

    #[inline]
    fn expects(&mut self, text: &[u8], part: Part) -> Option<usize> {
        self.awaits(text, part)
    }

    #[inline]
    fn expected(&mut self, part: Part, value: f64) {
        self.value(part, value);
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
        if std::mem::take(&mut self.run.family.is_untyped) {
            self.see_untyped();
        }
        // Taken and given back: a count of those who share it would cost more than the rest.
        let decision = self.run.family.decision.take();
        let result = match &decision {
            Some(Decision::Submit(transform)) => {
                self.list_late(transform, sample);
                self.submit(sample, &transform.action)
            }
            Some(Decision::Excluded) => {
                self.run.findings.ignored += 1;
                Ok(())
            }
            Some(Decision::Error(why)) if self.run.options.strict_compat => {
                Err(Mistake::of_line(*why))
            }
            _ => Ok(()),
        };
        self.run.family.decision = decision;
        result
    }

    fn native(&mut self, labels: Labels<'_>, histogram: &NativeHistogram) -> Result<bool, Mistake> {
        self.distribute(labels, histogram)
    }

    fn end(&mut self) {
        if !self.run.waiting.is_empty() {
            self.settle();
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.run.findings.faults.add(problem);
    }
}
