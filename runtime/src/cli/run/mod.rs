//! `run`: runs the configured checks until it is told to end.

mod board;
mod configured;
mod daemon;
mod event;
mod log;
mod outlook;
mod reader;
mod socket;
mod systemd;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

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

/// How many threads may be busy with runs that were given up, beside those of runs that go on.
const STUCK_THREADS: usize = 512;

/// How long all that goes on may take to end.
const DRAIN: Duration = Duration::from_secs(5);

pub(super) fn run(arguments: &Run, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let (setup, secrets) = Setup::of(&arguments.source, screen)?;
    let settings = &setup.settings;
    log::begin(settings.log_level, settings.log_format, screen.colours().1);
    let mut configuration = Configuration::new(setup.confd(), secrets);
    let now = configuration.read(registry);
    tell(&now, settings.log_format, screen)?;
    if now.instances.is_empty() && configuration.directory().is_none() {
        return Err(nothing_to_run());
    }
    let outputs = setup.outputs(registry, Use::Daemon)?;
    let keeper = keeper(&setup.run_path().join("state"))?;
    let limits = limits(&setup);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(limits.blocking + STUCK_THREADS)
        .build()
        .map_err(|error| Failure::Told {
            exit: Exit::INTERNAL,
            message: format!("no threads to run checks on: {error}"),
            hint: String::new(),
        })?;
    let daemon = Daemon {
        setup,
        registry: registry.clone(),
        keeper,
        limits,
        waits_for_secrets: false,
        tries_again: false,
    };
    let ended = runtime.block_on(daemon.run(configuration, now, outputs, screen));
    // A blocking check that hangs is not waited for.
    runtime.shutdown_background();
    ended
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
