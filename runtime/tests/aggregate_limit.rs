//! An instance with as many contexts as it may have: what comes after them.
#![allow(missing_docs)]

use std::alloc::System;

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Limits};
use allwell::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// As many as an instance may have.
const LIMIT: u32 = 1_000_000;

#[derive(Metrics)]
#[metrics(namespace = "limit")]
struct Asked {
    #[tag]
    request: u32,
    /// How often.
    times: MonotonicCount<Request>,
}

#[test]
fn what_an_instance_has_no_room_for_is_counted_and_costs_no_memory() {
    let mut sampler = Sampler::new();
    let mut of = |numbers: std::ops::Range<u32>| {
        let mut batch = Batch::new(["env:test"], Limits::default());
        numbers.for_each(|request| Asked { request, times: 1.into() }.emit(&mut batch.emitter()));
        let before = ALLOCATOR.stats();
        sampler.add(&batch, 0.0);
        let after = ALLOCATOR.stats();
        let freed = after.bytes_deallocated - before.bytes_deallocated;
        (after.bytes_allocated - before.bytes_allocated - freed, u32::try_from(sampler.contexts()))
    };
    assert_eq!(of(0..LIMIT).1, Ok(LIMIT));
    let (bytes, contexts) = of(LIMIT..LIMIT + 1000);
    assert_eq!((bytes, contexts), (0, Ok(LIMIT)));
    assert_eq!(sampler.commit(0.0).rejected.over_limit, 1000);
}
