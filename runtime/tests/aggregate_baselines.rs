//! A sampler that goes on from what another one remembered gives what that one would have given.
#![allow(missing_docs)]

use allwell::aggregate::{Flush, Sampler};
use allwell::metric::{Batch, Declared, Descriptor, Kind, Limits, Orientation, UnitName};
use proptest::prelude::*;

const fn metric(name: &'static str, kind: Kind, flush_first_value: bool) -> Descriptor {
    Descriptor {
        name,
        declared: Declared::Metric { kind, unit: UnitName { name: "byte", per: "" } },
        description: "A metric.",
        short_name: None,
        orientation: Orientation::Neutral,
        curated: &[],
        interval: None,
        in_app: None,
        flush_first_value,
        from: None,
    }
}

static METRICS: [Descriptor; 4] = [
    metric("gauge", Kind::Gauge, false),
    metric("rate", Kind::Rate, false),
    metric("total", Kind::MonotonicCount, false),
    metric("first", Kind::MonotonicCount, true),
];

/// A sample: which metric, which tag, which value.
type Sampled = (usize, u8, u32);

fn batch(samples: &[Sampled]) -> Batch {
    let mut batch = Batch::new(["env:test"], Limits::default());
    for (metric, tag, value) in samples {
        let mut emitter = batch.emitter();
        let mut record = emitter.record();
        record.tag("n", tag);
        record.samples().sample(&METRICS[*metric], f64::from(*value));
    }
    batch
}

/// The points in an order that does not depend on which series was seen first.
fn points(flush: &Flush) -> Vec<String> {
    let mut points: Vec<_> = flush
        .series
        .iter()
        .map(|one| {
            let tags: Vec<_> = one.tags.iter().collect();
            format!("{} {} {}@{}", one.name, tags.join(","), one.value, one.timestamp)
        })
        .collect();
    points.sort();
    points
}

proptest! {
    #[test]
    fn a_restart_changes_no_point(
        runs in prop::collection::vec(
            (prop::collection::vec((0..4_usize, 0..3_u8, 0..1000_u32), 0..8), any::<bool>()),
            1..30,
        )
    ) {
        let (mut steady, mut restarted) = (Sampler::new(), Sampler::new());
        for (number, (samples, restart)) in runs.iter().enumerate() {
            let time = 100.0 + number as f64 * 15.0;
            let batch = batch(samples);
            steady.add(&batch, time);
            restarted.add(&batch, time);
            let expected = points(&steady.commit(time));
            prop_assert_eq!(points(&restarted.commit(time)), expected);
            if *restart {
                restarted = Sampler::restored(&restarted.baselines(time));
            }
        }
    }
}

#[test]
fn a_baseline_is_forgotten_after_25_hours() {
    let total = [(2, 0, 10)];
    let mut sampler = Sampler::new();
    sampler.add(&batch(&total), 0.0);
    sampler.commit(0.0);
    let baselines = sampler.baselines(0.0);
    assert_eq!(baselines.all.len(), 1);
    for (hours, points) in [(24.9, 1), (25.1, 0)] {
        let time = hours * 3600.0;
        // The first run may come before any commit, and more than one restart before the first run.
        for restarts in 1..3 {
            let mut sampler = Sampler::restored(&baselines);
            for restart in 1..restarts {
                sampler = Sampler::restored(&sampler.baselines(f64::from(restart) * 3600.0));
            }
            sampler.add(&batch(&[(2, 0, 15)]), time);
            assert_eq!(sampler.commit(time).series.len(), points, "after {hours} hours");
        }
    }
}
