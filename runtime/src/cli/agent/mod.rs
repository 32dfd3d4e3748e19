//! `agent`: the library of checks within the Datadog Agent: laid down where its loader looks, and looked at as its loader does.

mod doctor;
pub(super) mod elf;
mod finding;
mod folder;
mod install;
mod linking;
mod permission;
mod source;
mod users;

use std::path::Path;

use crate::check::{Entry, Registry};

use super::args::Agent;
use super::failure::{Failure, Outcome};
use super::screen::Screen;

use elf::Image;

/// What the Agent's loader puts before the name of a check.
const PREFIX: &str = "libdatadog-agent-";

/// What a library of this crate has beside what the loader looks for: it keeps itself in memory.
const OWN: &str = "allwell_library";

/// That all these checks are in a library. This binary has them, which says nothing of the library.
///
/// # Errors
/// Some are not.
pub(super) fn has_all<'e>(
    library: &Path,
    image: &Image,
    checks: impl Iterator<Item = &'e Entry>,
) -> Result<(), Failure> {
    let lacking: Vec<_> = checks
        .map(Entry::name)
        .filter(|name| !image.checks.contains(*name))
        .map(|name| format!("`{name}`"))
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let message = format!(
        "`{}` does not have the check {}: it has {}",
        library.display(),
        lacking.join(", "),
        named(image),
    );
    Err(Failure::usage(
        message,
        "name the check's crate in `allwell::link!` of the library's crate, or other checks here",
    ))
}

/// The checks of a library, in words.
fn named(image: &Image) -> String {
    if image.checks.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = image.checks.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

pub(super) fn agent(arguments: &Agent, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    match arguments {
        Agent::Install(arguments) => install::install(arguments, registry, screen),
        Agent::Doctor(arguments) => doctor::doctor(arguments, screen),
    }
}
