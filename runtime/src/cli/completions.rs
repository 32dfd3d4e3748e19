//! `completions`: a script that teaches a shell the command line.

use clap::Command;

use super::args::Completions;
use super::exit::Exit;
use super::failure::Outcome;
use super::screen::Screen;

pub(super) fn completions(
    arguments: &Completions,
    mut command: Command,
    screen: &mut Screen<'_>,
) -> Outcome {
    let name = command.get_name().to_owned();
    // The generator panics where it cannot write, so it writes to memory, which it always can.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    screen.out().write_all(&script)?;
    Ok(Exit::DONE)
}
