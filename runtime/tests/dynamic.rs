//! Metrics whose names are known only at run time, and buckets of histograms, from the batch to the series.

use std::sync::Arc;

use allwell::aggregate::{Flush, Sampler, SeriesKind};
use allwell::metric::{
    Batch, Bucket, Declaration, Dynamic, DynamicMetric, Filter, Kind, Limits, Metrics, TagSetPlace,
};
use regex_lite::Regex;

fn batch(limits: Limits) -> Batch {
    Batch::new(["env:test"], limits)
}

/// A run with one value of each metric, with a tag.
fn run(sampler: &mut Sampler, metrics: &[(&Arc<DynamicMetric>, f64)], time: f64) -> Flush {
    let mut batch = batch(Limits::default());
    let mut out = batch.dynamic();
    for (metric, value) in metrics {
        let listed = out.list(metric);
        let mut tags = out.tags();
        tags.text("queue", "mail");
        let tags = tags.end();
        out.sample(listed, tags, *value, false);
    }
    sampler.add(&batch, time);
    sampler.commit(time)
}

#[test]
fn a_declaration_says_that_names_are_not_known() {
    assert_eq!(Dynamic::DECLARATION, Declaration::Dynamic);
    assert!(Declaration::All(&[Declaration::NOTHING, Declaration::Dynamic]).is_dynamic());
    assert!(!Declaration::NOTHING.is_dynamic());
}

#[test]
fn samples_carry_their_names_and_tags_as_they_stand() {
    let mut batch = batch(Limits::default());
    let mut out = batch.dynamic();
    let listed = out.list(&DynamicMetric::metric("any.name", Kind::Gauge));
    let long = "x".repeat(300);
    let mut tags = out.tags();
    tags.text("empty", "");
    tags.text("long", &long);
    tags.text("env", "test");
    tags.host("web-1");
    let tags = tags.end();
    out.sample(listed, tags, 4.0, true);
    out.sample(listed, TagSetPlace::INSTANCE, f64::NAN, true);
    let samples: Vec<_> = batch.samples().collect();
    assert_eq!((samples.len(), batch.drops().not_finite), (1, 1));
    assert_eq!(
        (samples[0].metric.name(), samples[0].metric.kind()),
        ("any.name", Some(Kind::Gauge))
    );
    assert_eq!((samples[0].value, samples[0].flush_first_value), (4.0, true));
    assert_eq!(samples[0].host, Some("web-1"));
    let tags: Vec<&str> = samples[0].tags.clone().collect();
    assert_eq!(tags, ["env:test", "empty:", &format!("long:{long}")]);
}

#[test]
fn series_go_on_from_run_to_run_and_their_names_are_forgotten_with_them() {
    let mut sampler = Sampler::new();
    let total = DynamicMetric::metric("jobs.count", Kind::MonotonicCount);
    let level = DynamicMetric::metric("jobs.waiting", Kind::Gauge);
    let first = run(&mut sampler, &[(&total, 10.0), (&level, 1.0)], 15.0);
    assert_eq!(first.series.len(), 1);
    // The same name in another place is the same metric.
    let same = DynamicMetric::metric("jobs.count", Kind::MonotonicCount);
    let second = run(&mut sampler, &[(&same, 14.0)], 30.0);
    let point = &second.series[0];
    assert_eq!((&*point.name, point.kind, point.value), ("jobs.count", SeriesKind::Count, 4.0));
    assert_eq!(sampler.contexts(), 2);
    let held = Arc::strong_count(&level);
    run(&mut sampler, &[(&same, 15.0)], 45.0);
    run(&mut sampler, &[(&same, 16.0)], 60.0);
    assert_eq!((held, Arc::strong_count(&level), sampler.contexts()), (2, 1, 1));
}

#[test]
fn of_many_names_those_that_go_on_keep_their_totals() {
    let mut sampler = Sampler::new();
    let name = |number: usize| format!("jobs.count_{number}");
    let metrics: Vec<_> =
        (0..50).map(|number| DynamicMetric::metric(name(number), Kind::MonotonicCount)).collect();
    let values = |of: &[usize], value: f64| -> Vec<_> {
        of.iter().map(|number| (metrics[*number].clone(), value)).collect()
    };
    let mut run = |of: &[usize], value: f64, time: f64| {
        let values = values(of, value);
        let values: Vec<_> = values.iter().map(|(metric, value)| (metric, *value)).collect();
        let flush = run(&mut sampler, &values, time);
        flush.series.iter().map(|one| (one.name.to_string(), one.value)).collect::<Vec<_>>()
    };
    let all: Vec<_> = (0..50).collect();
    assert_eq!(run(&all, 10.0, 0.0), []);
    let day = 25.0 * 3600.0;
    for (round, time) in [15.0, 30.0, 45.0, day + 60.0, day + 75.0].into_iter().enumerate() {
        let grown = run(&[49, 7, 20], 11.0 + round as f64, time);
        assert_eq!(grown, [7, 20, 49].map(|number| (name(number), 1.0)));
    }
    // The others begin anew, and the order is that of being first seen.
    assert_eq!(run(&[20, 3, 49], 100.0, day + 90.0), [20, 49].map(|number| (name(number), 85.0)));
    let later = [(name(20), 1.0), (name(49), 1.0), (name(3), 1.0)];
    assert_eq!(run(&[3, 20, 49], 101.0, day + 105.0), later);
}

#[test]
fn limits_count_them_as_others() {
    let filter = Filter::new(Vec::new(), vec![Regex::new("secret").expect("a pattern")]);
    let mut batch = batch(Limits::new(Some(2), Some(filter)));
    let mut out = batch.dynamic();
    let names = ["a", "secret.b", "c", "d"];
    for name in names {
        let listed = out.list(&DynamicMetric::metric(name, Kind::Gauge));
        out.sample(listed, TagSetPlace::INSTANCE, 1.0, false);
    }
    assert!(out.is_full());
    let kept: Vec<&str> = batch.samples().map(|sample| sample.metric.name()).collect();
    assert_eq!(kept, ["a", "c"]);
    assert_eq!((batch.drops().filtered, batch.drops().over_limit), (1, 1));
}

/// Totals of one bucket in runs one after the other, as the counts of the sketches that they make; nothing for none.
fn counts(runs: &[(i64, bool)], bucket: Bucket) -> Vec<Option<u64>> {
    let mut sampler = Sampler::new();
    let metric = DynamicMetric::metric("wait", Kind::Distribution);
    let counts = runs.iter().enumerate().map(|(index, (count, flush_first))| {
        let mut batch = batch(Limits::default());
        let mut out = batch.dynamic();
        let listed = out.list(&metric);
        let bucket = Bucket { count: *count, ..bucket };
        out.bucket(listed, TagSetPlace::INSTANCE, bucket, *flush_first);
        let time = 15.0 * index as f64;
        sampler.add(&batch, time);
        let sketches = sampler.commit(time).sketches;
        sketches.first().map(|series| series.sketch.count())
    });
    counts.collect()
}

const TOTAL: Bucket =
    Bucket { count: 0, lower: 1.0, upper: 2.0, monotonic: true, told_by_bounds: false };

#[test]
fn a_bucket_that_only_grows_gives_its_growth() {
    let runs = [(5, false), (8, false), (8, false), (3, false), (4, false)];
    assert_eq!(counts(&runs, TOTAL), [None, Some(3), None, None, Some(1)]);
    let runs = [(5, true), (8, true), (3, true)];
    assert_eq!(counts(&runs, TOTAL), [Some(5), Some(3), Some(3)]);
    let delta = Bucket { monotonic: false, ..TOTAL };
    assert_eq!(counts(&[(5, false), (0, false), (-1, false)], delta), [Some(5), None, None]);
    let reversed = Bucket { lower: 2.0, upper: 1.0, ..TOTAL };
    assert_eq!(counts(&[(5, true)], reversed), [None]);
}

#[test]
fn buckets_are_told_apart_by_bounds_where_tags_do_not() {
    let mut sampler = Sampler::new();
    let metric = DynamicMetric::metric("wait", Kind::Distribution);
    let mut last = Vec::new();
    for (time, totals) in [(0.0, [5, 9]), (15.0, [6, 11])] {
        let mut batch = batch(Limits::default());
        let mut out = batch.dynamic();
        let listed = out.list(&metric);
        for (count, lower) in totals.into_iter().zip([1.0, 2.0]) {
            let bucket = Bucket { count, lower, upper: lower + 1.0, told_by_bounds: true, ..TOTAL };
            out.bucket(listed, TagSetPlace::INSTANCE, bucket, false);
        }
        sampler.add(&batch, time);
        last = sampler.commit(time).sketches;
    }
    assert_eq!(last[0].sketch.count(), 3);
}

#[test]
fn values_of_a_bucket_lie_evenly_between_its_bounds() {
    let sketch_of = |lower, upper, count| {
        let mut batch = batch(Limits::default());
        let mut out = batch.dynamic();
        let listed = out.list(&DynamicMetric::metric("wait", Kind::Distribution));
        let bucket = Bucket { count, lower, upper, monotonic: false, told_by_bounds: false };
        out.bucket(listed, TagSetPlace::INSTANCE, bucket, false);
        let mut sampler = Sampler::new();
        sampler.add(&batch, 0.0);
        sampler.commit(0.0).sketches.remove(0).sketch
    };
    let even = sketch_of(10.0, 20.0, 1000);
    assert_eq!(even.count(), 1000);
    assert!(even.bins().len() > 40, "{:?}", even.bins());
    assert!((even.mean() - 15.0).abs() < 0.2 && even.max() <= 20.2 && even.min() > 9.8, "{even:?}");
    let open = sketch_of(10.0, f64::INFINITY, 7);
    assert_eq!((open.count(), open.min(), open.max(), open.bins().len()), (7, 10.0, 10.0, 1));
    let point = sketch_of(0.0, 0.0, 3);
    assert_eq!((point.count(), point.bins()), (3, &[(0, 3)][..]));
}
