//! A batch that has grown to the size of a run takes the next one without allocating.

use std::alloc::System;

use allwell::metric::{Batch, Limits};
use allwell::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Filesystem {
    #[tag]
    device: &'static str,
    #[tag]
    inode: u32,
    #[hostname]
    host: Option<&'static str>,
    /// Size.
    total: Gauge<Byte>,
    /// Time of one look.
    latency: Histogram<Second>,
    #[metrics(flatten)]
    inner: Vec<Inner>,
}

#[derive(Metrics)]
#[metrics(namespace = "system.disk")]
struct Inner {
    #[tag]
    part: u8,
    /// Share in use.
    in_use: Gauge<Fraction>,
}

fn filesystem(inode: u32) -> Filesystem {
    Filesystem {
        device: "/dev/nvme0n1p1",
        inode,
        host: inode.is_multiple_of(2).then_some("other"),
        total: inode.into(),
        latency: Duration::from_millis(3).into(),
        inner: vec![Inner { part: 1, in_use: 0.5.into() }, Inner { part: 2, in_use: 1.into() }],
    }
}

#[test]
fn the_second_run_allocates_nothing() {
    let records: Vec<_> = (0..100).map(filesystem).collect();
    let mut batch = Batch::new(["env:test", "team:a"], Limits::default());
    records.emit(&mut batch.emitter());
    let first: Vec<f64> = batch.samples().map(|sample| sample.value).collect();
    let region = Region::new(ALLOCATOR);
    batch.clear();
    records.emit(&mut batch.emitter());
    let change = region.change();
    assert_eq!((change.allocations, change.reallocations), (0, 0));
    assert_eq!(first.len(), 400);
    assert!(batch.samples().map(|sample| sample.value).eq(first));
}
