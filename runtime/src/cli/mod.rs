//! The command line of a binary of checks. Its exit codes are those of [`Exit`].

#[cfg(unix)]
mod agent;
mod args;
mod check;
mod completions;
mod confd;
mod config;
mod describe;
mod diagnose;
mod exit;
mod export;
mod failure;
mod import;
mod list;
mod names;
mod new;
mod printable;
mod run;
mod runner_stats;
mod screen;
mod settings;
mod status;
mod table;

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory, FromArgMatches};

use crate::check::{Registry, panics};

use args::{Arguments, Verb};
use failure::{Failure, Outcome};

pub use exit::Exit;
pub use screen::Screen;

/// The `main` function of a binary of checks, which [`allwell::main!`](crate::main) writes.
pub fn main() -> ExitCode {
    panics::leave_to_reports();
    let run = || run(std::env::args_os(), &Registry::collect(), &mut Screen::standard());
    // The panic's message has been printed by then.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Exit::INTERNAL).into()
}

/// Does what the arguments say with the checks of a registry. The first argument is the name of the binary.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    registry: &Registry,
    screen: &mut Screen<'_>,
) -> Exit {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let outcome = dispatch(&arguments, registry, screen);
    let told = outcome.or_else(|failure| tell(failure, screen));
    match told.and_then(|exit| screen.out().flush().map(|()| exit)) {
        Ok(exit) => exit,
        // Whoever reads the output has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::DONE,
        Err(error) => {
            // If that cannot be said either, the exit code still tells.
            let _ = screen.tell("error", &format!("the output cannot be written: {error}"), "");
            Exit::INTERNAL
        }
    }
}

fn dispatch(arguments: &[OsString], registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let command = command(arguments.first());
    let matches = match command.clone().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return help_or_error(&error, screen),
    };
    let verb = match Arguments::from_arg_matches(&matches) {
        Ok(Arguments { verb }) => verb,
        Err(error) => return help_or_error(&error, screen),
    };
    if !registry.problems().is_empty() {
        return registry_problems(registry, screen);
    }
    match &verb {
        Verb::List(arguments) => list::list(arguments, registry, screen),
        Verb::Describe(arguments) => describe::describe(arguments, registry, screen),
        Verb::Check(arguments) => check::check(arguments, registry, screen),
        Verb::Status(arguments) => status::status(arguments, registry, screen),
        Verb::Diagnose(arguments) => diagnose::diagnose(arguments, registry, screen),
        Verb::Run(arguments) => run::run(arguments, registry, screen),
        Verb::Config(arguments) => config::config(arguments, registry, screen),
        Verb::Export(arguments) => export::export(arguments, registry, screen),
        #[cfg(unix)]
        Verb::Agent(arguments) => agent::agent(arguments, registry, screen),
        Verb::New(arguments) => new::new(arguments, screen),
        Verb::Import(arguments) => import::import(arguments, screen),
        Verb::Completions(arguments) => completions::completions(arguments, command, screen),
    }
}

/// The command under the name by which the binary was called.
fn command(called: Option<&OsString>) -> Command {
    let name =
        called.and_then(|path| Path::new(path).file_stem()).map(|name| name.to_string_lossy());
    match name {
        Some(name) if !name.is_empty() => Arguments::command().name(name.into_owned()),
        _ => Arguments::command(),
    }
}

fn help_or_error(error: &clap::Error, screen: &mut Screen<'_>) -> Outcome {
    let text = error.render();
    let (out_colour, err_colour) = screen.colours();
    let (colour, to) =
        if error.use_stderr() { (err_colour, screen.err()) } else { (out_colour, screen.out()) };
    if colour {
        write!(to, "{}", text.ansi())?;
    } else {
        write!(to, "{text}")?;
    }
    Ok(if error.use_stderr() { Exit::USAGE } else { Exit::DONE })
}

fn registry_problems(registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    for problem in registry.problems() {
        screen.tell("error", &problem.to_string(), "")?;
    }
    Ok(Exit::INTERNAL)
}

fn tell(failure: Failure, screen: &mut Screen<'_>) -> io::Result<Exit> {
    match failure {
        Failure::Output(error) => Err(error),
        Failure::Told { exit, message, hint } => {
            screen.out().flush()?;
            screen.tell("error", &message, &hint)?;
            Ok(exit)
        }
    }
}
