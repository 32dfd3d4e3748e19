//! `new`: the crate that an author begins with, one real check in it.

mod dependency;
mod exposition;
mod names;
mod template;

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::args::New;
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::screen::Screen;

use names::Names;

/// The directory of the crate is on stdout, what to do next on stderr.
pub(super) fn new(arguments: &New, screen: &mut Screen<'_>) -> Outcome {
    let names = Names::of(&arguments.name)?;
    let dependency = dependency::of(arguments.allwell.as_deref())?;
    let directory = arguments.path.clone().unwrap_or_else(|| PathBuf::from(&arguments.name));
    must_be_empty(&directory)?;
    let source = arguments.openmetrics.as_deref();
    let exposition = source.map(|source| exposition::read(source, &names)).transpose()?;
    let files =
        template::files(&names, &dependency, within_workspace(&directory), exposition.as_ref());
    for (path, text) in &files {
        write(&directory.join(path), text)?;
    }
    writeln!(screen.out(), "{}", directory.display())?;
    screen.out().flush()?;
    for warning in exposition.iter().flat_map(|exposition| &exposition.warnings) {
        writeln!(screen.err(), "warning: {warning}")?;
    }
    tell(&names, &directory, screen)
}

fn tell(names: &Names, directory: &Path, screen: &mut Screen<'_>) -> Outcome {
    let Names { krate, check } = names;
    let directory = directory.display();
    let err = screen.err();
    writeln!(err, "made the crate `{krate}` with the check `{check}`; next:\n")?;
    writeln!(err, "  cd {directory}")?;
    writeln!(err, "  cargo test")?;
    writeln!(err, "  cargo run -- check")?;
    writeln!(err, "\nthe check is in src/{check}.rs, and README.md says what else there is")?;
    Ok(Exit::DONE)
}

/// A directory with nothing in it but a repository, or none at all.
fn must_be_empty(directory: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(directory, &error)),
    };
    for entry in entries {
        let name = entry.map_err(|error| unusable(directory, &error))?.file_name();
        if name != ".git" {
            return Err(Failure::usage(
                format!("`{}` is not empty: it holds `{}`", directory.display(), name.display()),
                "name another directory with `--path`",
            ));
        }
    }
    Ok(())
}

/// Whether cargo would take the crate for a member of the workspace around it.
fn within_workspace(directory: &Path) -> bool {
    let Ok(whole) = std::path::absolute(directory) else { return false };
    let manifests = whole.ancestors().skip(1).map(|around| around.join("Cargo.toml"));
    let mut texts = manifests.filter_map(|manifest| fs::read_to_string(manifest).ok());
    texts.any(|text| text.lines().any(|line| line.trim_start().starts_with("[workspace")))
}

/// Writes a file that is not there yet.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent)
        .and_then(|()| File::create_new(path))
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Failure::usage(message, "name another directory with `--path`")
}
