//! What is sent to receivers of Datadog's intake, and the receivers: VictoriaMetrics, and Python that reads with others' code.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use allwell::aggregate::{Sampler, Sketch, SketchSeries};
use allwell::metric::{Batch, Event, Limits, Log, Metrics, Status};
use allwell::output::{Delivery, ServiceCheckPoint};
use allwell::prelude::*;

use crate::process::Server;

/// A disk, for a receiver.
#[derive(Debug, Clone, Metrics)]
#[metrics(namespace = "sent.disk")]
pub struct Disk {
    #[tag]
    device: String,
    #[tag]
    mount: String,
    /// What is used.
    used: Gauge<Byte>,
    /// Its share.
    in_use: Gauge<Fraction>,
    /// Reads since the last run.
    reads: Count<Operation>,
}

/// A running VictoriaMetrics, which takes series of Datadog's intake.
#[derive(Debug)]
pub struct VictoriaMetrics(Server);

impl VictoriaMetrics {
    /// Starts a server on a free port, with an empty store.
    ///
    /// # Panics
    /// It is not installed, or does not start.
    pub fn start() -> Self {
        Self(Server::start("victoria-metrics", |directory, port| {
            let mut command = Command::new("victoria-metrics");
            command.arg(format!("-httpListenAddr=127.0.0.1:{port}"));
            command.arg(format!("-storageDataPath={}", directory.display()));
            // What was stored can be asked for at once.
            command.args(["-search.latencyOffset=0s", "-loggerLevel=ERROR"]);
            command
        }))
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.0.port
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.0.port)
    }
}

/// Now, in seconds since the Unix epoch.
///
/// # Panics
/// The clock stands before 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs()
}

/// What a run of a check delivers that looked at so many disks, and one of everything else.
pub fn disks(count: u32) -> Arc<Delivery> {
    let tags = ["env:test", "team:größe"];
    let mut batch = Batch::new(tags, Limits::default());
    for number in 0..count {
        let disk = Disk {
            device: format!("sd{number}"),
            mount: format!("/srv/{number}"),
            used: (f64::from(number) * 0.5).into(),
            in_use: 0.25.into(),
            reads: f64::from(number).into(),
        };
        disk.emit(&mut batch.emitter());
    }
    let time = now() as f64;
    let mut sampler = Sampler::new();
    sampler.add(&batch, time);
    let series = sampler.commit(time).series;
    let first = series.first().map(|one| (one.timestamp, Arc::clone(&one.tags)));
    let sketches = first.into_iter().map(|(timestamp, tags)| {
        let mut sketch = Sketch::new();
        for value in [-1.0, 0.0, 100.0, 100.0] {
            sketch.insert(value);
        }
        let unit = &allwell::metric::UnitName { name: "second", per: "" };
        SketchSeries { name: "sent.disk.wait".into(), unit, timestamp, sketch, tags }
    });
    Arc::new(Delivery {
        check: "disk",
        instance: "disk:1".into(),
        host: Some("web-1".into()),
        time,
        tags: tags.map(str::to_owned).into(),
        sketches: sketches.collect(),
        series,
        service_checks: vec![ServiceCheckPoint {
            name: "sent.can_read".into(),
            status: Status::warning("slow \"today\""),
            tags: tags.map(str::to_owned).into(),
            host: None,
            timestamp: 1_800_000_000,
        }],
        events: vec![Event::new("Füll", "text\nmore")],
        logs: vec![Log::new("a line"), Log::new("another")],
    })
}

/// Python with the packages that `tests/run` installs; without them nothing, but for the machines that must have them.
///
/// # Panics
/// `CI` is set and the packages are not there.
#[expect(clippy::print_stderr, reason = "says what is not tested")]
pub fn python() -> Option<Command> {
    let Some(environment) = std::env::var_os("ALLWELL_RECEIVERS") else {
        assert!(std::env::var_os("CI").is_none(), "`ALLWELL_RECEIVERS` is not set");
        eprintln!("skipped: `ALLWELL_RECEIVERS` does not say where the receivers in Python are");
        return None;
    };
    Some(Command::new(PathBuf::from(environment).join("bin/python")))
}
