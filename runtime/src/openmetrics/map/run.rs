//! What is known of a run, from one piece of the payload to the next, and of an instance from run to run.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::metric::{DynamicEmitter, Listed};
use crate::openmetrics::faults::Faults;
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::{FamilyType, Part};

use super::buckets::Family;
use super::labels::{Numeric, Tagged, Tagger};
use super::lanes::Lanes;
use super::native::Natives;
use super::plan::{Decision, MAX_KNOWN, Plans};
use super::resting::{Lender, Lent};
use super::share::Shared;
use super::sink::Sink;
use super::transform::{Action, Buckets, Transform};

/// What an instance remembers from run to run to map samples.
#[derive(Debug)]
pub(in crate::openmetrics) struct Mapper {
    pub(super) plans: Plans,
    pub(super) natives: Natives,
    pub(in crate::openmetrics) shared: Shared,
    sets: Lender,
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
    /// What is wrong with lines.
    pub(in crate::openmetrics) faults: Faults,
    /// Some of the metrics that are asked for and have a type of which nothing is made.
    pub(in crate::openmetrics) untyped: BTreeSet<String>,
    /// How many of them there are.
    pub(in crate::openmetrics) untyped_count: u64,
    /// Names and values of metadata.
    pub(in crate::openmetrics) metadata: Vec<(String, String)>,
    /// When the server started.
    pub(in crate::openmetrics) process_start: Option<f64>,
    pub(super) kept: u64,
}

impl Mapper {
    pub(in crate::openmetrics) fn new(options: &Options) -> Self {
        Self {
            plans: Plans::new(options),
            natives: Natives::default(),
            shared: Shared::default(),
            sets: Lender::new(),
        }
    }

    /// How many names are remembered, if there were more.
    pub(in crate::openmetrics) fn overflown(&self) -> Option<usize> {
        self.plans.has_overflown.then_some(MAX_KNOWN)
    }
}

/// A run: what is known of it from one piece of the payload to the next.
#[derive(Debug)]
pub(in crate::openmetrics) struct Run<'m> {
    pub(super) options: &'m Options,
    pub(super) mapper: &'m mut Mapper,
    pub(super) now: f64,
    pub(super) sets: Lent,
    has_begun: bool,
    pub(super) tagger: Tagger<'m>,
    pub(super) sink: Sink,
    /// The places of the metrics of a transform, by its address, which it keeps as long as it is in here.
    pub(super) listed: HashMap<usize, (Arc<Transform>, Places), RandomState>,
    pub(super) family: Current,
    /// What `knows` has found.
    pub(super) known: Option<Tagged>,
    pub(super) waiting: Family,
    pub(in crate::openmetrics) findings: Findings,
}

/// The places of the metrics of a transform, for a run.
pub(super) type Places = [Option<Listed>; 3];

/// The family whose samples come.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Current {
    pub(super) name: String,
    pub(super) kind: Option<FamilyType>,
    pub(super) decision: Option<Decision>,
    /// The places of its metrics, once they are listed.
    pub(super) targets: Option<Places>,
    pub(super) lanes: Lanes,
    /// Its samples are told apart from those of the same name that end in `_total`.
    pub(super) by_its_suffix: Option<bool>,
    pub(super) is_target_info: bool,
    pub(super) is_process_start: bool,
    /// Nothing is made of its samples, which is told if there are any.
    pub(super) is_untyped: bool,
    pub(super) is_prefixed: bool,
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
        mapper.natives.begin();
        let mut sink = Sink::default();
        sink.flush_first = flush_first;
        Self {
            options,
            sets: mapper.sets.lend(),
            has_begun: false,
            mapper,
            now,
            tagger: Tagger::new(options),
            sink,
            listed: HashMap::default(),
            family: Current::default(),
            known: None,
            waiting: Family::default(),
            findings: Findings::default(),
        }
    }

    /// Lets what follows go to a batch.
    pub(in crate::openmetrics) fn with<'r, 'b>(
        &'r mut self,
        out: &'r mut DynamicEmitter<'b>,
    ) -> Submitting<'r, 'm, 'b> {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.sets.begin(out);
        }
        Submitting { run: self, out }
    }

    /// Keeps totals back until it is known whether their first values count.
    pub(in crate::openmetrics) const fn wait_for_process_start(&mut self) {
        self.sink.waits = true;
    }

    /// Labels are known that were not when the last samples came.
    pub(in crate::openmetrics) fn share(&mut self, shared: Shared) {
        self.mapper.shared = shared;
        self.sets.forget();
    }
}

/// A run while a piece of the payload is read.
pub(in crate::openmetrics) struct Submitting<'r, 'm, 'b> {
    pub(super) run: &'r mut Run<'m>,
    pub(super) out: &'r mut DynamicEmitter<'b>,
}

impl Current {
    /// The place of one of its metrics.
    #[inline]
    pub(super) fn target(&self, place: usize) -> Option<Listed> {
        self.targets?[place]
    }

    #[inline]
    pub(super) fn numeric(&self, part: Part, action: &Action) -> Numeric {
        let hides = matches!(action, Action::Histogram(Buckets::Distributed { hidden: true, .. }));
        match self.kind {
            Some(FamilyType::Histogram) if hides && part == Part::Bucket => Numeric::HiddenBound,
            Some(FamilyType::Histogram) => Numeric::Bound,
            Some(FamilyType::Summary) => Numeric::Quantile,
            _ => Numeric::Nothing,
        }
    }
}
