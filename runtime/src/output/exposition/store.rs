//! The current value of every context, and how points change it.

use std::ops::{Bound, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aggregate::{Series, SeriesKind, SketchSeries};
use crate::metric::UnitName;

use super::super::amount::Amount;
use super::super::catalogue::Catalogue;
use super::super::delivery::{Delivery, ServiceCheckPoint};
use super::super::held::Held;
use super::buckets::Bounds;
use super::families::{Families, Metric, NoFamily};
use super::family::{Family, Moment, Value};
use super::label_sets::{Ambiguous, LabelSets};
use super::labels::Labels;
use super::name::{FamilyName, Kind};
use super::refusals::{Reason, Refusals, Tell};

/// So many points are taken before others have a turn.
const AT_ONCE: usize = 4096;

/// How many contexts are looked at for stale ones before others have a turn.
const SWEPT_AT_ONCE: u32 = 8192;

/// How a store keeps.
pub(super) struct Keeping {
    /// How many seconds a context is kept without a point.
    pub(super) stale_after: Duration,
    pub(super) most_contexts: usize,
    /// Of all histograms; those that suit the unit if not given.
    pub(super) bounds: Option<Vec<f64>>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) tell: Option<Tell>,
}

/// The current value of every context.
pub(super) struct Store {
    state: Mutex<State>,
    began: Instant,
    stale_after: u32,
    most_contexts: usize,
    bounds: Option<Arc<Bounds>>,
    catalogue: Arc<Catalogue>,
}

pub(super) struct State {
    pub(super) families: Families,
    /// How many contexts have been made.
    pub(super) change: u64,
    labels: LabelSets,
    contexts: usize,
    refusals: Refusals,
}

impl Store {
    pub(super) fn new(keeping: Keeping) -> Self {
        let Keeping { stale_after, most_contexts, bounds, catalogue, tell } = keeping;
        Self {
            state: Mutex::new(State {
                families: Families::default(),
                change: 0,
                labels: LabelSets::default(),
                contexts: 0,
                refusals: Refusals::new(tell),
            }),
            began: Instant::now(),
            stale_after: u32::try_from(stale_after.as_secs()).unwrap_or(u32::MAX),
            most_contexts,
            bounds: bounds.map(|bounds| Arc::new(Bounds::new(bounds))),
            catalogue,
        }
    }

    /// Takes what a run yielded, with pauses for others.
    pub(super) fn take(&self, delivery: &Delivery) {
        for series in delivery.series.chunks(AT_ONCE) {
            let mut state = self.state();
            series.iter().for_each(|one| self.series(&mut state, one, delivery));
        }
        for sketches in delivery.sketches.chunks(AT_ONCE) {
            let mut state = self.state();
            sketches.iter().for_each(|one| self.sketch(&mut state, one, delivery));
        }
        let mut state = self.state();
        delivery
            .service_checks
            .iter()
            .for_each(|one| self.service_check(&mut state, one, delivery));
        let Amount { events, logs, .. } = delivery.amount();
        state.refusals.add(Amount { events, ..Amount::default() }, &Reason::Events);
        state.refusals.add(Amount { logs, ..Amount::default() }, &Reason::Logs);
    }

    fn series(&self, state: &mut State, series: &Series, delivery: &Delivery) {
        let one = Amount { series: 1, ..Amount::default() };
        let kind = match series.kind {
            SeriesKind::Gauge | SeriesKind::Rate => Kind::Gauge,
            SeriesKind::Count => Kind::Counter,
        };
        if kind == Kind::Counter && !(series.value >= 0.0 && series.value.is_finite()) {
            return state.refusals.add(one, &Reason::NoCount);
        }
        let point = Point {
            metric: Metric { name: &series.name, kind, unit: series.unit },
            labels: state.labels.of_tag_set(&series.tags, delivery.host.as_ref()),
            time: delivery.time,
        };
        self.change(state, point, one, |value, _| match value {
            Value::Counter(sum) => *sum += series.value,
            value => *value = Value::Gauge(series.value),
        });
    }

    fn sketch(&self, state: &mut State, series: &SketchSeries, delivery: &Delivery) {
        let one = Amount { sketches: 1, ..Amount::default() };
        let point = Point {
            metric: Metric { name: series.name, kind: Kind::Histogram, unit: series.unit },
            labels: state.labels.of_tag_set(&series.tags, delivery.host.as_ref()),
            time: delivery.time,
        };
        self.change(state, point, one, |value, bounds| {
            if let (Value::Histogram(buckets), Some(bounds)) = (value, bounds) {
                buckets.add(&series.sketch, bounds);
            }
        });
    }

    fn service_check(&self, state: &mut State, check: &ServiceCheckPoint, delivery: &Delivery) {
        let one = Amount { service_checks: 1, ..Amount::default() };
        let host = check.host.as_deref().or(delivery.host.as_deref());
        let unit = UnitName { name: "", per: "" };
        let point = Point {
            metric: Metric { name: check.name, kind: Kind::Status, unit },
            labels: state.labels.of_texts(host, check.tags.iter().map(String::as_str)),
            time: delivery.time,
        };
        let status = f64::from(check.status.number());
        self.change(state, point, one, |value, _| *value = Value::Gauge(status));
    }

    /// Changes the value of a point's context, or counts what the point is as refused.
    fn change(
        &self,
        state: &mut State,
        point: Point<'_>,
        amount: Amount,
        update: impl FnOnce(&mut Value, Option<&Bounds>),
    ) {
        if let Err(reason) = self.try_to_change(state, point, update) {
            state.refusals.add(amount, &reason);
        }
    }

    fn try_to_change(
        &self,
        state: &mut State,
        Point { metric, labels, time }: Point<'_>,
        update: impl FnOnce(&mut Value, Option<&Bounds>),
    ) -> Result<(), Reason> {
        let labels = labels.map_err(|Ambiguous| Reason::Labels)?;
        let most = self.most_contexts;
        let may_be_new = state.contexts < most && state.families.known() < 2 * most;
        let family = state
            .families
            .of(metric, may_be_new, |name| self.family(name, metric))
            .map_err(|reason| match reason {
                NoFamily::Taken(exposed) => Reason::Name { metric: metric.name.into(), exposed },
                NoFamily::TooMany => Reason::TooMany(most),
            })?;
        let bounds = family.bounds.clone();
        let moment = Moment { now: self.now(), time, change: state.change + 1 };
        let found = family.context(&labels, moment, may_be_new);
        let (context, is_new) = found.ok_or(Reason::TooMany(most))?;
        update(&mut context.value, bounds.as_deref());
        if is_new {
            state.contexts += 1;
            state.change += 1;
        }
        Ok(())
    }

    fn family(&self, name: FamilyName, metric: Metric<'_>) -> Family {
        let described = self.catalogue.get(metric.name).map(|found| found.description);
        let help = match described.filter(|text| !text.is_empty()) {
            Some(text) => text.trim(),
            None => metric.name,
        };
        let help = match metric.kind {
            Kind::Status => format!("{help} (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN)").into(),
            _ => help.into(),
        };
        let bounds = (metric.kind == Kind::Histogram).then(|| {
            let of_unit = || Arc::new(Bounds::of_unit(metric.unit));
            self.bounds.clone().unwrap_or_else(of_unit)
        });
        Family::new(name, metric.kind, help, bounds)
    }

    /// Removes stale contexts, families without contexts, and what only they used; with pauses for others.
    pub(super) fn sweep(&self) {
        let mut bound: Bound<Arc<str>> = Bound::Unbounded;
        let mut from = 0;
        loop {
            let mut state = self.state();
            let Some((name, end)) = state.family_from(&bound) else { break };
            let to = end.min(from + SWEPT_AT_ONCE);
            state.remove_stale(&name, from..to, (self.now(), self.stale_after));
            (bound, from) = match to < end {
                true => (Bound::Included(name), to),
                false => (Bound::Excluded(name), 0),
            };
        }
        let mut state = self.state();
        if state.labels.len() > state.contexts {
            state.labels.forget_unused();
        }
    }

    /// What was refused, and the last reason.
    pub(super) fn held(&self) -> Held {
        let state = self.state();
        let Refusals { amount, errors, last, .. } = &state.refusals;
        Held { refused: *amount, errors: *errors, last_error: last.clone(), ..Held::default() }
    }

    /// How many contexts there are, stale ones included that have not been removed.
    pub(super) fn contexts(&self) -> usize {
        self.state().contexts
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds since the beginning.
    pub(super) fn now(&self) -> u32 {
        u32::try_from(self.began.elapsed().as_secs()).unwrap_or(u32::MAX)
    }

    /// How many seconds a context is kept without a point.
    pub(super) const fn stale_after(&self) -> u32 {
        self.stale_after
    }
}

/// What a point belongs to.
struct Point<'p> {
    metric: Metric<'p>,
    labels: Result<Arc<Labels>, Ambiguous>,
    time: f64,
}

impl State {
    /// The name of the first family from a place on, and the end of its contexts.
    fn family_from(&self, bound: &Bound<Arc<str>>) -> Option<(Arc<str>, u32)> {
        let (name, family) = self.families.from(bound.as_ref().map(|name| &**name))?;
        Some((Arc::clone(name), family.contexts.end()))
    }

    fn remove_stale(&mut self, name: &str, places: Range<u32>, (now, kept): (u32, u32)) {
        let Some(family) = self.families.named_mut(name) else { return };
        self.contexts -= family.remove_stale(places, now, kept);
        if family.contexts.len() == 0 {
            self.families.remove(name);
        }
    }
}
