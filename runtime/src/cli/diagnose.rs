//! `diagnose`: tries out every output that is configured, and says what to do where one does not work.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::check::Registry;
use crate::output::{Complaint, Diagnosis, Output};

use super::args::{Diagnose, Format};
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::printable::printable;
use super::screen::{BAD, GOOD, HEADING, HINT, Screen};
use super::settings::{Setup, Use};

/// How long an output may take to be tried out.
const PATIENCE: Duration = Duration::from_secs(30);

/// An output, and what was seen of it.
struct Tried {
    name: String,
    seen: Vec<Diagnosis>,
}

pub(super) fn diagnose(
    arguments: &Diagnose,
    registry: &Registry,
    screen: &mut Screen<'_>,
) -> Outcome {
    let (setup, _) = Setup::of(&arguments.source, screen)?;
    let outputs = setup.outputs(registry, Use::Once)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Told {
        exit: Exit::INTERNAL,
        message: format!("no thread to try outputs on: {error}"),
        hint: String::new(),
    })?;
    let tried = runtime.block_on(try_all(outputs));
    runtime.shutdown_background();
    match arguments.output.format {
        Format::Json => writeln!(screen.out(), "{:#}", as_json(&tried))?,
        Format::Text => tried.iter().try_for_each(|one| print(one, screen))?,
    }
    let all_well = tried.iter().flat_map(|one| &one.seen).all(|seen| seen.outcome.is_ok());
    Ok(if all_well { Exit::DONE } else { Exit::OUTPUT })
}

/// Tries all of them at once.
async fn try_all(outputs: Vec<Arc<dyn Output>>) -> Vec<Tried> {
    let trials: Vec<_> = outputs
        .into_iter()
        .map(|output| {
            let name = output.name().to_owned();
            let trial =
                tokio::spawn(
                    async move { tokio::time::timeout(PATIENCE, output.diagnose()).await },
                );
            (name, trial)
        })
        .collect();
    let mut tried = Vec::with_capacity(trials.len());
    for (name, trial) in trials {
        let seen = match trial.await {
            Ok(Ok(seen)) => seen,
            Ok(Err(_)) => vec![wrong(format!("no end within {PATIENCE:?}"))],
            Err(error) => vec![wrong(format!("the trial itself failed: {error}"))],
        };
        tried.push(Tried { name, seen });
    }
    tried
}

fn wrong(message: String) -> Diagnosis {
    let complaint =
        Complaint { message, hint: String::from("ask whoever receives it what it sees") };
    Diagnosis { what: String::from("the output"), outcome: Err(complaint) }
}

fn print(tried: &Tried, screen: &mut Screen<'_>) -> io::Result<()> {
    let name = screen.paint(HEADING, &tried.name);
    writeln!(screen.out(), "{name}")?;
    if tried.seen.is_empty() {
        writeln!(screen.out(), "  nothing to try")?;
    }
    for Diagnosis { what, outcome } in &tried.seen {
        let (mark, text) = match outcome {
            Ok(seen) => (screen.paint(GOOD, "[OK]"), seen),
            Err(complaint) => (screen.paint(BAD, "[FAIL]"), &complaint.message),
        };
        writeln!(screen.out(), "  {mark} {}: {}", printable(what), printable(text))?;
        if let Err(complaint) = outcome
            && !complaint.hint.is_empty()
        {
            let hint = screen.paint(HINT, "hint:");
            writeln!(screen.out(), "         {hint} {}", printable(&complaint.hint))?;
        }
    }
    Ok(())
}

fn as_json(tried: &[Tried]) -> Value {
    let of = |Diagnosis { what, outcome }: &Diagnosis| match outcome {
        Ok(seen) => json!({ "what": what, "ok": true, "seen": seen }),
        Err(Complaint { message, hint }) => {
            json!({ "what": what, "ok": false, "error": message, "hint": hint })
        }
    };
    let of = |Tried { name, seen }: &Tried| json!({ "output": name, "trials": seen.iter().map(of).collect::<Value>() });
    tried.iter().map(of).collect()
}
