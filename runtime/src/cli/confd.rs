//! Configuration files, as the verbs that need them find and read them.

use std::path::{Path, PathBuf};

use crate::check::{InstanceSpec, Registry, load};
use crate::config::confd::{self, File, Found, Note};
use crate::config::{Problem, Problems, report};

use super::args::Source;
use super::names;
use super::screen::Screen;

/// The directory that is used if none is named and it exists.
const DEFAULT_DIRECTORY: &str = "conf.d";

/// The directory of configuration files: the one that was named, or `conf.d` if there is one.
pub(super) fn directory(source: &Source) -> Option<PathBuf> {
    let default = || Some(PathBuf::from(DEFAULT_DIRECTORY)).filter(|path| path.is_dir());
    source.confd.clone().or_else(default)
}

/// A file, what is wrong with it, and the instances that are not.
pub(super) struct Read {
    pub(super) file: File,
    pub(super) problems: Problems,
    pub(super) instances: Vec<InstanceSpec>,
}

/// What was found at some paths.
#[derive(Default)]
pub(super) struct Configured {
    pub(super) files: Vec<Read>,
    pub(super) notes: Vec<Note>,
}

impl Configured {
    /// Adds a file, all files of a directory, or those of one check's folder in it.
    pub(super) fn add(&mut self, path: &Path, registry: &Registry) {
        if path.is_file() {
            return self.files.push(read(File::read(&check_of(path), path), registry));
        }
        let found = match folder_of_check(path, registry) {
            Some(folder) => found_in(&folder),
            None => confd::find(path),
        };
        self.notes.extend(found.notes);
        self.files.extend(found.files.into_iter().map(|file| read(file, registry)));
    }

    pub(super) fn has_errors(&self) -> bool {
        self.files.iter().any(|read| read.problems.has_errors())
    }

    /// Tells all problems.
    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> std::io::Result<()> {
        let (_, styled) = screen.colours();
        write!(screen.err(), "{}", report::text(&self.problems(), styled))
    }

    pub(super) fn problems(&self) -> Vec<(&File, &Problems)> {
        self.files.iter().map(|read| (&read.file, &read.problems)).collect()
    }
}

/// The path of a folder `<check>.d` as it stands in its parent, if it is one of a check of this binary.
fn folder_of_check(path: &Path, registry: &Registry) -> Option<PathBuf> {
    // `.` and `..` tell no name.
    let path = path.file_name().map_or_else(|| path.canonicalize().ok(), |_| Some(path.into()))?;
    let name = path.file_name()?.to_string_lossy();
    registry.get(name.strip_suffix(".d")?).filter(|_| path.is_dir())?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    Some(parent.unwrap_or(Path::new(".")).join(path.file_name()?))
}

/// What a folder of one check holds, by the rules of the directory that it stands in.
fn found_in(folder: &Path) -> Found {
    let mut found = folder.parent().map(confd::find).unwrap_or_default();
    found.files.retain(|file| file.path.starts_with(folder));
    found.notes.retain(|note| note.path.starts_with(folder));
    found
}

/// The check that a file is for: `<check>.yaml`, or any file in `<check>.d`.
fn check_of(path: &Path) -> String {
    let parent = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy());
    let folder = parent.as_deref().and_then(|name| name.strip_suffix(".d"));
    let stem = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    // A file in `conf.d` itself is named for its check.
    folder.filter(|folder| *folder != "conf").unwrap_or(stem).to_owned()
}

fn read(file: File, registry: &Registry) -> Read {
    if let Some(entry) = registry.get(&file.check) {
        let loaded = load(entry, &file);
        return Read { file, problems: loaded.problems, instances: loaded.instances };
    }
    let mut problems = file.problems.clone();
    if !file.check.is_empty() {
        problems.push(unknown_check(&file.check, registry));
    }
    Read { file, problems, instances: Vec::new() }
}

fn unknown_check(check: &str, registry: &Registry) -> Problem {
    let mut problem = Problem::file(format!("this binary has no check `{check}`"));
    problem.severity = crate::config::Severity::Warning;
    match names::nearest(check, registry.entries().iter().map(|entry| entry.meta.name)) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint("the file is left to whoever has that check"),
    }
}
