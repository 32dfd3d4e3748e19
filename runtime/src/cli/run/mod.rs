//! `run`: runs the configured checks until it is told to end.

mod board;
mod configured;
mod daemon;
mod event;
mod socket;
mod systemd;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::check::Registry;
use crate::output::{Console, Output, Style};
use crate::run::{Concurrency, Keeper};
use crate::state::{StateError, Store};

use super::args::Run;
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::screen::Screen;
use super::settings::{ConsoleFormat, Setup};

use configured::{Configuration, Now};
use daemon::Daemon;

/// How many threads may be busy with runs that were given up, beside those of runs that go on.
const STUCK_THREADS: usize = 512;

/// How long all that goes on may take to end.
const DRAIN: Duration = Duration::from_secs(5);

pub(super) fn run(arguments: &Run, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let (setup, secrets) = Setup::of(&arguments.source, screen)?;
    let mut configuration = Configuration::new(setup.confd(), secrets);
    let now = configuration.read(registry);
    tell(&now, screen)?;
    if now.instances.is_empty() && configuration.directory().is_none() {
        return Err(nothing_to_run());
    }
    let keeper = keeper(&setup.run_path().join("state"), screen)?;
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
    let daemon = Daemon { setup, configuration, registry, keeper, limits };
    let ended = runtime.block_on(daemon.run(now, screen));
    // A blocking check that hangs is not waited for.
    runtime.shutdown_background();
    ended
}

/// Tells what is wrong with the configuration, in the words of `config validate`.
fn tell(now: &Now, screen: &mut Screen<'_>) -> std::io::Result<()> {
    let (_, styled) = screen.colours();
    write!(screen.err(), "{}{}", now.log, now.report(styled))?;
    for file in &now.kept {
        let message = format!("`{}` goes on as it was before", file.display());
        screen.tell("note", &message, "")?;
    }
    Ok(())
}

/// The store of what survives a restart. Without one the checks run all the same.
fn keeper(directory: &Path, screen: &mut Screen<'_>) -> Result<Option<Arc<Keeper>>, Failure> {
    match Store::open(directory) {
        Ok((store, opened)) => {
            if let Some(aside) = opened.set_aside {
                let message =
                    format!("the state was damaged, and is kept as `{}`", aside.display());
                screen.tell("warning", &message, "what could be read of it is used")?;
            }
            Ok(Some(Keeper::new(store)))
        }
        Err(error @ StateError::InUse(_)) => {
            Err(Failure::configuration(error.to_string(), error.hint()))
        }
        Err(error) => {
            let message = format!("{error}; nothing survives a restart");
            screen.tell("warning", &message, error.hint())?;
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

fn outputs(setup: &Setup) -> Vec<Arc<dyn Output>> {
    let formats = setup.settings.outputs.iter().filter_map(|output| output.console.as_ref());
    let mut formats: Vec<_> = formats.map(|console| console.format).collect();
    if formats.is_empty() {
        formats.push(ConsoleFormat::Text);
    }
    let console = |format| -> Arc<dyn Output> {
        Arc::new(Console::standard(match format {
            ConsoleFormat::Text => Style::Text,
            ConsoleFormat::Json => Style::Json,
        }))
    };
    formats.into_iter().map(console).collect()
}

fn nothing_to_run() -> Failure {
    Failure::configuration(
        "nothing is configured, and no check of this binary runs without configuration",
        "`list` shows the checks, `config example NAME` prints a configuration for \
         `conf.d/NAME.d/conf.yaml`",
    )
}
