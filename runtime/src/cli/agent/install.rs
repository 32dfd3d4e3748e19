//! `agent install`: lays the library down where the Agent's loader looks, one link a check, with the owner and mode that it demands.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;

use super::PREFIX;
use super::folder::Folder;
use super::source::Source;
use super::users::{User, Users};
use crate::check::{Entry, Registry};
use crate::cli::args::Install;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::names;
use crate::cli::screen::Screen;
use crate::export::config_example;

/// What every version of the loader takes of a library from the owner that it trusts.
const OF_LIBRARIES: u32 = 0o500;

/// The examples are there to be read.
const OF_EXAMPLES: u32 = 0o644;

pub(super) fn install(
    arguments: &Install,
    registry: &Registry,
    screen: &mut Screen<'_>,
) -> Outcome {
    let entries = names::find_all(registry, &arguments.checks)?;
    let library = match &arguments.library {
        Some(library) => Source::read(library)?,
        None => Source::beside_this_binary()?,
    };
    library.has_all(&entries)?;
    let place = Place { root: Folder::named(&arguments.to)?, users: Users::of_this_machine() };
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

fn tell(place: &Place, screen: &mut Screen<'_>) -> io::Result<()> {
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

/// The Agent's directory of configuration.
struct Place {
    root: Folder,
    users: Users,
}

impl Place {
    /// Only root may give files to others.
    const fn gives_away(&self) -> bool {
        self.users.own == 0
    }

    /// Whom files are given to.
    fn owner(&self) -> Option<&User> {
        self.users.agent.as_ref().filter(|_| self.gives_away())
    }

    /// The library itself, and a link for each check.
    fn library(&self, library: &Source, entries: &[&Entry]) -> Result<Vec<PathBuf>, Failure> {
        let folder = self.root.below("checks.d", self.owner())?;
        self.trust(&folder)?;
        let mut written =
            vec![folder.put(&library.name, &library.data, OF_LIBRARIES, self.owner())?];
        for entry in entries {
            let link = format!("{PREFIX}{}.so", entry.name());
            written.push(folder.link(OsStr::new(&link), &library.name)?);
        }
        Ok(written)
    }

    /// The loader takes nothing of a directory that others own.
    fn trust(&self, folder: &Folder) -> Result<(), Failure> {
        let owner = folder.owner()?;
        if self.users.trusts(owner) || owner == self.users.own {
            return Ok(());
        }
        let (path, trusted) = (folder.path().display(), self.users.trusted());
        let message = format!("`{path}` belongs to user {owner}, and must belong to {trusted}");
        Err(Failure::usage(message, "give it to the right one with `chown`"))
    }

    /// The example of a check's configuration.
    fn example(&self, entry: &'static Entry) -> Result<PathBuf, Failure> {
        let folder = self.root.below("conf.d", self.owner())?;
        let folder = folder.below(&format!("{}.d", entry.name()), self.owner())?;
        let (name, text) = (OsStr::new("conf.yaml.example"), config_example(entry));
        folder.put(name, text.as_bytes(), OF_EXAMPLES, self.owner())
    }
}
