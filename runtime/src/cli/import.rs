//! `import`: an existing `metadata.csv` as records, to begin the port of a check with.

use std::fs;
use std::path::PathBuf;

use crate::config::{confd::File, report};
use crate::export::import_metadata;

use super::args::Import;
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::screen::Screen;

/// What there is to import is on stdout even if some of it was left out.
pub(super) fn import(arguments: &Import, screen: &mut Screen<'_>) -> Outcome {
    let path = file(arguments);
    let text = fs::read(&path).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", path.display());
        Failure::configuration(message, "name a `metadata.csv`, or the directory that holds it")
    })?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let imported = import_metadata(&text);
    write!(screen.out(), "{}", imported.rust)?;
    if imported.problems.is_empty() {
        return Ok(Exit::DONE);
    }
    screen.out().flush()?;
    let mut file = File::parse("", &path, "".into());
    file.text = text.into();
    let (_, coloured) = screen.colours();
    let shown = report::text(&[(&file, &imported.problems)], coloured);
    screen.err().write_all(shown.as_bytes())?;
    Ok(Exit::CONFIGURATION)
}

fn file(arguments: &Import) -> PathBuf {
    let path = &arguments.path;
    if path.is_dir() { path.join("metadata.csv") } else { path.clone() }
}
