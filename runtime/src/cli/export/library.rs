//! The library that goes into the folders of integrations, one copy each, so that wheels can be built of them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::check::Entry;
use crate::cli::agent::{elf::Image, has_all};
use crate::export::Wheel;

use super::{Exported, Failure};

/// What the class of Python's calls.
const FUNCTION: &str = "allwell_interface";

const REMEDY: &str = "build a crate of type `cdylib` that has `allwell::agent_library!();`";

/// A library of checks.
pub(super) struct Library {
    file: PathBuf,
    data: Vec<u8>,
    image: Image,
    pub(super) wheel: Wheel,
}

/// A copy of it in a folder.
pub(super) struct Copy<'l> {
    pub(super) path: PathBuf,
    pub(super) data: &'l [u8],
    pub(super) is_current: bool,
}

impl Library {
    /// Reads a library.
    ///
    /// # Errors
    /// It cannot be read, is no library of checks, or is for a machine whose name in wheels is not known.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let refused = |why: String| {
            let message = format!("`{}` is no library of checks: {why}", file.display());
            Failure::usage(message, REMEDY)
        };
        let data = fs::read(file).map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", file.display());
            Failure::usage(message, REMEDY)
        })?;
        let image = Image::of(&data).map_err(refused)?;
        if !image.exports(FUNCTION, "") {
            return Err(refused(format!("it does not export `{FUNCTION}`")));
        }
        let platform = platform(&image).map_err(refused)?;
        Ok(Self { file: file.to_owned(), data, image, wheel: Wheel { platform } })
    }

    /// That all these checks are in it.
    ///
    /// # Errors
    /// Some are not.
    pub(super) fn has_all(&self, checks: &[&Entry]) -> Result<(), Failure> {
        has_all(&self.file, &self.image, checks.iter().copied())
    }

    /// Its copies in the folders of checks, and whether they are there.
    pub(super) fn copies(&self, directory: &Path, exported: &[Exported]) -> Vec<Copy<'_>> {
        let copy = |Exported { entry, .. }: &Exported| {
            let name = entry.meta.name;
            let path = directory.join(name).join(Wheel::place(name));
            let is_current = fs::read(&path).is_ok_and(|there| there == self.data);
            Copy { path, data: &self.data, is_current }
        };
        exported.iter().map(copy).collect()
    }
}

/// The platform's name in wheels: that of the machine, and of the oldest glibc that has all that the library needs (PEP 600).
fn platform(image: &Image) -> Result<String, String> {
    let machine = match image.machine {
        62 => "x86_64",
        183 => "aarch64",
        other => return Err(format!("it is for a machine of number {other}")),
    };
    Ok(match image.glibc().as_deref() {
        Some([major, minor, ..]) => format!("manylinux_{major}_{minor}_{machine}"),
        _ => format!("linux_{machine}"),
    })
}
