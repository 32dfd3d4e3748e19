//! `check`: runs checks now and shows what they find.

mod filter;
mod gather;
mod json;
mod progress;
mod select;
mod send;
mod text;
mod value;

use serde_json::Value;

use crate::check::Registry;

use super::args::{Check, Format};
use super::exit::Exit;
use super::failure::Outcome;
use super::screen::Screen;
use super::settings::Setup;

use filter::Filter;
use gather::{Gathered, Plan};

pub(super) fn check(arguments: &Check, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let filters = arguments.instance_filter.iter().map(|text| Filter::parse(text));
    let filters = filters.collect::<Result<Vec<_>, _>>()?;
    let (setup, mut secrets) = Setup::of(&arguments.source, screen)?;
    let selection = select::select(arguments, registry, &setup, &mut secrets, &filters, screen)?;
    let outputs = send::outputs(&arguments.send_to, &setup, registry)?;
    let (times, pause) = arguments.repetition();
    let plan = Plan { times, pause, host: setup.host() };
    let gathered = gather::gather(selection.instances, &plan, screen)?;
    if arguments.json || arguments.output.format == Format::Json {
        let instances: Value = gathered.iter().map(json::instance).collect();
        writeln!(screen.out(), "{instances:#}")?;
    } else {
        for instance in &gathered {
            text::instance(instance, screen)?;
        }
        tell_what_is_missing(&gathered, times, screen)?;
    }
    screen.out().flush()?;
    tell_failures(&gathered, screen)?;
    let failed = gathered.iter().any(Gathered::has_failed);
    let exit = if failed { Exit::CHECK_FAILED } else { Exit::DONE };
    let sent = send::send(gathered, outputs, screen)?;
    Ok(exit.max(selection.exit).max(sent))
}

/// Rates and counts of totals have no value after one run.
fn tell_what_is_missing(
    gathered: &[Gathered],
    times: u32,
    screen: &mut Screen<'_>,
) -> std::io::Result<()> {
    let mut waiting: Vec<_> = gathered.iter().filter(|one| one.needs_another_run).collect();
    waiting.dedup_by_key(|one| one.entry.meta.name);
    if times > 1 || waiting.is_empty() {
        return Ok(());
    }
    screen.out().flush()?;
    let names: Vec<_> = waiting.iter().map(|one| format!("`{}`", one.entry.meta.name)).collect();
    let message = format!(
        "rates and monotonic counts of {} have a value from the second run on",
        names.join(", ")
    );
    screen.tell("note", &message, "`--rate` runs twice, a second apart")
}

fn tell_failures(gathered: &[Gathered], screen: &mut Screen<'_>) -> std::io::Result<()> {
    let failed: Vec<_> = gathered.iter().filter(|one| one.has_failed()).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = failed.iter().map(|one| format!("`{}`", one.id)).collect();
    let message =
        format!("{} of {} instances failed: {}", failed.len(), gathered.len(), ids.join(", "));
    screen.tell("error", &message, "")
}
