//! The library that goes into the folders of integrations, one copy each, so that wheels can be built of them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::check::Entry;
use crate::cli::agent::{elf::Image, has_all};
use crate::export::Wheel;

use super::platform::Platform;
use super::{Exported, Failure, Screen};

/// What the class of Python's calls.
const FUNCTION: &str = "allwell_interface";

const REMEDY: &str = "build a crate of type `cdylib` that has `allwell::agent_library!();`";

/// A library of checks.
pub(super) struct Library {
    file: PathBuf,
    data: Vec<u8>,
    image: Image,
    pub(super) wheel: Wheel,
    others: Vec<String>,
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
        if image.is_of_musl() {
            let message = format!("`{}` is made for musl, and the Agent for glibc", file.display());
            return Err(Failure::usage(message, "build it for a target that ends in `-gnu`"));
        }
        let Platform { name, others } = Platform::of(&image).map_err(refused)?;
        let wheel = Wheel { platform: name };
        Ok(Self { file: file.to_owned(), data, image, wheel, others })
    }

    /// Tells what the wheels need that not every system has.
    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        if self.others.is_empty() {
            return Ok(());
        }
        let others: Vec<_> = self.others.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "`{}` needs {}, which not every system has: the wheels are for `{}`, and the check works where that is",
            self.file.display(),
            others.join(", "),
            self.wheel.platform,
        );
        let hint = "for wheels of the platform `manylinux`, link it statically";
        screen.tell("warning", &message, hint)
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
