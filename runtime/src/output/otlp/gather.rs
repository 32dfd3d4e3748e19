//! The points of a batch by host, check and metric, in whatever order the runs that made them followed each other.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::aggregate::{Series, SeriesKind, SketchSeries};
use crate::metric::UnitName;
use crate::output::{Amount, Delivery, ServiceCheckPoint};

use super::histogram::Distribution;
use super::points::{Value, Values};
use super::requests::Path;
use super::resource::{Origins, add};
use super::totals::{Identity, Totals};

/// What points of a metric look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Gauge,
    Rate,
    Sum { monotonic: bool },
    Distribution,
    Status,
}

/// A metric of a check on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Metric<'d> {
    scope: u32,
    pub(super) name: &'d str,
    pub(super) form: Form,
    pub(super) unit: UnitName,
}

/// A point, and the number of its metric.
struct Point<'d> {
    metric: u32,
    value: Value<'d>,
}

/// The points of a batch, and what they are of.
#[derive(Default)]
pub(super) struct Gathered<'d> {
    pub(super) origins: Origins<'d>,
    pub(super) metrics: Vec<Metric<'d>>,
    by_key: HashMap<Metric<'d>, u32, FixedState>,
    points: Vec<Point<'d>>,
    /// Points of counts and distributions that could not be remembered.
    pub(super) too_many: Amount,
}

/// A run whose points are gathered.
#[derive(Clone, Copy)]
struct Run<'d> {
    delivery: &'d Delivery,
    /// Its check on its host.
    scope: u32,
    /// When the run before ended.
    since: i64,
}

impl<'d> Gathered<'d> {
    /// Gathers all points of deliveries.
    pub(super) fn of(deliveries: &'d [Arc<Delivery>], totals: &mut Totals) -> Self {
        let mut gathered = Self::default();
        for delivery in deliveries {
            let scope = gathered.origins.scope(delivery.host(), delivery.check);
            let run = Run { delivery, scope, since: totals.run_ended(delivery) };
            gathered.points.reserve(delivery.series.len());
            for series in &delivery.series {
                gathered.series(run, series, totals);
            }
            for sketch in &delivery.sketches {
                gathered.sketch(run, sketch, totals);
            }
            for check in &delivery.service_checks {
                gathered.service_check(run, check);
            }
        }
        gathered
    }

    fn series(&mut self, run: Run<'d>, series: &'d Series, totals: &mut Totals) {
        let (form, value) = match series.kind {
            SeriesKind::Gauge => (Form::Gauge, Value::Number(series)),
            SeriesKind::Rate => (Form::Rate, Value::Number(series)),
            SeriesKind::Count => {
                let Series { name, tags, timestamp, value, .. } = series;
                let of = Identity { delivery: run.delivery, name, tags };
                let Some(sum) = totals.sum(of, run.since, *timestamp, *value) else {
                    self.too_many.series += 1;
                    return;
                };
                (Form::Sum { monotonic: sum.monotonic }, Value::Sum(series, sum))
            }
        };
        let scope = self.scope(run, series.tags.host());
        self.add(Metric { scope, name: &series.name, form, unit: *series.unit }, value);
    }

    fn sketch(&mut self, run: Run<'d>, sketch: &'d SketchSeries, totals: &mut Totals) {
        let SketchSeries { name, timestamp: time, tags, unit, .. } = sketch;
        let of = Identity { delivery: run.delivery, name, tags };
        let values = Distribution::from(&sketch.sketch);
        let Some((start, values)) = totals.distribution(of, run.since, *time, values) else {
            self.too_many.sketches += 1;
            return;
        };
        let scope = self.scope(run, tags.host());
        let metric = Metric { scope, name, form: Form::Distribution, unit: **unit };
        let values = Values { start, time: *time, values, tags };
        self.add(metric, Value::Distribution(Box::new(values)));
    }

    fn service_check(&mut self, run: Run<'d>, check: &'d ServiceCheckPoint) {
        let scope = self.scope(run, check.host.as_deref());
        let unit = UnitName { name: "", per: "" };
        let metric = Metric { scope, name: &check.name, form: Form::Status, unit };
        self.add(metric, Value::Status(check));
    }

    /// The scope of what may name a host of its own.
    fn scope(&mut self, run: Run<'d>, host: Option<&'d str>) -> u32 {
        host.map_or(run.scope, |host| self.origins.scope(host, run.delivery.check))
    }

    fn add(&mut self, metric: Metric<'d>, value: Value<'d>) {
        let number = self.number(metric);
        self.points.push(Point { metric: number, value });
    }

    fn number(&mut self, metric: Metric<'d>) -> u32 {
        // Records name their metrics in one order, so the next metric is mostly the one that followed the last time.
        let likely = self.points.last().map_or(0, |last| last.metric + 1);
        if self.metrics.get(likely as usize) == Some(&metric) {
            return likely;
        }
        *self.by_key.entry(metric).or_insert_with(|| add(&mut self.metrics, metric))
    }

    /// Calls `take` with every point and where it belongs: those of a metric one after the other, those of a check, of a host.
    pub(super) fn in_order(&self, mut take: impl FnMut(Path, &Value<'d>)) {
        let paths: Vec<Path> =
            (0..).zip(&self.metrics).map(|(n, metric)| self.path(n, metric)).collect();
        let mut next = self.places(&paths);
        let mut order = vec![0; self.points.len()];
        for (number, point) in (0_u32..).zip(&self.points) {
            let place = &mut next[point.metric as usize];
            order[*place] = number;
            *place += 1;
        }
        for number in order {
            let Point { metric, value } = &self.points[number as usize];
            take(paths[*metric as usize], value);
        }
    }

    fn path(&self, number: u32, metric: &Metric<'_>) -> Path {
        [self.origins.host_of(metric.scope), metric.scope, number]
    }

    /// The place of the first point of each metric.
    fn places(&self, paths: &[Path]) -> Vec<usize> {
        let mut counts = vec![0; paths.len()];
        for point in &self.points {
            counts[point.metric as usize] += 1;
        }
        let mut sorted = paths.to_vec();
        sorted.sort_unstable();
        let mut places = vec![0; paths.len()];
        let mut place = 0;
        for [.., metric] in sorted {
            places[metric as usize] = place;
            place += counts[metric as usize];
        }
        places
    }
}
