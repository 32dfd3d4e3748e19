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
use std::time::{Duration, Instant};

use super::payload::Payload;
use crate::output::Amount;

use record::Record;

pub(super) use record::{Base, Settled};
pub(super) use replay::Left;

/// The name of the file.
pub(super) const FILE: &str = "journal";

/// The name of one that is to take its place.
pub(super) const NEW: &str = "journal.new";

/// How long nothing is written anew after that has failed.
const REST: Duration = Duration::from_secs(10);

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
    /// How many bytes the payloads that wait take.
    counts: u64,
    under_way: BTreeSet<u64>,
    /// What has been settled, and may still be on the disk.
    gone: BTreeSet<u64>,
    /// Something that has happened could not be written.
    is_stale: bool,
    rests_until: Option<Instant>,
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
    /// Begins a journal in a directory, in the place of the one that is there, with payloads that wait and with what has
    /// been settled and may still be on the disk.
    ///
    /// # Errors
    /// It cannot be written. The one that is there is as it was.
    pub(super) fn begin<'p>(
        directory: &Path,
        bounds: Bounds,
        base: Base,
        waiting: impl IntoIterator<Item = (u64, &'p Payload)>,
        gone: BTreeSet<u64>,
    ) -> io::Result<Self> {
        let mut new = Self {
            directory: directory.to_owned(),
            file: create(directory)?,
            end: 0,
            bounds,
            base,
            waiting: BTreeMap::new(),
            counts: 0,
            under_way: BTreeSet::new(),
            gone,
            is_stale: false,
            rests_until: None,
        };
        new.append(&Record::Base(base).encode(), &[])?;
        for (id, payload) in waiting {
            new.add(id, payload)?;
        }
        new.say_what_is_gone()?;
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
        if self.is_stale || self.end + needed > self.bounds.most_bytes || self.is_worn() {
            self.renew();
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
        self.note(&Record::Started(id, again));
    }

    /// Notes that a payload was not accepted.
    pub(super) fn wait(&mut self, id: u64) {
        if self.under_way.remove(&id) {
            self.note(&Record::Waits(id));
        }
    }

    /// Notes that a payload is on the disk.
    pub(super) fn store(&mut self, id: u64) {
        if self.take_off(id) {
            self.note(&Record::Stored(id));
        }
    }

    /// Notes what became of a payload, which may still be on the disk. Tells whether that is written.
    pub(super) fn settle(&mut self, id: u64, settled: Settled, on_disk: bool) -> bool {
        self.take_off(id);
        self.under_way.remove(&id);
        if on_disk {
            self.gone.insert(id);
        }
        let written = self.note(&Record::Settled(id, settled));
        if written {
            self.base.settled.add(&settled);
        }
        if self.is_worn() {
            self.renew();
        }
        written
    }

    /// Notes that nothing that has been settled is on the disk any more.
    pub(super) fn leave_all(&mut self) {
        self.gone.clear();
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
        self.end > LITTLE + 2 * self.counts
    }

    /// Writes a small record. Tells whether it is written.
    fn note(&mut self, record: &Record) -> bool {
        let written = self.append(&record.encode(), &[]).is_ok();
        self.is_stale |= !written;
        written
    }

    fn take_off(&mut self, id: u64) -> bool {
        let place = self.waiting.remove(&id);
        self.counts -= place.map_or(0, |place| place.size);
        place.is_some()
    }

    /// Writes what counts anew, if there is room for it.
    fn renew(&mut self) {
        let now = Instant::now();
        if self.rests_until.is_some_and(|until| now < until) {
            return;
        }
        if !self.is_free(self.counts) || self.rewrite().is_err() {
            let _ = fs::remove_file(self.directory.join(NEW));
            self.rests_until = Some(now + REST);
        }
    }

    fn rewrite(&mut self) -> io::Result<()> {
        let mut new = Self::empty(self, create(&self.directory)?);
        new.append(&Record::Base(self.base).encode(), &[])?;
        for (id, place) in &self.waiting {
            let mut bytes = vec![0; usize::try_from(place.size).unwrap_or_default()];
            self.file.read_exact_at(&mut bytes, place.start)?;
            let start = new.end;
            new.append(&bytes, &[])?;
            new.waiting.insert(*id, Place { start, size: place.size });
            new.counts += place.size;
        }
        new.say_what_is_gone()?;
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
            counts: 0,
            under_way: of.under_way.clone(),
            gone: of.gone.clone(),
            is_stale: false,
            rests_until: None,
        }
    }

    fn say_what_is_gone(&mut self) -> io::Result<()> {
        let gone: Vec<_> = self.gone.iter().copied().collect();
        gone.into_iter()
            .try_for_each(|id| self.append(&Record::Settled(id, Settled::default()).encode(), &[]))
    }

    fn add(&mut self, id: u64, payload: &Payload) -> io::Result<()> {
        let start = self.end;
        self.append(&record::made(id, payload), &payload.body)?;
        let size = self.end - start;
        self.waiting.insert(id, Place { start, size });
        self.counts += size;
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
        fs::rename(self.directory.join(NEW), self.directory.join(FILE))
    }
}

fn create(directory: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    options.open(directory.join(NEW))
}
