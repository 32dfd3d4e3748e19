//! What one sample costs to submit: a record of four metrics and two dynamic tags, beside the same in Python.
//!
//! Prints one line of JSON; `benches/run` puts it beside the peer's.
#![allow(clippy::print_stdout, reason = "the figure is the output")]

use std::hint::black_box;

use allwell::metric::{Batch, Limits};
use allwell::prelude::*;

#[derive(Metrics)]
#[metrics(namespace = "bench.disk")]
struct Filesystem {
    #[tag]
    device: String,
    #[tag]
    mount_point: String,
    /// Size.
    total: Gauge<Byte>,
    /// Space in use.
    used: Gauge<Byte>,
    /// Space that is free.
    free: Gauge<Byte>,
    /// Share in use.
    in_use: Gauge<Fraction>,
}

const SAMPLES: f64 = 4.0;
const RECORDS_A_RUN: usize = 100;

fn main() {
    let records: Vec<Filesystem> = (0..RECORDS_A_RUN)
        .map(|i| Filesystem {
            device: format!("/dev/nvme{i}n1p1"),
            mount_point: format!("/var/lib/data/{i}"),
            total: (i + 1000).into(),
            used: i.into(),
            free: 1000.into(),
            in_use: 0.5.into(),
        })
        .collect();
    let mut batch = Batch::new(["env:bench", "team:allwell"], Limits::default());
    let run = allwell_benches::best_ns(20_000, || {
        batch.clear();
        black_box(&records).emit(&mut batch.emitter());
        black_box(&batch);
    });
    let per_sample = run / RECORDS_A_RUN as f64 / SAMPLES;
    println!("{{\"ns_per_sample\": {per_sample:.2}, \"samples\": {}}}", batch.len());
}
