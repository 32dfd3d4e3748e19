//! The limits that an instance may put on what it submits: name patterns and a number of contexts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use regex_lite::Regex;

use super::descriptor::Descriptor;
use super::dynamic::{DynamicMetric, Metric};
use super::kind::Kind;
use super::tag::hash as text_hash;

/// What an instance may submit.
#[derive(Debug, Default)]
pub struct Limits {
    max_contexts: Option<usize>,
    filter: Option<Filter>,
    contexts: usize,
    /// Hashes of name and tags.
    seen: HashSet<(u64, u64), FixedState>,
}

impl Limits {
    /// No more than `max_contexts` in a run, and only metrics that pass `filter`.
    pub fn new(max_contexts: Option<usize>, filter: Option<Filter>) -> Self {
        Self { max_contexts, filter, ..Self::default() }
    }

    pub(crate) const fn none(&self) -> bool {
        self.max_contexts.is_none() && self.filter.is_none()
    }

    /// No further context is admitted.
    pub(super) fn is_reached(&self) -> bool {
        self.max_contexts.is_some_and(|max| self.contexts >= max)
    }

    pub(super) fn next_run(&mut self) {
        self.contexts = 0;
        self.seen.clear();
    }

    pub(super) fn admit(&mut self, descriptor: &'static Descriptor, tags_hash: u64) -> Verdict {
        if let Some(filter) = &mut self.filter
            && !filter.admits(descriptor)
        {
            return Verdict::Filtered;
        }
        if let Some(max) = self.max_contexts
            && !self.counts_within(max, Metric::Declared(descriptor), tags_hash)
        {
            return Verdict::OverLimit;
        }
        Verdict::Admitted
    }

    /// Whether a name that is known only at run time passes the filter.
    pub(super) fn passes(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.passes(name))
    }

    /// The same as [`admit`](Self::admit) for a metric that has passed the filter.
    pub(super) fn admit_dynamic(&mut self, metric: &Arc<DynamicMetric>, hash: u64) -> Verdict {
        let Some(max) = self.max_contexts else { return Verdict::Admitted };
        match self.counts_within(max, Metric::Dynamic(metric), hash) {
            true => Verdict::Admitted,
            false => Verdict::OverLimit,
        }
    }

    /// Gauges, rates and monotonic counts have one sample a context and run; of the other kinds, contexts are told apart, by
    /// name as in the sampler: several records may declare a metric, and a constant may exist more than once.
    fn counts_within(&mut self, max: usize, metric: Metric<'_>, hash: u64) -> bool {
        let repeats =
            !matches!(metric.kind(), Some(Kind::Gauge | Kind::Rate | Kind::MonotonicCount));
        let context = if repeats { (text_hash(metric.name()), hash) } else { (0, 0) };
        if repeats && self.seen.contains(&context) {
            return true;
        }
        if self.contexts >= max {
            return false;
        }
        self.contexts += 1;
        if repeats {
            self.seen.insert(context);
        }
        true
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Verdict {
    Admitted,
    Filtered,
    OverLimit,
}

/// The instance option `metric_patterns`: which metrics are submitted, by their full names.
///
/// A pattern matches anywhere in a name; a metric that matches an `exclude` pattern is left out whatever `include` says.
#[derive(Debug)]
pub struct Filter {
    include: Vec<Regex>,
    exclude: Vec<Regex>,
    verdicts: HashMap<usize, bool, FixedState>,
}

impl Filter {
    /// A filter from compiled patterns; no `include` patterns include all.
    pub fn new(include: Vec<Regex>, exclude: Vec<Regex>) -> Self {
        Self { include, exclude, verdicts: HashMap::default() }
    }

    fn admits(&mut self, descriptor: &'static Descriptor) -> bool {
        let address = std::ptr::from_ref(descriptor).addr();
        if let Some(verdict) = self.verdicts.get(&address) {
            return *verdict;
        }
        let verdict = self.passes(descriptor.name);
        self.verdicts.insert(address, verdict);
        verdict
    }

    fn passes(&self, name: &str) -> bool {
        let matches = |patterns: &[Regex]| patterns.iter().any(|p| p.is_match(name));
        (self.include.is_empty() || matches(&self.include)) && !matches(&self.exclude)
    }
}
