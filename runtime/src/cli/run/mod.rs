//! `run`: runs the configured checks until it is told to end.

mod board;
mod configured;
mod daemon;
mod event;
mod log;
mod outlook;
mod reader;
mod refresh;
mod socket;
mod systemd;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::check::Registry;
use crate::run::{Concurrency, Keeper};
use crate::state::{StateError, Store};

use super::args::Run;
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::screen::Screen;
use super::settings::{LogFormat, Setup, Use};

use configured::{Configuration, Now};
use daemon::Daemon;
use watch::Watch;

/// How many threads may be busy with runs that were given up, beside those of runs that go on.
const STUCK_THREADS: usize = 512;

/// How many threads wait for sockets and timers of outputs; what blocks has others.
const SERVING_THREADS: usize = 2;

/// How long all that goes on may take to end.
const DRAIN: Duration = Duration::from_secs(5);

pub(super) fn run(arguments: &Run, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let (setup, secrets) = Setup::of(&arguments.source, screen)?;
    let settings = &setup.settings;
    log::begin(settings.log_level, settings.log_format, screen.colours().1);
    let mut configuration = Configuration::new(setup.confd(), secrets);
    // Before the files are read for the first time, so that no change is missed.
    let watch =
        settings.watch.then(|| Watch::new(configuration.directory(), setup.file.as_deref()));
    let now = configuration.read(registry);
    tell(&now, settings.log_format, screen)?;
    if now.instances.is_empty() && configuration.directory().is_none() {
        return Err(nothing_to_run());
    }
    let outputs = setup.outputs(registry, Use::Daemon)?;
    let keeper = keeper(&setup.run_path().join("state"))?;
    let limits = limits(&setup);
    let runtime = threads(
        Builder::new_multi_thread().max_blocking_threads(limits.blocking + STUCK_THREADS),
        "to run checks on",
    )?;
    // So that outputs have theirs when checks have taken all that there are.
    let serving = threads(
        Builder::new_multi_thread().worker_threads(SERVING_THREADS).thread_name("outputs"),
        "to serve outputs on",
    )?;
    let daemon = Daemon {
        setup: Arc::new(setup),
        registry: registry.clone(),
        keeper,
        limits,
        watch,
        waits_for_secrets: false,
        tries_again: false,
        serving: serving.handle().clone(),
    };
    let ended = runtime.block_on(daemon.run(configuration, now, outputs, screen));
    // A blocking check that hangs is not waited for.
    runtime.shutdown_background();
    serving.shutdown_background();
    ended
}

fn threads(builder: &mut Builder, what_for: &str) -> Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|error| Failure::Told {
        exit: Exit::INTERNAL,
        message: format!("no threads {what_for}: {error}"),
        hint: String::new(),
    })
}

/// Tells what is wrong with the configuration, in the words of `config validate`.
fn tell(now: &Now, format: LogFormat, screen: &mut Screen<'_>) -> std::io::Result<()> {
    if !now.log.is_empty() {
        tracing::info!("the backend of secrets says: {}", now.log.trim_end());
    }
    let (_, styled) = screen.colours();
    match format {
        LogFormat::Text => write!(screen.err(), "{}", now.report(styled))?,
        LogFormat::Json if now.report(false).is_empty() => {}
        LogFormat::Json => {
            tracing::error!(report = now.report(false), "the configuration has problems");
        }
    }
    for file in &now.kept {
        tracing::warn!("`{}` goes on as it was before", file.display());
    }
    Ok(())
}

/// The store of what survives a restart. Without one the checks run all the same.
fn keeper(directory: &Path) -> Result<Option<Arc<Keeper>>, Failure> {
    match Store::open(directory) {
        Ok((store, opened)) => {
            if let Some(aside) = opened.set_aside {
                let aside = aside.display();
                tracing::warn!(
                    "the state was damaged, and is kept as `{aside}`; what could be read of it is used"
                );
            }
            Ok(Some(Keeper::new(store)))
        }
        Err(error @ StateError::InUse(_)) => {
            Err(Failure::configuration(error.to_string(), error.hint()))
        }
        Err(error) => {
            tracing::warn!("{error}; nothing survives a restart; hint: {}", error.hint());
            Ok(None)
        }
    }
}

fn limits(setup: &Setup) -> Concurrency {
    let limits = setup.limits();
    Concurrency {
        runs: limits.runs,
        blocking: limits.blocking_runs,
        of_one_check: limits.runs_of_one_check,
    }
}

fn nothing_to_run() -> Failure {
    Failure::configuration(
        "nothing is configured, and no check of this binary runs without configuration",
        "`list` shows the checks, `config example NAME` prints a configuration for \
         `conf.d/NAME.d/conf.yaml`",
    )
}
