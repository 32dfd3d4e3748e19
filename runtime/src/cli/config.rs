//! `config`: example, schema and validation of configuration files.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::check::Registry;
use crate::config::confd::Found;
use crate::config::{Config as _, Spec, report};
use crate::export::{config_example, config_schema, options_example, options_schema};

use super::args::{Config, Example, Format, Schema, Validate};
use super::confd::{self, Configured, Read};
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::names;
use super::screen::Screen;
use super::settings::{self, Reading, Settings, Setup};
use super::table::Table;

/// The options of the settings.
const SETTINGS: &Spec = &Settings::SPEC;

pub(super) fn config(arguments: &Config, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    match arguments {
        Config::Example(Example { check, schema }) => {
            let example = match check {
                Some(check) => config_example(names::find(registry, check)?),
                None => options_example(SETTINGS),
            };
            if let Some(schema) = schema {
                writeln!(screen.out(), "# yaml-language-server: $schema={schema}")?;
            }
            write!(screen.out(), "{example}")?;
            Ok(Exit::DONE)
        }
        Config::Schema(Schema { check }) => {
            let schema = match check {
                Some(check) => config_schema(names::find(registry, check)?),
                None => options_schema("Settings of allwell", SETTINGS),
            };
            writeln!(screen.out(), "{schema:#}")?;
            Ok(Exit::DONE)
        }
        Config::Validate(arguments) => validate(arguments, registry, screen),
    }
}

/// Without paths, the settings are read, too, and what they say is the directory.
fn validate(arguments: &Validate, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let path = settings::path(&arguments.source);
    let mut reading = settings::read(path.as_deref(), &settings::of_process());
    let mut found = Found::default();
    for path in paths(arguments, reading.setup.as_ref())? {
        confd::add(&mut found, &path, registry);
    }
    let configured = Configured::read(found, registry, &mut reading.secrets);
    reading.secrets.tell_log(screen)?;
    match arguments.output.format {
        Format::Text => text(&reading, &configured, screen)?,
        Format::Json => writeln!(screen.out(), "{:#}", json(&reading, &configured))?,
    }
    let errors = reading.has_errors() || configured.has_errors();
    Ok(if errors { Exit::CONFIGURATION } else { Exit::DONE })
}

fn paths(arguments: &Validate, setup: Option<&Setup>) -> Result<Vec<PathBuf>, Failure> {
    if !arguments.paths.is_empty() {
        return Ok(arguments.paths.clone());
    }
    let named = arguments.source.confd.clone();
    let directory = named.or_else(|| setup.and_then(Setup::confd));
    if setup.is_none() || (directory.is_none() && arguments.source.config.is_some()) {
        return Ok(directory.into_iter().collect());
    }
    directory.map(|directory| vec![directory]).ok_or_else(|| {
        Failure::configuration(
            "there is no directory `conf.d` here",
            "name files or directories, or set `ALLWELL_CONFD`",
        )
    })
}

/// The report goes where errors go, the table of files is the data.
fn text(
    reading: &Reading,
    configured: &Configured,
    screen: &mut Screen<'_>,
) -> std::io::Result<()> {
    reading.tell(screen)?;
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
    for Read { file, problems, instances, .. } in files {
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

fn json(reading: &Reading, configured: &Configured) -> Value {
    let file = |Read { file, problems, instances, .. }: &Read| {
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
    let mut problems = report::json(&reading.problems());
    if let (Value::Array(all), Value::Array(more)) =
        (&mut problems, report::json(&configured.problems()))
    {
        all.extend(more);
    }
    json!({
        "files": configured.files.iter().map(file).collect::<Vec<_>>(),
        "problems": problems,
        "skipped": skipped.collect::<Vec<_>>(),
    })
}
