//! `export lint`: what is wrong with the assets of integrations.

use std::io;

use serde_json::{Value, json};

use crate::check::Registry;
use crate::cli::args::{Format, Lint};
use crate::cli::exit::Exit;
use crate::cli::failure::Outcome;
use crate::cli::screen::Screen;
use crate::cli::table::Table;
use crate::config::report;
use crate::export::lint::{self as assets, FileKind, Given, Linted, LintedFile};

pub(super) fn lint(arguments: &Lint, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let given =
        Given { prefix: arguments.prefix.clone(), integration: arguments.integration.clone() };
    let linted = assets::lint(&arguments.paths, &given, registry);
    match arguments.output.format {
        Format::Text => text(&linted, screen)?,
        Format::Json => writeln!(screen.out(), "{:#}", json(&linted))?,
    }
    let (errors, warnings) = linted.counts();
    let fails = errors > 0 || (arguments.strict && warnings > 0);
    Ok(if fails { Exit::ASSET } else { Exit::DONE })
}

/// The report goes where errors go, the table of files is the data.
fn text(linted: &Linted, screen: &mut Screen<'_>) -> io::Result<()> {
    let (_, styled) = screen.colours();
    write!(screen.err(), "{}", report::text(&linted.problems(), styled))?;
    for note in &linted.notes {
        screen.tell("note", &format!("`{}`: {}", note.path.display(), note.message), "")?;
    }
    let mut table = Table::new(["ENTRIES", "ERRORS", "WARNINGS", "FILE"]);
    for column in 0..3 {
        table = table.right(column);
    }
    for asset in linted.files.iter().filter(|asset| asset.kind != FileKind::Nothing) {
        let counts = asset.problems.counts();
        table.row([
            asset.entries.to_string(),
            counts.errors.to_string(),
            counts.warnings.to_string(),
            asset.path.display().to_string(),
        ]);
    }
    table.print(screen)
}

fn json(linted: &Linted) -> Value {
    let file = |asset: &LintedFile| {
        let counts = asset.problems.counts();
        json!({
            "file": asset.path.to_string_lossy(),
            "kind": asset.kind.name(),
            "entries": asset.entries,
            "errors": counts.errors,
            "warnings": counts.warnings,
        })
    };
    let notes = linted
        .notes
        .iter()
        .map(|note| json!({ "file": note.path.to_string_lossy(), "note": note.message }));
    json!({
        "files": linted.files.iter().map(file).collect::<Vec<_>>(),
        "findings": report::json(&linted.problems()),
        "notes": notes.collect::<Vec<_>>(),
    })
}
