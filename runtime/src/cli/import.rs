//! `import`: an existing `metadata.csv` as records, to begin the port of a check with.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::report::{self, Source};
use crate::export::import_metadata;

use super::args::Import;
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::screen::Screen;

/// What could be imported is on stdout, even if something was left out.
pub(super) fn import(arguments: &Import, screen: &mut Screen<'_>) -> Outcome {
    let file = File::read(&arguments.path)?;
    let imported = import_metadata(&file.text);
    write!(screen.out(), "{}", imported.rust)?;
    if imported.problems.is_empty() {
        return Ok(Exit::DONE);
    }
    screen.out().flush()?;
    let (_, styled) = screen.colours();
    write!(screen.err(), "{}", report::text(&[(&file, &imported.problems)], styled))?;
    Ok(Exit::ASSET)
}

/// The file that is imported.
struct File {
    path: PathBuf,
    text: String,
}

impl File {
    fn read(path: &Path) -> Result<Self, Failure> {
        let path = if path.is_dir() { path.join("metadata.csv") } else { path.to_owned() };
        let unreadable = |reason: &dyn std::fmt::Display| {
            let message = format!("`{}` cannot be read: {reason}", path.display());
            Failure::configuration(message, "name a `metadata.csv`, or the directory that holds it")
        };
        let bytes = fs::read(&path).map_err(|error| unreadable(&error))?;
        let text = String::from_utf8(bytes).map_err(|error| unreadable(&error.utf8_error()))?;
        Ok(Self { path, text })
    }
}

impl Source for File {
    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn holds_secrets(&self) -> bool {
        false
    }
}
