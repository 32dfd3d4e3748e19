//! The file of the state: what it begins with, and how it is read as far as it is good.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::aggregate::Baselines;

use super::record::{self, Found, Record};

/// The file's name in its directory.
const NAME: &str = "state";

/// What every file begins with: a name and the version of the format.
const MAGIC: &[u8; 8] = b"allwell\x01";

/// The length of what a file begins with: the above, and how series are hashed.
pub(super) const HEADER: usize = 16;

/// What a file holds, as far as it is good.
pub(super) struct Contents {
    /// Records with their places.
    pub(super) records: Vec<(u64, Record)>,
    /// Up to where the file is good.
    pub(super) good: u64,
    /// Series are hashed as they are now.
    pub(super) hashing: bool,
    pub(super) health: Health,
}

/// How a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Good,
    /// Its end was being written when the process ended.
    Torn,
    Damaged,
}

pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

/// What a new file begins with.
pub(super) fn header() -> Vec<u8> {
    [*MAGIC, Baselines::hashing().to_le_bytes()].concat()
}

/// Reads a file; one that does not exist holds nothing.
pub(super) fn read(path: &Path) -> io::Result<Contents> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let empty = |health| Contents { records: Vec::new(), good: 0, hashing: true, health };
    let Some((header, mut rest)) = bytes.split_first_chunk::<HEADER>() else {
        let begun = MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]);
        return Ok(empty(if begun { Health::Torn } else { Health::Damaged }));
    };
    let Some(hashing) = header.strip_prefix(MAGIC) else { return Ok(empty(Health::Damaged)) };
    let mut contents = empty(Health::Good);
    contents.hashing = hashing == Baselines::hashing().to_le_bytes();
    contents.good = HEADER as u64;
    while !rest.is_empty() {
        match record::read(rest) {
            Found::Record(record, after) => {
                contents.records.push((contents.good, record));
                contents.good += (rest.len() - after.len()) as u64;
                rest = after;
            }
            Found::Torn => {
                contents.health = Health::Torn;
                break;
            }
            Found::Damaged => {
                contents.health = Health::Damaged;
                break;
            }
        }
    }
    Ok(contents)
}

/// Puts a copy of a file aside, under a name that is not taken.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1_u32;
    loop {
        let aside = path.with_extension(format!("damaged-{number}"));
        if !aside.try_exists()? {
            fs::copy(path, &aside)?;
            return Ok(aside);
        }
        number += 1;
    }
}

/// Puts a whole new file in the place of the old one.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let new = path.with_extension("new");
    let mut file = File::options();
    file.read(true).write(true).create(true).truncate(true).mode(0o600);
    let mut file = file.open(&new)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(&new, path)?;
    Ok(file)
}

/// Forces to the disk that a directory, or a file, stands in the one that it is in, where that can be.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let synced = File::open(parent).and_then(|parent| parent.sync_all());
    synced.or_else(|error| match error.kind() {
        // Not every file system can, and who may write into a directory need not be able to list it.
        io::ErrorKind::InvalidInput
        | io::ErrorKind::Unsupported
        | io::ErrorKind::PermissionDenied => Ok(()),
        _ => Err(error),
    })
}
