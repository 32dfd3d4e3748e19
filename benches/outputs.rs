//! A program of one check that yields ten thousand contexts, to see what `run` takes with every output on.
//!
//! Distributions are among them, which some outputs remember in buckets.

use allwell::prelude::*;

/// How many records a run yields.
const RECORDS: u32 = 1000;

/// One of a thousand things.
#[derive(Metrics)]
#[metrics(namespace = "bench")]
struct Thing {
    #[tag]
    number: u32,
    #[tag]
    kind: &'static str,
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
    j: Distribution<Second>,
}

/// Yields ten thousand contexts.
#[check(interval = "5s", enabled_by_default)]
fn many(_config: &Nothing, cx: &Context) -> Vec<Thing> {
    let runs = cx.cache().get("runs").map_or(0, |runs| runs.parse().unwrap_or(0)) + 1;
    cx.cache().set("runs", runs.to_string());
    (0..RECORDS).map(|number| thing(number, f64::from(runs))).collect()
}

/// No options.
#[derive(Config)]
struct Nothing {}

fn thing(number: u32, run: f64) -> Thing {
    let value = run * f64::from(number);
    Thing {
        number,
        kind: "thing",
        a: value.into(),
        b: value.into(),
        c: value.into(),
        d: 0.5.into(),
        e: value.into(),
        f: value.into(),
        g: value.into(),
        h: value.into(),
        i: value.into(),
        j: (value + 0.001).into(),
    }
}

allwell::main!();
