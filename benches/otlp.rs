//! Points as requests of OTLP: points a second on one core, encoded alone and compressed as well, with five tags a record.
//!
//! `bench-otlp` prints one JSON object.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Limits};
use allwell::output::Delivery;
use allwell::output::otlp::{Encoder, EncodingOptions};
use allwell::prelude::*;

/// How many records of ten metrics a delivery has.
const RECORDS: u32 = 10_000;

/// How often the same points are encoded.
const ROUNDS: u32 = 20;

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
    e: Gauge<Byte>,
    /// A value.
    f: Count<Byte>,
    /// A value.
    g: Count<Byte>,
    /// A value.
    h: Count<Byte>,
    /// A value.
    i: Count<Byte>,
    /// A value.
    j: Count<Byte>,
}

#[expect(clippy::print_stdout, reason = "the result")]
fn main() {
    let deliveries = [Arc::new(delivery())];
    let options = EncodingOptions::default();
    let mut encoder = Encoder::new(&options, Arc::default(), HashMap::new(), 0);
    let encoded = encoder.encode(&deliveries);
    let points: u64 = encoded.metrics.iter().map(|request| request.amount.total()).sum();
    let bytes: usize = encoded.metrics.iter().map(|request| request.body.len()).sum();
    let start = Instant::now();
    for _ in 0..ROUNDS {
        black_box(encoder.encode(black_box(&deliveries)));
    }
    let seconds = start.elapsed().as_secs_f64();
    let per_second = (points * u64::from(ROUNDS)) as f64 / seconds;
    println!(
        "{{\"points\": {points}, \"bytes_per_point\": {}, \"points_per_second\": {per_second:.0}}}",
        bytes as u64 / points
    );
}

fn delivery() -> Delivery {
    let mut batch = Batch::new(["env:bench", "team:allwell"], Limits::default());
    (0..RECORDS).for_each(|number| ten(number).emit(&mut batch.emitter()));
    let mut sampler = Sampler::new();
    sampler.add(&batch, 1.7e9);
    let flush = sampler.commit(1.7e9);
    Delivery {
        check: "bench",
        instance: "bench".into(),
        host: Some("host".into()),
        time: 1.7e9,
        tags: Arc::default(),
        series: flush.series,
        sketches: flush.sketches,
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

fn ten(number: u32) -> Ten {
    let value = f64::from(number);
    Ten {
        device: number,
        mount_point: number % 100,
        filesystem: "ext4",
        a: value.into(),
        b: value.into(),
        c: value.into(),
        d: value.into(),
        e: value.into(),
        f: value.into(),
        g: value.into(),
        h: value.into(),
        i: value.into(),
        j: value.into(),
    }
}
