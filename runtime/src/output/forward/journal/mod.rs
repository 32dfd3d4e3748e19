//! What waits in memory, written down before it is sent, so that a process that is killed leaves it behind.
//!
//! Records are added at the end of a file, into the system's memory: a killed process leaves a beginning of them, of which the last one
//! may be cut off. When most of the file says nothing any more, it is written anew with what counts, and takes the place of the old one in one
//! step.

mod record;
mod replay;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::payload::Payload;
use crate::output::Amount;

use record::Record;

pub(super) use record::{Base, Settled};
pub(super) use replay::Left;

/// The name of the file.
pub(super) const FILE: &str = "journal";

/// So many bytes that say nothing any more are never worth writing the rest anew.
const LITTLE: u64 = 1 << 20;

/// An open journal.
#[derive(Debug)]
pub(super) struct Journal {
    directory: PathBuf,
    file: File,
    end: u64,
    bounds: Bounds,
    /// What became of everything, up to now.
    base: Base,
    waiting: BTreeMap<u64, Place>,
    under_way: BTreeSet<u64>,
    /// What has been settled, and may still be on the disk.
    gone: BTreeSet<u64>,
}

/// How large a journal may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// In bytes.
    pub(super) most_bytes: u64,
    /// As a share of what is free.
    pub(super) most_of_free: f64,
}

/// Where a payload's record is.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u64,
    size: u64,
}

impl Journal {
    /// Begins a journal in a directory, in the place of the one that is there, with payloads that wait.
    ///
    /// # Errors
    /// It cannot be written. The one that is there is as it was.
    pub(super) fn begin<'p>(
        directory: &Path,
        bounds: Bounds,
        base: Base,
        waiting: impl IntoIterator<Item = (u64, &'p Payload)>,
    ) -> io::Result<Self> {
        let mut new = Self {
            directory: directory.to_owned(),
            file: create(directory)?,
            end: 0,
            bounds,
            base,
            waiting: BTreeMap::new(),
            under_way: BTreeSet::new(),
            gone: BTreeSet::new(),
        };
        new.append(&Record::Base(base).encode(), &[])?;
        for (id, payload) in waiting {
            new.add(id, payload)?;
        }
        new.replace()?;
        Ok(new)
    }

    /// What became of everything, up to now.
    pub(super) const fn base(&self) -> &Base {
        &self.base
    }

    /// Writes a payload that waits from now on. It is not written where there is no room for it.
    pub(super) fn make(&mut self, id: u64, payload: &Payload) {
        let needed = payload.size() as u64;
        if self.end + needed > self.bounds.most_bytes || self.is_worn() {
            let _ = self.rewrite();
        }
        if self.end + needed <= self.bounds.most_bytes && self.is_free(needed) {
            let _ = self.add(id, payload);
        }
    }

    /// Notes that a payload is about to be sent; again, if so much of it may have been accepted before.
    pub(super) fn start(&mut self, id: u64, again: Option<Amount>) {
        self.under_way.insert(id);
        let again = again.unwrap_or_default();
        self.base.again += again;
        let _ = self.append(&Record::Started(id, again).encode(), &[]);
    }

    /// Notes that a payload was not accepted.
    pub(super) fn wait(&mut self, id: u64) {
        if self.under_way.remove(&id) {
            let _ = self.append(&Record::Waits(id).encode(), &[]);
        }
    }

    /// Notes that a payload is on the disk.
    pub(super) fn store(&mut self, id: u64) {
        if self.waiting.remove(&id).is_some() {
            let _ = self.append(&Record::Stored(id).encode(), &[]);
        }
    }

    /// Notes what became of a payload, which may still be on the disk. Tells whether that is written.
    pub(super) fn settle(&mut self, id: u64, settled: Settled, on_disk: bool) -> bool {
        self.waiting.remove(&id);
        self.under_way.remove(&id);
        if on_disk {
            self.gone.insert(id);
        }
        let written = self.append(&Record::Settled(id, settled).encode(), &[]).is_ok();
        if written {
            self.base.settled.add(&settled);
        }
        written
    }

    /// Notes that a payload that has been settled is not on the disk any more.
    pub(super) fn leave(&mut self, id: u64) {
        self.gone.remove(&id);
    }

    /// Nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Deletes the file.
    pub(super) fn delete(self) {
        let _ = fs::remove_file(self.directory.join(FILE));
    }

    /// So much may be taken of what is free on the disk.
    fn is_free(&self, needed: u64) -> bool {
        let Ok(disk) = rustix::fs::statvfs(&self.directory) else { return true };
        (disk.f_bavail * disk.f_frsize) as f64 * self.bounds.most_of_free >= needed as f64
    }

    fn is_worn(&self) -> bool {
        let counts = self.waiting.values().map(|place| place.size).sum::<u64>();
        self.end > LITTLE + 2 * counts
    }

    /// Writes what counts anew.
    fn rewrite(&mut self) -> io::Result<()> {
        let mut new = Self::empty(self, create(&self.directory)?);
        new.append(&Record::Base(self.base).encode(), &[])?;
        for (id, place) in &self.waiting {
            let mut bytes = vec![0; usize::try_from(place.size).unwrap_or_default()];
            self.file.read_exact_at(&mut bytes, place.start)?;
            let start = new.end;
            new.append(&bytes, &[])?;
            new.waiting.insert(*id, Place { start, size: place.size });
        }
        for id in &self.gone {
            new.append(&Record::Settled(*id, Settled::default()).encode(), &[])?;
        }
        for id in &self.under_way {
            new.append(&Record::Started(*id, Amount::default()).encode(), &[])?;
        }
        new.replace()?;
        *self = new;
        Ok(())
    }

    fn empty(of: &Self, file: File) -> Self {
        Self {
            directory: of.directory.clone(),
            file,
            end: 0,
            bounds: of.bounds,
            base: of.base,
            waiting: BTreeMap::new(),
            under_way: of.under_way.clone(),
            gone: of.gone.clone(),
        }
    }

    fn add(&mut self, id: u64, payload: &Payload) -> io::Result<()> {
        let start = self.end;
        self.append(&record::made(id, payload), &payload.body)?;
        self.waiting.insert(id, Place { start, size: self.end - start });
        Ok(())
    }

    /// Adds bytes at the end, all or none.
    fn append(&mut self, first: &[u8], then: &[u8]) -> io::Result<()> {
        let (first_size, size) = (first.len() as u64, (first.len() + then.len()) as u64);
        let written = self
            .file
            .write_all_at(first, self.end)
            .and_then(|()| self.file.write_all_at(then, self.end + first_size));
        match written {
            Ok(()) => self.end += size,
            // What is there of it is no record, and written over with the next one.
            Err(_) => drop(self.file.set_len(self.end)),
        }
        written
    }

    /// Takes the place of the journal that is there.
    fn replace(&self) -> io::Result<()> {
        fs::rename(self.directory.join(new_name()), self.directory.join(FILE))
    }
}

fn create(directory: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    options.open(directory.join(new_name()))
}

fn new_name() -> String {
    format!("{FILE}.new")
}
