//! Sends what was found through the outputs that the settings name, as `run` would.

use std::sync::Arc;
use std::time::Duration;

use crate::check::Registry;
use crate::output::{Amount, Hub, HubOptions, Output, OutputStatistics};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::screen::Screen;
use super::super::settings::{Setup, Use};
use super::gather::Gathered;

/// How long the outputs may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The outputs of these names.
///
/// # Errors
/// An output cannot be made, or none has one of the names.
pub(super) fn outputs(
    names: &[String],
    setup: &Setup,
    registry: &Registry,
) -> Result<Vec<Arc<dyn Output>>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut outputs = setup.outputs(registry, Use::Once)?;
    let known: Vec<_> = outputs.iter().map(|output| output.name().to_owned()).collect();
    if let Some(unknown) = names.iter().find(|name| *name != "all" && !known.contains(name)) {
        return Err(Failure::usage(
            format!("no output `{unknown}` is configured"),
            format!("the settings have {}; `all` is all of them", listed(&known)),
        ));
    }
    outputs.retain(|output| names.iter().any(|name| name == "all" || name == output.name()));
    Ok(outputs)
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Sends all that was found, and tells what became of it.
pub(super) fn send(
    gathered: Vec<Gathered>,
    outputs: Vec<Arc<dyn Output>>,
    screen: &mut Screen<'_>,
) -> Result<Exit, Failure> {
    if outputs.is_empty() {
        return Ok(Exit::DONE);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Told {
        exit: Exit::INTERNAL,
        message: format!("no thread to send on: {error}"),
        hint: String::new(),
    })?;
    let statistics = runtime.block_on(async {
        let hub = Hub::new(outputs, HubOptions::default());
        for delivery in gathered.into_iter().flat_map(|one| one.deliveries) {
            hub.push(delivery);
        }
        hub.close(PATIENCE).await;
        hub.statistics()
    });
    runtime.shutdown_background();
    let told = statistics.iter().map(|output| tell(output, screen));
    Ok(told.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(Exit::DONE))
}

fn tell(output: &OutputStatistics, screen: &mut Screen<'_>) -> std::io::Result<Exit> {
    let OutputStatistics { name, delivered, queued, dropped, refused, .. } = output;
    let not = [(queued, "not delivered"), (dropped, "dropped"), (refused, "refused")];
    let not = not.into_iter().filter(|(amount, _)| amount.total() > 0);
    let not: Vec<_> = not.map(|(amount, what)| format!("{} {what}", things(*amount))).collect();
    let sent = things(*delivered);
    if not.is_empty() {
        screen.tell("note", &format!("`{name}` took {sent}"), "")?;
        return Ok(Exit::DONE);
    }
    let why = output.last_error.as_ref().map_or("", |(_, message)| message);
    let message = format!("`{name}` took {sent}; {}: {why}", not.join(", "));
    screen.tell("error", &message, "`diagnose` tries the outputs out")?;
    Ok(Exit::OUTPUT)
}

fn things(amount: Amount) -> String {
    let Amount { series, sketches, service_checks, events, logs } = amount;
    let all = [
        (series, "points"),
        (sketches, "sketches"),
        (service_checks, "service checks"),
        (events, "events"),
        (logs, "log lines"),
    ];
    let some = all.into_iter().filter(|(count, _)| *count > 0);
    let some: Vec<_> = some.map(|(count, what)| format!("{count} {what}")).collect();
    if some.is_empty() { String::from("nothing") } else { some.join(", ") }
}
