//! `describe`: all about a check.

use crate::check::Registry;
use crate::export::{describe_json, describe_text};

use super::args::{Describe, Format};
use super::exit::Exit;
use super::failure::Outcome;
use super::names;
use super::screen::Screen;

pub(super) fn describe(
    arguments: &Describe,
    registry: &Registry,
    screen: &mut Screen<'_>,
) -> Outcome {
    let entry = names::find(registry, &arguments.check)?;
    match arguments.output.format {
        Format::Text => write!(screen.out(), "{}", describe_text(entry))?,
        Format::Json => writeln!(screen.out(), "{:#}", describe_json(entry))?,
    }
    Ok(Exit::DONE)
}
