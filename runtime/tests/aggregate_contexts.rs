//! What makes two samples one series, how long a series is remembered, and what is counted when a point is impossible.
#![allow(missing_docs)]

use allwell::aggregate::{Flush, Rejected, Sampler, Series};
use allwell::metric::{Batch, Declared, Descriptor, Kind, Limits, Orientation, UnitName};

const fn metric(name: &'static str, kind: Kind) -> Descriptor {
    Descriptor {
        name,
        declared: Declared::Metric { kind, unit: UnitName { name: "second", per: "" } },
        description: "A metric.",
        short_name: None,
        orientation: Orientation::Neutral,
        curated: &[],
        interval: None,
        in_app: None,
        flush_first_value: false,
        from: None,
    }
}

static COUNT: Descriptor = metric("c", Kind::Count);
static SAME_NAME: Descriptor = metric("c", Kind::Count);
static OTHER: Descriptor = metric("d", Kind::Count);
static GAUGE: Descriptor = metric("g", Kind::Gauge);
static MONOTONIC: Descriptor = metric("m", Kind::MonotonicCount);
static RATE: Descriptor = metric("r", Kind::Rate);
static HISTOGRAM: Descriptor = metric("h", Kind::Histogram);

fn batch() -> Batch {
    Batch::new(["env:test"], Limits::default())
}

fn submit(batch: &mut Batch, tags: &[(&str, &str)], metric: &'static Descriptor, value: f64) {
    let mut emitter = batch.emitter();
    let mut record = emitter.record();
    for (key, value) in tags {
        record.tag(key, *value);
    }
    record.samples().sample(metric, value);
}

fn run(sampler: &mut Sampler, metric: &'static Descriptor, value: f64, time: f64) -> Flush {
    let mut batch = batch();
    submit(&mut batch, &[], metric, value);
    sampler.add(&batch, time);
    sampler.commit(time)
}

fn shown(flush: &Flush) -> Vec<String> {
    let series = flush.series.iter();
    series
        .map(|s| {
            let tags: Vec<_> = s.tags.iter().chain(s.tags.host()).collect();
            format!("{} {} {}", s.name, s.value, tags.join(","))
        })
        .collect()
}

#[test]
fn samples_are_told_apart_by_name_tags_and_host() {
    let mut batch = batch();
    submit(&mut batch, &[("a", "1")], &COUNT, 1.0);
    submit(&mut batch, &[("a", "2")], &COUNT, 10.0);
    submit(&mut batch, &[("a", "1")], &COUNT, 100.0);
    submit(&mut batch, &[("a", "1")], &OTHER, 1000.0);
    let mut emitter = batch.emitter();
    let mut record = emitter.record();
    record.tag("a", "1");
    record.host("elsewhere");
    record.samples().sample(&COUNT, 10_000.0);
    let mut sampler = Sampler::new();
    sampler.add(&batch, 10.0);
    assert_eq!(
        shown(&sampler.commit(10.0)),
        [
            "c 101 env:test,a:1",
            "c 10 env:test,a:2",
            "d 1000 env:test,a:1",
            "c 10000 env:test,a:1,elsewhere",
        ]
    );
    assert_eq!(sampler.contexts(), 4);
}

#[test]
fn the_order_of_tags_and_the_place_of_the_descriptor_make_no_difference() {
    let mut batch = batch();
    submit(&mut batch, &[("a", "1"), ("b", "2")], &COUNT, 1.0);
    submit(&mut batch, &[("b", "2"), ("a", "1")], &SAME_NAME, 2.0);
    let mut sampler = Sampler::new();
    sampler.add(&batch, 10.0);
    assert_eq!(shown(&sampler.commit(10.0)), ["c 3 env:test,a:1,b:2"]);
}

#[test]
fn tags_that_only_join_to_the_same_text_are_different() {
    let mut batch = batch();
    submit(&mut batch, &[("a", "1b:2")], &COUNT, 1.0);
    submit(&mut batch, &[("a", "1"), ("b", "2")], &COUNT, 2.0);
    let mut sampler = Sampler::new();
    sampler.add(&batch, 10.0);
    assert_eq!(shown(&sampler.commit(10.0)), ["c 1 env:test,a:1b:2", "c 2 env:test,a:1,b:2"]);
}

#[test]
fn a_unit_travels_with_its_metric_but_a_number_of_values_has_none() {
    let mut sampler = Sampler::new();
    let units: Vec<_> =
        run(&mut sampler, &HISTOGRAM, 1.0, 10.0).series.iter().map(|s| s.unit.name).collect();
    assert_eq!(units, ["second", "second", "second", "", "second"]);
}

#[test]
fn a_stateless_context_is_forgotten_after_two_commits_without_a_sample() {
    let mut sampler = Sampler::new();
    run(&mut sampler, &GAUGE, 1.0, 10.0);
    sampler.commit(20.0);
    assert_eq!(sampler.contexts(), 1);
    sampler.commit(30.0);
    assert_eq!(sampler.contexts(), 0);
    assert_eq!(shown(&run(&mut sampler, &GAUGE, 2.0, 40.0)), ["g 2 env:test"]);
}

#[test]
fn a_stateful_context_waits_25_hours() {
    const LIMIT: f64 = 30.0 + 25.0 * 3600.0;
    for (metric, value, growth) in
        [(&MONOTONIC, 9.0, "m 4 env:test"), (&RATE, 180_045.0, "r 2 env:test")]
    {
        let mut sampler = Sampler::new();
        run(&mut sampler, metric, 5.0, 10.0);
        sampler.commit(20.0);
        sampler.commit(30.0);
        sampler.commit(LIMIT);
        assert_eq!(sampler.contexts(), 1);
        assert_eq!(shown(&run(&mut sampler, metric, value, LIMIT)), [growth]);
    }
}

#[test]
fn a_stateful_context_is_forgotten_after_25_hours() {
    let mut sampler = Sampler::new();
    run(&mut sampler, &MONOTONIC, 5.0, 10.0);
    sampler.commit(20.0);
    sampler.commit(30.0);
    sampler.commit(31.0 + 25.0 * 3600.0);
    assert_eq!(sampler.contexts(), 0);
    assert_eq!(shown(&run(&mut sampler, &MONOTONIC, 9.0, 100_000.0)), [""; 0]);
}

#[test]
fn a_sample_ends_the_waiting() {
    let mut sampler = Sampler::new();
    run(&mut sampler, &MONOTONIC, 5.0, 10.0);
    sampler.commit(20.0);
    sampler.commit(30.0);
    run(&mut sampler, &MONOTONIC, 6.0, 90_000.0);
    sampler.commit(90_100.0);
    assert_eq!(shown(&run(&mut sampler, &MONOTONIC, 8.0, 91_000.0)), ["m 2 env:test"]);
}

#[test]
fn contexts_that_stay_are_found_after_others_were_forgotten() {
    let mut sampler = Sampler::new();
    let mut batch = batch();
    for tag in 0..100 {
        submit(&mut batch, &[("n", &tag.to_string())], &COUNT, 1.0);
    }
    sampler.add(&batch, 10.0);
    sampler.commit(10.0);
    for time in 2..5 {
        batch.clear();
        submit(&mut batch, &[("n", "50")], &COUNT, f64::from(time));
        sampler.add(&batch, f64::from(time * 10));
        assert_eq!(
            shown(&sampler.commit(f64::from(time * 10))),
            [format!("c {time} env:test,n:50")]
        );
    }
    assert_eq!(sampler.contexts(), 1);
}

#[test]
fn impossible_rates_are_counted() {
    let mut sampler = Sampler::new();
    run(&mut sampler, &RATE, 5.0, 10.0);
    let down = run(&mut sampler, &RATE, 3.0, 20.0);
    assert_eq!(down.rejected, Rejected { negative_rates: 1, ..Rejected::default() });
    let back = run(&mut sampler, &RATE, 4.0, 20.0);
    assert_eq!(back.rejected, Rejected { timeless_rates: 1, ..Rejected::default() });
}

#[test]
fn a_point_is_small() {
    // There may be a million in a delivery.
    assert!(size_of::<Series>() <= 56, "{}", size_of::<Series>());
}
