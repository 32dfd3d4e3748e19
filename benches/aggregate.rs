//! The sampler alone: samples a second on one core, and bytes a context, with five tags a record.
//!
//! `bench-aggregate` prints one JSON object a line: contexts, metrics a record, and what came of it. The first runs, which make
//! the contexts, are not in the rate. A context's memory is what the allocator counts, its share of the tags included.

use std::alloc::System;
use std::time::Instant;

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Limits};
use allwell::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// As many samples as one measurement adds.
const SAMPLES: usize = 20_000_000;

/// A record of many metrics.
#[derive(Metrics)]
#[metrics(namespace = "bench")]
struct Ten {
    #[tag]
    device: u32,
    #[tag]
    mount_point: u32,
    #[tag]
    filesystem: &'static str,
    /// A value.
    a: Gauge<Byte>,
    /// A value.
    b: Gauge<Byte>,
    /// A value.
    c: Gauge<Byte>,
    /// A value.
    d: Gauge<Fraction>,
    /// A value.
    e: Count<Byte>,
    /// A value.
    f: MonotonicCount<Byte>,
    /// A value.
    g: MonotonicCount<Byte>,
    /// A value.
    h: Rate<Byte>,
    /// A value.
    i: Rate<Byte>,
    /// A value.
    j: Gauge<Byte>,
}

/// A record of one metric: every context has tags of its own.
#[derive(Metrics)]
#[metrics(namespace = "bench")]
struct One {
    #[tag]
    device: u32,
    #[tag]
    mount_point: u32,
    #[tag]
    filesystem: &'static str,
    /// A value.
    a: MonotonicCount<Byte>,
}

fn main() {
    for contexts in [1_000, 100_000, 1_000_000] {
        measure(contexts, 10, |number, emitter| ten(number).emit(emitter));
        measure(contexts, 1, |number, emitter| one(number).emit(emitter));
    }
}

#[expect(clippy::print_stdout, reason = "the result")]
fn measure(contexts: u32, metrics: u32, emit: impl Fn(u32, &mut allwell::metric::Emitter<'_>)) {
    let mut batch = Batch::new(["env:bench", "team:allwell"], Limits::default());
    (0..contexts / metrics).for_each(|number| emit(number, &mut batch.emitter()));
    let before = allocated();
    let mut sampler = Sampler::new();
    sampler.add(&batch, 0.0);
    let bytes = (allocated() - before) as f64 / sampler.contexts() as f64;
    drop(sampler.commit(0.0));
    let rounds = SAMPLES / batch.len();
    let (mut added, mut committed) = (0.0, 0.0);
    for round in 1..=rounds {
        let time = round as f64 * 15.0;
        let start = Instant::now();
        sampler.add(&batch, time);
        added += start.elapsed().as_secs_f64();
        let start = Instant::now();
        drop(sampler.commit(time));
        committed += start.elapsed().as_secs_f64();
    }
    let samples = (rounds * batch.len()) as f64;
    println!(
        "{{\"contexts\": {}, \"metrics_per_record\": {metrics}, \"million_samples_per_second\": {:.1}, \
         \"with_commit\": {:.1}, \"bytes_per_context\": {bytes:.0}}}",
        sampler.contexts(),
        samples / added / 1e6,
        samples / (added + committed) / 1e6,
    );
}

fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn ten(number: u32) -> Ten {
    let value = f64::from(number);
    Ten {
        device: number,
        mount_point: number,
        filesystem: "ext4",
        a: value.into(),
        b: value.into(),
        c: value.into(),
        d: 0.5.into(),
        e: value.into(),
        f: value.into(),
        g: value.into(),
        h: value.into(),
        i: value.into(),
        j: value.into(),
    }
}

fn one(number: u32) -> One {
    One { device: number, mount_point: number, filesystem: "ext4", a: f64::from(number).into() }
}
