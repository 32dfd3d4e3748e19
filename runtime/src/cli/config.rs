//! `config`: example, schema and validation of configuration files.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::check::Registry;
use crate::config::report;
use crate::export::{config_example, config_schema};

use super::args::{Config, Example, Format, Validate};
use super::confd::{self, Configured, Read};
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::names;
use super::screen::Screen;
use super::table::Table;

pub(super) fn config(arguments: &Config, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    match arguments {
        Config::Example(Example { check, schema }) => {
            let entry = names::find(registry, check)?;
            if let Some(schema) = schema {
                writeln!(screen.out(), "# yaml-language-server: $schema={schema}")?;
            }
            write!(screen.out(), "{}", config_example(entry))?;
            Ok(Exit::DONE)
        }
        Config::Schema(one) => {
            let entry = names::find(registry, &one.check)?;
            writeln!(screen.out(), "{:#}", config_schema(entry))?;
            Ok(Exit::DONE)
        }
        Config::Validate(arguments) => validate(arguments, registry, screen),
    }
}

fn validate(arguments: &Validate, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let mut configured = Configured::default();
    for path in paths(arguments)? {
        configured.add(&path, registry);
    }
    match arguments.output.format {
        Format::Text => text(&configured, screen)?,
        Format::Json => writeln!(screen.out(), "{:#}", json(&configured))?,
    }
    Ok(if configured.has_errors() { Exit::CONFIGURATION } else { Exit::DONE })
}

fn paths(arguments: &Validate) -> Result<Vec<PathBuf>, Failure> {
    if !arguments.paths.is_empty() {
        return Ok(arguments.paths.clone());
    }
    let directory = confd::directory(&arguments.source);
    directory.map(|directory| vec![directory]).ok_or_else(|| {
        Failure::configuration(
            "there is no directory `conf.d` here",
            "name files or directories, or set `ALLWELL_CONFD`",
        )
    })
}

/// The report goes where errors go, the table of files is the data.
fn text(configured: &Configured, screen: &mut Screen<'_>) -> std::io::Result<()> {
    configured.tell(screen)?;
    for note in &configured.notes {
        screen.tell(
            "note",
            &format!("`{}` is skipped: {}", note.path.display(), note.message),
            "",
        )?;
    }
    let mut table = Table::new(["CHECK", "INSTANCES", "ERRORS", "WARNINGS", "FILE"]);
    for column in 1..4 {
        table = table.right(column);
    }
    let files = configured.files.iter().filter(|read| !read.file.check.is_empty());
    for Read { file, problems, instances } in files {
        let counts = problems.counts();
        table.row([
            file.check.clone(),
            format!("{} of {}", instances.len(), file.instances.len()),
            counts.errors.to_string(),
            counts.warnings.to_string(),
            file.path.display().to_string(),
        ]);
    }
    table.print(screen)
}

fn json(configured: &Configured) -> Value {
    let file = |Read { file, problems, instances }: &Read| {
        let counts = problems.counts();
        json!({
            "file": file.path.to_string_lossy(),
            "check": file.check,
            "instances": file.instances.len(),
            "valid_instances": instances.len(),
            "errors": counts.errors,
            "warnings": counts.warnings,
        })
    };
    let skipped = configured
        .notes
        .iter()
        .map(|note| json!({ "file": note.path.to_string_lossy(), "reason": note.message }));
    json!({
        "files": configured.files.iter().map(file).collect::<Vec<_>>(),
        "problems": report::json(&configured.problems()),
        "skipped": skipped.collect::<Vec<_>>(),
    })
}
