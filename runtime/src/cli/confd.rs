//! Configuration files, as the verbs that need them find and read them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::{InstanceSpec, Loaded, Registry, load_with};
use crate::config::confd::{self, File, Found, Note};
use crate::config::resolve::{Values, handles};
use crate::config::{Problem, Problems, report};

use super::names;
use super::screen::Screen;
use super::settings::Secrets;

/// A file, what is wrong with it, and the instances that are not.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) file: File,
    pub(super) problems: Problems,
    pub(super) instances: Vec<InstanceSpec>,
    /// The instances are those of the file's last good version.
    pub(super) kept: bool,
}

/// What was found at some paths.
#[derive(Debug, Default)]
pub(super) struct Configured {
    pub(super) files: Vec<Read>,
    pub(super) notes: Vec<Note>,
}

impl Configured {
    /// Reads what was found, asking for the secrets of all files at once.
    pub(super) fn read(found: Found, registry: &Registry, secrets: &mut Secrets) -> Self {
        let values = values_of(found.files.iter(), secrets);
        let files = found.files.into_iter().map(|file| read(file, registry, &values));
        let mut configured = Self { files: files.collect(), notes: found.notes };
        configured.merge_repeated();
        configured
    }

    /// An instance that stands in several files runs once, and the others are warned of.
    pub(super) fn merge_repeated(&mut self) {
        let mut first: HashMap<Arc<str>, (PathBuf, u32)> = HashMap::new();
        for Read { file, problems, instances, kept } in &mut self.files {
            let before = problems.counts().warnings;
            instances.retain(|instance| match first.entry(Arc::clone(&instance.id)) {
                Entry::Vacant(new) => {
                    new.insert((file.path.clone(), instance.index));
                    true
                }
                Entry::Occupied(known) => {
                    if !*kept {
                        problems.push(repeated(file, instance.index, known.get()));
                    }
                    false
                }
            });
            if problems.counts().warnings > before {
                problems.sort();
            }
        }
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

/// Adds a file, all files of a directory, or those of one check's folder in it; a file that is there already is not added again.
pub(super) fn add(found: &mut Found, path: &Path, registry: &Registry) {
    let more = match folder_of_check(path, registry) {
        _ if path.is_file() => {
            Found { files: vec![File::read(&check_of(path), path)], notes: Vec::new() }
        }
        Some(folder) => found_in(&folder),
        None => confd::find(path),
    };
    found.notes.extend(more.notes);
    let known: HashSet<PathBuf> = found.files.iter().map(|file| file.path.clone()).collect();
    found.files.extend(more.files.into_iter().filter(|file| !known.contains(&file.path)));
}

/// What the handles and variables of files stand for.
pub(super) fn values_of<'f>(
    files: impl Iterator<Item = &'f File>,
    secrets: &mut Secrets,
) -> Values {
    let mut wanted = BTreeSet::new();
    for node in files.flat_map(|file| file.init_config.iter().chain(&file.instances)) {
        handles(node, &mut wanted);
    }
    secrets.values(&wanted)
}

fn repeated(file: &File, index: u32, (path, first): &(PathBuf, u32)) -> Problem {
    let span = file.instances.get(index as usize).map(|node| node.span);
    let message = format!("the same as instance {} of `{}`", first + 1, path.display());
    let problem = Problem::warning(span.unwrap_or_default(), message)
        .hint("take one of them out; it runs once");
    Problem { path: format!("instances[{index}]"), span, ..problem }
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

/// Reads the instances of a file.
pub(super) fn read(file: File, registry: &Registry, values: &Values) -> Read {
    if let Some(entry) = registry.get(&file.check) {
        let Loaded { instances, problems } = load_with(entry, &file, values);
        return Read { file, problems, instances, kept: false };
    }
    let mut problems = file.problems.clone();
    if !file.check.is_empty() {
        problems.push(unknown_check(&file.check, registry));
    }
    Read { file, problems, instances: Vec::new(), kept: false }
}

fn unknown_check(check: &str, registry: &Registry) -> Problem {
    let mut problem = Problem::file(format!("this binary has no check `{check}`"));
    problem.severity = crate::config::Severity::Warning;
    match names::nearest(check, registry.entries().iter().map(|entry| entry.meta.name)) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint("the file is left to whoever has that check"),
    }
}
