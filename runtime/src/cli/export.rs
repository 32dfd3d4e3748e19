//! `export`: what others want to know about a check, in their formats.

use std::fs;
use std::path::Path;

use crate::check::Registry;
use crate::export::{MetadataRow, metadata, metadata_csv, metadata_json};

use super::args::{Export, Format, Metadata};
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::lint;
use super::names;
use super::screen::Screen;

pub(super) fn export(arguments: &Export, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    match arguments {
        Export::Metadata(arguments) => export_metadata(arguments, registry, screen),
        Export::Lint(arguments) => lint::lint(arguments, registry, screen),
    }
}

fn export_metadata(arguments: &Metadata, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let mut checks = Vec::new();
    for entry in names::find_all(registry, &arguments.checks)? {
        let rows = metadata(entry).map_err(|error| Failure::internal(&error))?;
        checks.push((entry.meta.name, rows));
    }
    if let Some(directory) = &arguments.out {
        for (name, rows) in &checks {
            write_csv(&directory.join(name), rows)?;
        }
        return Ok(Exit::DONE);
    }
    let mut rows: Vec<_> = checks.into_iter().flat_map(|(_, rows)| rows).collect();
    rows.sort_by(|a, b| a.metric_name.cmp(&b.metric_name));
    match arguments.output.format {
        Format::Text => write!(screen.out(), "{}", metadata_csv(&rows))?,
        Format::Json => writeln!(screen.out(), "{:#}", metadata_json(&rows))?,
    }
    Ok(Exit::DONE)
}

fn write_csv(directory: &Path, rows: &[MetadataRow]) -> Result<(), Failure> {
    let file = directory.join("metadata.csv");
    fs::create_dir_all(directory).and_then(|()| fs::write(&file, metadata_csv(rows))).map_err(
        |error| {
            let message = format!("`{}` cannot be written: {error}", file.display());
            Failure::usage(message, "name another directory with `--out`")
        },
    )
}
