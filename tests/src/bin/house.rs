//! A binary of checks that the tests of `run` start: what they do is up to files.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use allwell::prelude::*;

/// Reads a number from a file.
#[check(interval = "1s")]
fn counter(config: &Counter, cx: &Context) -> Result<Total> {
    let text = fs::read_to_string(&config.file).context("the file")?;
    cx.cache().set("last", text.trim());
    Ok(Total { total: text.trim().parse::<u64>()?.into() })
}

/// One file.
#[derive(Config)]
struct Counter {
    /// Where the number is.
    file: PathBuf,
    /// Tells instances of one file apart.
    #[config(tag, default)]
    number: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "counter")]
struct Total {
    /// The number, which only grows.
    total: MonotonicCount<Unitless>,
}

/// Does what it is told, which is nothing good.
#[check(timeout = "2s", interval = "3s")]
async fn trouble(config: &Trouble) -> Result<()> {
    match config.kind {
        Kind::Hang => std::future::pending().await,
        Kind::Panic => panic!("as told"),
        Kind::Fail => bail!("as told"),
        Kind::Keep => {
            std::thread::sleep(Duration::from_mins(1));
            Ok(())
        }
    }
}

/// Blocks its thread for ever, wherever it is told to.
#[check(timeout = "1s", interval = "2s")]
fn blocks(_config: &Numbered) {
    loop {
        std::thread::park();
    }
}

/// Notes that it runs, by a byte in a file, and submits the number of the run.
#[check(interval = "1s")]
fn noted(config: &Noted) -> Result<Vec<Run>> {
    let file = config.directory.join(config.number.to_string());
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(b".")?;
    let run = file.metadata()?.len();
    let point = |point: u32| Run { point: point.to_string(), run: (run as f64).into() };
    Ok((0..config.points).map(point).collect())
}

/// Where it notes what, and how much it submits.
#[derive(Config)]
struct Noted {
    /// Where the files are.
    directory: PathBuf,
    /// Which file, and which instance.
    #[config(tag)]
    number: u32,
    /// How many points a run has.
    points: u32,
}

#[derive(Metrics)]
#[metrics(namespace = "noted")]
struct Run {
    #[tag]
    point: String,
    /// The number of the run.
    run: Gauge<Unitless>,
}

/// One of many.
#[derive(Config)]
struct Numbered {
    /// Tells instances apart.
    number: u32,
}

/// One trouble.
#[derive(Config)]
struct Trouble {
    /// Which one.
    kind: Kind,
}

/// Sorts of trouble.
#[derive(Config)]
enum Kind {
    /// It never returns.
    Hang,
    /// It panics.
    Panic,
    /// It fails.
    Fail,
    /// It keeps its thread to itself, as an async check must not.
    Keep,
}

allwell::main!();
