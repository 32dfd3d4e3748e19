//! How points change the values of contexts.

use std::sync::Arc;

use crate::aggregate::{Series, SeriesKind, SketchSeries, TagSet};
use crate::metric::UnitName;

use super::super::amount::Amount;
use super::super::delivery::{Delivery, ServiceCheckPoint};
use super::buckets::Bounds;
use super::families::NoFamily;
use super::family::{Family, Metric, Moment, Value};
use super::label_sets::{Ambiguous, Found};
use super::name::Kind;
use super::refusals::Reason;
use super::store::{Rules, State};

/// A store while it takes points of a delivery.
pub(super) struct Taking<'s> {
    pub(super) state: &'s mut State,
    pub(super) rules: &'s Rules,
    pub(super) delivery: &'s Delivery,
    /// Seconds since the store's beginning.
    pub(super) now: u32,
}

impl Taking<'_> {
    pub(super) fn series(&mut self, series: &Series) {
        let one = Amount { series: 1, ..Amount::default() };
        let kind = match series.kind {
            SeriesKind::Gauge | SeriesKind::Rate => Kind::Gauge,
            SeriesKind::Count => Kind::Counter,
        };
        if kind == Kind::Counter && !(series.value >= 0.0 && series.value.is_finite()) {
            return self.refuse(one, &Reason::NoCount);
        }
        let metric = Metric { name: &series.name, kind, unit: *series.unit };
        let labels = self.labels(&series.tags);
        self.change(metric, labels, one, |value, _| match value {
            Value::Counter(sum) => *sum += series.value,
            value => *value = Value::Gauge(series.value),
        });
    }

    pub(super) fn sketch(&mut self, series: &SketchSeries) {
        let one = Amount { sketches: 1, ..Amount::default() };
        let metric = Metric { name: &series.name, kind: Kind::Histogram, unit: *series.unit };
        let labels = self.labels(&series.tags);
        self.change(metric, labels, one, |value, bounds| {
            if let (Value::Histogram(buckets), Some(bounds)) = (value, bounds) {
                buckets.add(&series.sketch, bounds);
            }
        });
    }

    pub(super) fn service_check(&mut self, check: &ServiceCheckPoint) {
        let one = Amount { service_checks: 1, ..Amount::default() };
        let host = check.host.as_deref().or(self.delivery.host.as_deref());
        let unit = UnitName { name: "", per: "" };
        let metric = Metric { name: &check.name, kind: Kind::Status, unit };
        let labels = {
            let (tags, may_be_new) = (check.tags.iter().map(String::as_str), self.may_be_new());
            self.state.labels.of_texts(host, tags, may_be_new)
        };
        let status = f64::from(check.status.number());
        self.change(metric, labels, one, |value, _| *value = Value::Gauge(status));
    }

    pub(super) fn refuse(&mut self, amount: Amount, reason: &Reason) {
        self.state.refusals.add(amount, reason);
    }

    /// The labels of a tag set. What no context may have is not kept.
    fn labels(&mut self, tags: &Arc<TagSet>) -> Found {
        let may_be_new = self.may_be_new();
        self.state.labels.of_tag_set(tags, self.delivery.host.as_ref(), may_be_new)
    }

    fn may_be_new(&self) -> bool {
        self.state.contexts < self.rules.most_contexts
    }

    /// Changes the value of a point's context, or counts what the point is as refused.
    fn change(
        &mut self,
        metric: Metric<'_>,
        labels: Found,
        amount: Amount,
        update: impl FnOnce(&mut Value, Option<&Bounds>),
    ) {
        if let Err(reason) = self.try_to_change(metric, labels, update) {
            self.refuse(amount, &reason);
        }
    }

    fn try_to_change(
        &mut self,
        metric: Metric<'_>,
        labels: Found,
        update: impl FnOnce(&mut Value, Option<&Bounds>),
    ) -> Result<(), Reason> {
        let labels = labels.map_err(|Ambiguous| Reason::Labels)?;
        let may_be_new = self.may_be_new();
        let Self { state, rules, delivery, now } = self;
        let most = rules.most_contexts;
        let may_be_new = may_be_new && state.families.known() < 2 * most;
        let family = state.families.of(metric, may_be_new, || rules.family(metric));
        let family = family.map_err(|reason| match reason {
            NoFamily::Taken(exposed) => Reason::Name { metric: metric.name.into(), exposed },
            NoFamily::TooMany => Reason::TooMany(most),
        })?;
        let bounds = family.bounds.clone();
        let moment = Moment { now: *now, time: delivery.time, change: state.change + 1 };
        let labels = labels.ok_or(Reason::TooMany(most))?;
        let found = family.context(&labels, moment, may_be_new);
        let (context, is_new) = found.ok_or(Reason::TooMany(most))?;
        update(&mut context.value, bounds.as_deref());
        if is_new {
            state.contexts += 1;
            state.change += 1;
        }
        Ok(())
    }
}

impl Rules {
    /// A family for a metric, with what is declared of it.
    fn family(&self, metric: Metric<'_>) -> Family {
        let described = self.catalogue.get(metric.name).map(|found| found.description.trim());
        let help = described.filter(|text| !text.is_empty()).unwrap_or(metric.name);
        let help = match metric.kind {
            Kind::Status => format!("{help} (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN)").into(),
            _ => help.into(),
        };
        let bounds = (metric.kind == Kind::Histogram).then(|| {
            let of_unit = || Arc::new(Bounds::of_unit(metric.unit));
            self.bounds.clone().unwrap_or_else(of_unit)
        });
        Family::new(metric, help, bounds)
    }
}
