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

use crate::check::Registry;

use super::args::Agent;
use super::failure::Outcome;
use super::screen::Screen;

/// What the Agent's loader puts before the name of a check.
const PREFIX: &str = "libdatadog-agent-";

pub(super) fn agent(arguments: &Agent, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    match arguments {
        Agent::Install(arguments) => install::install(arguments, registry, screen),
        Agent::Doctor(arguments) => doctor::doctor(arguments, screen),
    }
}
