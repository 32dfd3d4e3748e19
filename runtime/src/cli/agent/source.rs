//! The library that `agent install` lays down.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::elf::Image;
use super::{PREFIX, has_all};
use crate::check::Entry;
use crate::cli::failure::Failure;

const REMEDY: &str = "build a crate of type `cdylib` that has `allwell::agent_library!();`, and name it with `--library`";

/// A library that exports what the loader looks for.
pub(super) struct Source {
    /// The name that it is laid down under, which is that of no check.
    pub(super) name: OsString,
    pub(super) data: Vec<u8>,
    path: PathBuf,
    image: Image,
}

impl Source {
    /// The library of a path, or what is there a link to.
    ///
    /// # Errors
    /// It cannot be read, or does not export `Run`.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let refused = |why: String| {
            let message = format!("`{}` {why}", path.display());
            Failure::usage(message, REMEDY)
        };
        let read = || {
            let file = fs::canonicalize(path)?;
            Ok((fs::read(&file)?, file))
        };
        let (data, file) =
            read().map_err(|error: std::io::Error| refused(format!("cannot be read: {error}")))?;
        let image =
            Image::of(&data).map_err(|why| refused(format!("is no library of checks: {why}")))?;
        if !image.exports("Run", "") {
            return Err(refused("does not export `Run`".to_owned()));
        }
        let name = stored(file.file_name().unwrap_or_default());
        Ok(Self { name, data, path: path.to_owned(), image })
    }

    /// That all these checks are in it.
    ///
    /// # Errors
    /// Some are not.
    pub(super) fn has_all(&self, checks: &[&Entry]) -> Result<(), Failure> {
        has_all(&self.path, &self.image, checks.iter().copied())
    }

    /// The one library beside this binary; Cargo puts both in one directory.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub(super) fn beside_this_binary() -> Result<Self, Failure> {
        let binary = std::env::current_exe().unwrap_or_default();
        let directory = binary.parent().unwrap_or(Path::new("."));
        let files = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut found: Vec<_> =
            files.map(|entry| entry.path()).filter(|path: &PathBuf| is_library(path)).collect();
        found.sort();
        match &*found {
            [library] => Self::read(library),
            [] => {
                let message = format!("there is no library of checks in `{}`", directory.display());
                Err(Failure::usage(message, REMEDY))
            }
            several => {
                let names: Vec<_> =
                    several.iter().map(|path| format!("`{}`", path.display())).collect();
                let message =
                    format!("it is not clear which library is meant: {}", names.join(", "));
                Err(Failure::usage(message, "name it with `--library`"))
            }
        }
    }
}

fn is_library(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "so") && Source::read(path).is_ok()
}

/// The links have names that begin with the loader's prefix: a library of such a name would be in the place of its own link.
fn stored(name: &OsStr) -> OsString {
    let mut stored = OsString::new();
    if name.to_string_lossy().starts_with(PREFIX) {
        stored.push("allwell-");
    }
    stored.push(name);
    stored
}
