//! What an instance costs in memory once its file has been read.
#![allow(missing_docs)]

use std::alloc::System;
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

use allwell::check::{Entry, load};
use allwell::config::confd::File;
use allwell::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(Config)]
struct Server {
    /// Where it listens.
    port: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "server")]
struct Up {
    /// Whether it is up.
    up: Gauge<Item>,
}

/// Looks at a server.
#[check]
#[expect(clippy::unused_async, reason = "the contract is that of an async check")]
async fn server(config: &Server) -> Result<Up> {
    Ok(Up { up: config.port.into() })
}

const INSTANCES: usize = 10_000;

#[test]
fn an_instance_at_rest_takes_little() {
    let mut text = String::from("init_config:\ninstances:\n");
    for port in 0..INSTANCES {
        writeln!(text, "  - port: {port}").expect("a string takes any text");
    }
    let region = Region::new(ALLOCATOR);
    let file = File::parse("server", Path::new("conf.d/server.yaml"), text.as_str().into());
    let loaded = load(Entry::of::<server>(), &file);
    drop(file);
    drop(loaded.problems);
    let change = region.change();
    assert_eq!(loaded.instances.len(), INSTANCES);
    let bytes = change.bytes_allocated - change.bytes_deallocated;
    let each = bytes / INSTANCES;
    let blocks = (change.allocations - change.deallocations) as f64 / INSTANCES as f64;
    assert!(each <= 200, "{each} bytes an instance, in {blocks} blocks");
    black_box(loaded.instances);
}
