//! Series for Datadog's intake: points a second on one core, encoded and compressed, with ten tags a record.
//!
//! `bench-intake` prints a JSON object a line: metrics a record, and what came of it. The points are as a sampler delivers them,
//! and the payloads as they are sent. With `--points FILE` it writes the points for the peer instead.

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Emitter, Limits};
use allwell::output::Delivery;
use allwell::output::intake::{Encoder, Form};
use allwell::prelude::*;

/// As many points as the hub offers an output at once.
const POINTS: u32 = 100_000;

const ROUNDS: u32 = 30;

/// A record of ten metrics.
#[derive(Metrics)]
#[metrics(namespace = "bench.disk")]
struct Ten {
    #[tag]
    device_name: String,
    #[tag]
    mount_point: String,
    #[tag]
    filesystem: &'static str,
    /// A value.
    total: Gauge<Byte>,
    /// A value.
    used: Gauge<Byte>,
    /// A value.
    free: Gauge<Byte>,
    /// A value.
    in_use: Gauge<Fraction>,
    /// A value.
    inodes_total: Gauge<Inode>,
    /// A value.
    inodes_used: Gauge<Inode>,
    /// A value.
    inodes_free: Gauge<Inode>,
    /// A value.
    reads: Count<Operation>,
    /// A value.
    writes: Count<Operation>,
    /// A value.
    queue: Gauge<Item>,
}

/// A record of one metric: every point has tags of its own.
#[derive(Metrics)]
#[metrics(namespace = "bench.disk")]
struct One {
    #[tag]
    device_name: String,
    #[tag]
    mount_point: String,
    #[tag]
    filesystem: &'static str,
    /// A value.
    used: Gauge<Byte>,
}

fn main() -> std::io::Result<()> {
    let ten = delivered(POINTS / 10, |number, emitter| ten(number).emit(emitter));
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [option, file] = &*arguments
        && option == "--points"
    {
        return write_points(&ten, file);
    }
    measure(10, &ten)?;
    measure(1, &delivered(POINTS, |number, emitter| one(number).emit(emitter)))
}

#[expect(clippy::print_stdout, reason = "the result")]
fn measure(metrics: u32, delivery: &Arc<Delivery>) -> std::io::Result<()> {
    let deliveries = std::slice::from_ref(delivery);
    let mut encoder = Encoder::new(Form::default());
    let encoded = encoder.encode(deliveries)?;
    assert_eq!(encoded.amount().series, u64::from(POINTS));
    let bytes: usize = encoded.payloads.iter().map(|payload| payload.body.len()).sum();
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(encoder.encode(black_box(deliveries))?);
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = f64::from(POINTS) / best / 1e6;
    println!(
        "{{\"metrics_per_record\": {metrics}, \"million_points_per_second\": {rate:.2}, \"payloads\": {}, \
         \"bytes_per_point\": {:.1}}}",
        encoded.payloads.len(),
        bytes as f64 / f64::from(POINTS),
    );
    Ok(())
}

/// The points as JSON, a line each.
fn write_points(delivery: &Delivery, file: &str) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for series in &delivery.series {
        let tags: Vec<_> = series.tags.iter().collect();
        writeln!(
            out,
            "{{\"metric\": {:?}, \"type\": {:?}, \"unit\": {:?}, \"value\": {:?}, \"time\": {}, \"tags\": {tags:?}}}",
            series.name,
            series.kind.name(),
            series.unit.name,
            series.value,
            series.timestamp
        )?;
    }
    out.flush()
}

/// What a run delivers that emits so many records.
fn delivered(records: u32, emit: impl Fn(u32, &mut Emitter<'_>)) -> Arc<Delivery> {
    let tags = [
        "env:prod",
        "team:storage",
        "service:archive",
        "region:eu-central-1",
        "availability_zone:eu-central-1a",
        "instance_type:m6i.large",
        "version:2026.11.4",
    ];
    let mut batch = Batch::new(tags, Limits::default());
    (0..records).for_each(|number| emit(number, &mut batch.emitter()));
    let mut sampler = Sampler::new();
    sampler.add(&batch, 1_800_000_000.0);
    Arc::new(Delivery {
        check: "bench",
        instance: "bench:1".into(),
        host: Some("storage-17.example.com".into()),
        time: 1_800_000_000.0,
        tags: tags.map(str::to_owned).into(),
        series: sampler.commit(1_800_000_000.0).series,
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    })
}

/// Numbers that differ as those of real disks do.
fn size(number: u32, salt: u32) -> f64 {
    f64::from(number.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)) * 4096.0
}

fn ten(number: u32) -> Ten {
    Ten {
        device_name: format!("/dev/mapper/vg{}-lv{number}", number % 17),
        mount_point: format!("/srv/archive/{number}"),
        filesystem: "ext4",
        total: size(number, 1).into(),
        used: size(number, 2).into(),
        free: size(number, 3).into(),
        in_use: (f64::from(number % 1000) / 1000.0).into(),
        inodes_total: (size(number, 4) / 4096.0).into(),
        inodes_used: (size(number, 5) / 4096.0).into(),
        inodes_free: (size(number, 6) / 4096.0).into(),
        reads: f64::from(number % 977).into(),
        writes: f64::from(number % 1301).into(),
        queue: f64::from(number % 7).into(),
    }
}

fn one(number: u32) -> One {
    One {
        device_name: format!("/dev/mapper/vg{}-lv{number}", number % 17),
        mount_point: format!("/srv/archive/{number}"),
        filesystem: "ext4",
        used: size(number, 2).into(),
    }
}
