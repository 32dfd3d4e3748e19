//! A directory whose owner is not trusted by whoever writes into it: root writes into those of the Agent's user.
//!
//! The owner may put a link in the place of anything, at any moment. So a directory below the one that was named is opened without following a
//! link, a file is made in it under a name that nobody has and is written, given away and renamed by its descriptor and the directory's;
//! no path is looked up twice.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::fs::{Dir, fstat, mkdirat, openat, renameat, statat, symlinkat, unlinkat};
use rustix::io::Errno;

use super::users::User;
use crate::cli::failure::Failure;

/// What a file is made of until it is given its own mode: nobody else may look into it.
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// A directory that is open.
#[derive(Debug)]
pub(super) struct Folder {
    descriptor: OwnedFd,
    path: PathBuf,
}

impl Folder {
    /// The directory of a path that the user names; it is made if it is not there.
    ///
    /// # Errors
    /// It cannot be made or opened.
    pub(super) fn named(path: &Path) -> Result<Self, Failure> {
        let open = || {
            fs::create_dir_all(path)?;
            Ok(openat(CWD, path, directory(), Mode::empty())?)
        };
        let descriptor = open().map_err(|error: io::Error| unwritable(path, &error))?;
        Ok(Self { descriptor, path: path.to_owned() })
    }

    /// A directory in it; it is made and given to its owner if it is not there.
    ///
    /// # Errors
    /// It cannot be made or opened, or a link is in its place.
    pub(super) fn below(&self, name: &str, owner: Option<&User>) -> Result<Self, Failure> {
        let path = self.path.join(name);
        let made = match mkdirat(&self.descriptor, name, Mode::from_raw_mode(0o755)) {
            Ok(()) => true,
            Err(Errno::EXIST) => false,
            Err(error) => return Err(unwritable(&path, &error.into())),
        };
        let descriptor = self.open(name, &path)?;
        let folder = Self { descriptor, path };
        if made {
            folder.give(owner).map_err(|error| unwritable(&folder.path, &error))?;
        }
        Ok(folder)
    }

    fn open(&self, name: &str, path: &Path) -> Result<OwnedFd, Failure> {
        let opened = openat(&self.descriptor, name, directory() | OFlags::NOFOLLOW, Mode::empty());
        opened.map_err(|error| {
            let found = statat(&self.descriptor, name, AtFlags::SYMLINK_NOFOLLOW);
            let is_link =
                found.is_ok_and(|found| FileType::from_raw_mode(found.st_mode).is_symlink());
            if !is_link {
                return unwritable(path, &error.into());
            }
            let message = format!("`{}` is a symbolic link, which is not followed", path.display());
            Failure::usage(message, "put a directory in its place")
        })
    }

    /// Gives a directory away that was just made. What has something in it is another one that was put in its place.
    fn give(&self, owner: Option<&User>) -> io::Result<()> {
        let is_own = |name: &[u8]| name == b"." || name == b"..";
        for entry in Dir::read_from(&self.descriptor)? {
            if !is_own(entry?.file_name().to_bytes()) {
                return Err(io::Error::other("another directory was put in its place"));
            }
        }
        give(&self.descriptor, owner)
    }

    /// The user it belongs to.
    ///
    /// # Errors
    /// The system does not say.
    pub(super) fn owner(&self) -> Result<u32, Failure> {
        let found = fstat(&self.descriptor);
        found.map(|found| found.st_uid).map_err(|error| unwritable(&self.path, &error.into()))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a file into it, in the place of one that is there: whoever has that one open keeps it.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn put(
        &self,
        name: &OsStr,
        data: &[u8],
        mode: u32,
        owner: Option<&User>,
    ) -> Result<PathBuf, Failure> {
        self.replace(name, |fresh| {
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
            let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let mut file = File::from(openat(&self.descriptor, fresh, flags, PRIVATE)?);
            file.write_all(data)?;
            give(&file, owner)?;
            file.set_permissions(Permissions::from_mode(mode))?;
            file.sync_all()
        })
    }

    /// Puts a symbolic link into it.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn link(&self, name: &OsStr, target: &OsStr) -> Result<PathBuf, Failure> {
        self.replace(name, |fresh| Ok(symlinkat(target, &self.descriptor, fresh)?))
    }

    fn replace(
        &self,
        name: &OsStr,
        make: impl FnOnce(&OsStr) -> io::Result<()>,
    ) -> Result<PathBuf, Failure> {
        let (path, fresh) = (self.path.join(name), fresh(name));
        let made = make(&fresh)
            .and_then(|()| Ok(renameat(&self.descriptor, &fresh, &self.descriptor, name)?));
        if made.is_err() {
            // What is half written is of no use to anybody; if it cannot go away, that is no second error.
            let _ = unlinkat(&self.descriptor, &fresh, AtFlags::empty());
        }
        made.map(|()| path.clone()).map_err(|error| unwritable(&path, &error))
    }
}

const fn directory() -> OFlags {
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC)
}

/// A name that nobody has put anything under.
fn fresh(name: &OsStr) -> OsString {
    let mut fresh = OsString::from(".");
    fresh.push(name);
    fresh.push(format!(".{:016x}.new", fastrand::u64(..)));
    fresh
}

fn give(file: impl std::os::fd::AsFd, owner: Option<&User>) -> io::Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    fchown(file, Some(owner.id), owner.groups.first().copied())
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Failure::usage(
        message,
        "name the Agent's directory of configuration with `--to`, and run it as root",
    )
}
