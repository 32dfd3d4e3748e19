//! What the library has as a whole: its checks, its instances and its threads. Nothing of it is made before the first run.

use std::ffi::CStr;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::check::panics::leave_to_reports;
use crate::check::{Entry, Host, Registry};
use crate::run::Worker;

use super::caches::Caches;
use super::instances::Instances;
use super::opened::Opened;
use super::panics;

/// Threads that wait for sockets and timers on behalf of all instances; runs have threads of their own.
const WAITING_THREADS: usize = 2;

/// How many runs, and runs that were given up, may go on at once: one takes a thread, a blocking check's two.
const RUNNING_THREADS: usize = 256;

/// How long a thread waits for the next run.
const THREADS_KEPT: Duration = Duration::from_mins(1);

/// How often it is looked for instances that have not run for long.
const SWEEP: Duration = Duration::from_mins(1);

/// How long an instance may take to say goodbye, as in the Agent.
const STOP_LIMIT: Duration = Duration::from_millis(500);

/// Everything that lives as long as the library.
pub(super) struct Library {
    pub(super) instances: Instances,
    pub(super) opened: Opened,
    pub(super) caches: Caches,
    registry: OnceLock<Registry>,
    host: OnceLock<Host>,
    runtime: Mutex<Option<&'static Runtime>>,
}

/// The library that this code is linked into, in this process and in those that it was forked from.
///
/// A fork leaves the threads behind, and whatever they held locked stays locked. So a forked process begins anew, with nothing of its
/// parent's; nobody waits for a lock of that.
struct Generation {
    process: OnceLock<u32>,
    library: Library,
    next: OnceLock<Box<Self>>,
}

static FIRST: Generation = Generation::new();

impl Generation {
    const fn new() -> Self {
        Self { process: OnceLock::new(), library: Library::new(), next: OnceLock::new() }
    }
}

impl Library {
    const fn new() -> Self {
        Self {
            instances: Instances::new(),
            opened: Opened::new(),
            caches: Caches::new(),
            registry: OnceLock::new(),
            host: OnceLock::new(),
            runtime: Mutex::new(None),
        }
    }

    /// What the library has in this process.
    pub(super) fn of_this_process() -> &'static Self {
        let own = std::process::id();
        let mut generation = &FIRST;
        while *generation.process.get_or_init(|| own) != own {
            generation = generation.next.get_or_init(|| Box::new(Generation::new()));
        }
        &generation.library
    }

    /// The check of an id, which is `<check>:<hash>` or `<check>:<name>:<hash>`.
    pub(super) fn check_of(&self, id: &CStr) -> Result<&'static Entry, String> {
        let registry = self.registry.get_or_init(|| {
            leave_to_reports();
            Registry::collect()
        });
        if !registry.problems().is_empty() {
            let problems: Vec<_> = registry.problems().iter().map(ToString::to_string).collect();
            return Err(problems.join("\n"));
        }
        let id = id.to_string_lossy();
        let name = id.split(':').next().unwrap_or_default();
        registry.get(name).ok_or_else(|| {
            let names: Vec<_> = registry.entries().iter().map(|entry| entry.name()).collect();
            format!(
                "this library has no check `{name}`\nhint: it has {}; `agent install` names its links after them",
                names.join(", ")
            )
        })
    }

    /// Takes the machine's name from a host that knows it; the first one counts.
    pub(super) fn name_host(&self, name: &str) {
        if !name.is_empty() {
            self.host.get_or_init(|| Host::new(name));
        }
    }

    /// The machine.
    pub(super) fn host(&self) -> &Host {
        self.host.get_or_init(Host::detect)
    }

    /// The threads, made at the first call and never ended: the code that they run stays in memory as well.
    pub(super) fn runtime(&'static self) -> Result<&'static Runtime, String> {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = *runtime {
            return Ok(runtime);
        }
        let made = Builder::new_multi_thread()
            .worker_threads(WAITING_THREADS)
            .max_blocking_threads(RUNNING_THREADS)
            .thread_keep_alive(THREADS_KEPT)
            .thread_name("allwell")
            .enable_all()
            .build()
            .map_err(|error| format!("no threads to run checks on: {error}"))?;
        let made: &'static Runtime = Box::leak(Box::new(made));
        made.spawn(self.sweep());
        Ok(runtime.insert(made))
    }

    async fn sweep(&'static self) {
        loop {
            tokio::time::sleep(SWEEP).await;
            for idle in self.instances.take_idle(Instant::now()) {
                self.end(idle.end());
            }
        }
    }

    /// Lets an instance say goodbye, and does not wait for it.
    pub(super) fn end(&'static self, worker: Option<Box<Worker>>) {
        let Some(worker) = worker else { return };
        match self.runtime() {
            Ok(runtime) => drop(runtime.spawn(async move {
                // What does not end in time is dropped where it waits.
                let _ = tokio::time::timeout(STOP_LIMIT, worker.stop()).await;
            })),
            Err(_) => panics::dispose(worker),
        }
    }
}
