//! Looks for the metrics that share their labels, before any sample is submitted.

use std::collections::BTreeMap;

use crate::openmetrics::entry::Share;
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::{FamilyType, Mistake, Part, Problem, Sample, Visitor};

use super::share::{Pairs, Shared, set};

/// The name of the metric that describes the server.
pub(super) const TARGET_INFO: &str = "target_info";

/// Collects the labels that are shared, until all that share theirs have been seen.
#[derive(Debug)]
pub(in crate::openmetrics) struct Collector<'o> {
    options: &'o Options,
    missing: BTreeMap<&'o str, Share>,
    /// `target_info`, where the option of that name asks for it.
    wants_target_info: bool,
    current: Option<String>,
    shared: Shared,
}

impl<'o> Collector<'o> {
    /// A collector, if any labels are shared at all, that adds to what is known from earlier payloads.
    pub(in crate::openmetrics) fn new(options: &'o Options, known: Shared) -> Option<Self> {
        if options.share_labels.is_empty() && !options.target_info {
            return None;
        }
        let missing =
            options.share_labels.iter().map(|(name, share)| (name.as_str(), share.clone()));
        Some(Self {
            options,
            missing: missing.collect(),
            wants_target_info: options.target_info,
            current: None,
            shared: known,
        })
    }

    /// Nothing is left to look for.
    pub(in crate::openmetrics) fn is_done(&self) -> bool {
        self.missing.is_empty() && !self.wants_target_info
    }

    pub(in crate::openmetrics) fn finish(self) -> Shared {
        self.shared
    }
}

impl Visitor for Collector<'_> {
    fn wants(&mut self, line: &str) -> bool {
        !self.options.raw_line_filters.iter().any(|filter| filter.matches(line))
    }

    fn family(&mut self, name: &str, _kind: FamilyType) {
        let name = name.strip_prefix(self.options.raw_metric_prefix.as_str()).unwrap_or(name);
        let is_source =
            self.missing.contains_key(name) || (self.wants_target_info && name == TARGET_INFO);
        self.current = is_source.then(|| name.to_owned());
    }

    fn knows(&mut self, text: &str, _part: Part) -> Option<usize> {
        match self.current {
            None => memchr::memrchr(b'}', text.as_bytes()),
            Some(_) => None,
        }
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let Some(name) = &self.current else { return Ok(()) };
        let mut labels = Pairs::new();
        for (label, value) in sample.labels.iter() {
            set(&mut labels, label.into_owned(), value.into_owned());
        }
        let is_target_info = name == TARGET_INFO;
        if let Some(share) = self.missing.get(name.as_str())
            && share
                .values
                .as_ref()
                .is_none_or(|values| values.iter().any(|value| is_number(sample.value, *value)))
        {
            self.shared.add(share, &labels, is_target_info);
        }
        if self.wants_target_info && is_target_info {
            self.shared.add(&Share::default(), &labels, true);
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some(name) = self.current.take() else { return };
        self.missing.remove(name.as_str());
        if name == TARGET_INFO {
            self.wants_target_info = false;
        }
    }

    fn problem(&mut self, _problem: Problem) {}
}

#[expect(clippy::float_cmp, reason = "exactly the number is meant")]
fn is_number(value: f64, number: i64) -> bool {
    value == number as f64
}
