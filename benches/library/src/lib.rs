//! A check that submits as many samples as it is told to, each with five tags, for the benchmark of the Agent's interface.

#![allow(clippy::unused_async, reason = "a blocking check would have a thread more to wait for")]

use allwell::prelude::*;

/// Submits samples: four of each record, with two tags of the instance and three of the record.
#[check(name = "bench")]
async fn bench(config: &Size) -> Vec<Filesystem> {
    (0..config.samples / 4).map(Filesystem::new).collect()
}

/// How much there is to do.
#[derive(Config)]
struct Size {
    /// How many samples a run submits.
    #[config(default = 10_000)]
    samples: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "bench.disk")]
struct Filesystem {
    #[tag]
    device: u32,
    #[tag]
    mount_point: &'static str,
    #[tag]
    fstype: &'static str,
    /// Size.
    total: Gauge<Byte>,
    /// Space in use.
    used: Gauge<Byte>,
    /// Space that is free.
    free: Gauge<Byte>,
    /// Share in use.
    in_use: Gauge<Fraction>,
}

impl Filesystem {
    fn new(device: u32) -> Self {
        Self {
            device,
            mount_point: "/var/lib/data",
            fstype: "ext4",
            total: (device + 1000).into(),
            used: device.into(),
            free: 1000.into(),
            in_use: 0.5.into(),
        }
    }
}

allwell::agent_library!();
