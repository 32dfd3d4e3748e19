//! `agent install`: lays the library down where the Agent's loader looks, one link a check, with the owner and mode that it demands.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use super::PREFIX;
use super::elf::Image;
use super::users::Users;
use crate::check::{Entry, Registry};
use crate::cli::args::Install;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::names;
use crate::cli::screen::Screen;
use crate::export::config_example;

/// What every version of the loader takes from the owner that it trusts.
const MODE: u32 = 0o500;

pub(super) fn install(
    arguments: &Install,
    registry: &Registry,
    screen: &mut Screen<'_>,
) -> Outcome {
    let entries = names::find_all(registry, &arguments.checks)?;
    let library = match &arguments.library {
        Some(library) => checked(library)?,
        None => beside_this_binary()?,
    };
    let place = Place { root: &arguments.to, users: Users::of_this_machine() };
    let mut written = place.library(&library, &entries)?;
    for entry in &entries {
        written.push(place.example(entry)?);
    }
    for path in &written {
        writeln!(screen.out(), "{}", path.display())?;
    }
    tell(&place, screen)?;
    Ok(Exit::DONE)
}

fn tell(place: &Place<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    if !place.gives_away()
        && place.users.agent.as_ref().is_some_and(|agent| agent.id != place.users.own)
    {
        screen.tell(
            "warning",
            "the files belong to you, and the Agent's loader trusts root and dd-agent only",
            "run it as root",
        )?;
    }
    screen.tell(
        "note",
        "the Agent loads libraries if `shared_library_check.enabled: true` stands in its datadog.yaml, and needs a restart to load a new one",
        "where it has a check of the same name itself, write `loader: sharedlibrary` under `init_config`",
    )
}

/// A library that exports what the loader looks for.
fn checked(library: &Path) -> Result<PathBuf, Failure> {
    let image = Image::read(library).map_err(|error| {
        let message = format!("`{}` is no library of checks: {error}", library.display());
        Failure::usage(message, REMEDY)
    })?;
    if image.exports("Run", "") {
        return Ok(library.to_owned());
    }
    let message = format!("`{}` does not export `Run`", library.display());
    Err(Failure::usage(message, REMEDY))
}

const REMEDY: &str = "build a crate of type `cdylib` that has `allwell::agent_library!();`, and name it with `--library`";

/// The one library beside this binary that exports `Run`; Cargo puts both in one directory.
fn beside_this_binary() -> Result<PathBuf, Failure> {
    let binary = std::env::current_exe().unwrap_or_default();
    let directory = binary.parent().unwrap_or(Path::new("."));
    let files = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_library = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "so");
    let mut found: Vec<_> = files.filter(is_library).filter(|path| checked(path).is_ok()).collect();
    found.sort();
    match &*found {
        [library] => Ok(library.clone()),
        [] => {
            let message = format!("there is no library of checks in `{}`", directory.display());
            Err(Failure::usage(message, REMEDY))
        }
        several => {
            let names: Vec<_> =
                several.iter().map(|path| format!("`{}`", path.display())).collect();
            let message = format!("it is not clear which library is meant: {}", names.join(", "));
            Err(Failure::usage(message, "name it with `--library`"))
        }
    }
}

/// The Agent's directory of configuration.
struct Place<'p> {
    root: &'p Path,
    users: Users,
}

impl Place<'_> {
    /// Only root may give files to others.
    const fn gives_away(&self) -> bool {
        self.users.own == 0
    }

    /// The library itself, and a link for each check.
    fn library(&self, library: &Path, entries: &[&Entry]) -> Result<Vec<PathBuf>, Failure> {
        let directory = self.directory("checks.d")?;
        let name = library.file_name().unwrap_or_default();
        let file = directory.join(name);
        replace(&file, |fresh| {
            fs::copy(library, fresh)?;
            self.give(fresh)?;
            fs::set_permissions(fresh, Permissions::from_mode(MODE))
        })
        .map_err(|error| unwritable(&file, &error))?;
        let mut written = vec![file];
        for entry in entries {
            let link = directory.join(format!("{PREFIX}{}.so", entry.name()));
            replace(&link, |fresh| symlink(name, fresh))
                .map_err(|error| unwritable(&link, &error))?;
            written.push(link);
        }
        Ok(written)
    }

    /// The example of a check's configuration.
    fn example(&self, entry: &'static Entry) -> Result<PathBuf, Failure> {
        let text = config_example(entry);
        let directory = self.directory(&format!("conf.d/{}.d", entry.name()))?;
        let file = directory.join("conf.yaml.example");
        replace(&file, |fresh| {
            fs::write(fresh, &text)?;
            self.give(fresh)
        })
        .map_err(|error| unwritable(&file, &error))?;
        Ok(file)
    }

    /// A directory of it, made and given away if it is not there.
    fn directory(&self, name: &str) -> Result<PathBuf, Failure> {
        let directory = self.root.join(name);
        if !directory.is_dir() {
            let made = fs::create_dir_all(&directory).and_then(|()| self.give(&directory));
            made.map_err(|error| unwritable(&directory, &error))?;
        }
        Ok(directory)
    }

    /// Gives a file to the Agent's user.
    fn give(&self, path: &Path) -> io::Result<()> {
        match &self.users.agent {
            Some(agent) if self.gives_away() => {
                chown(path, Some(agent.id), agent.groups.first().copied())
            }
            _ => Ok(()),
        }
    }
}

/// Replaces a file as a whole: an Agent that has loaded the old one keeps it, and finds it whole.
fn replace(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.new"));
    // One of an earlier attempt may be there.
    let _ = fs::remove_file(&fresh);
    let written = write(&fresh).and_then(|()| fs::rename(&fresh, path));
    if written.is_err() {
        // What is half written is of no use to anybody; if it cannot go away, that is no second error.
        let _ = fs::remove_file(&fresh);
    }
    written
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Failure::usage(
        message,
        "name the Agent's directory of configuration with `--to`, and run it as root",
    )
}
