//! The store of the state: an index in memory over records in a file.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::{self, Contents, Health};
use super::record::{self, Found, Record};
use super::{Change, Saved, StateError};

/// What is kept of an instance that has not run for this many seconds is forgotten: thirty days.
const KEPT_SECONDS: f64 = 30.0 * 86_400.0;

/// A file below this size is not written anew.
const SMALL: u64 = 1 << 20;

/// How much larger than its content a file may grow.
const SLACK: u64 = 4;

/// Keeps what instances need after a restart.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    /// Where the next record goes.
    end: u64,
    /// What the records that count take.
    live: u64,
    index: HashMap<Arc<str>, Entry>,
    /// A file that could not be written anew is tried again when it is larger than this.
    patience: u64,
    lapse: Option<io::Error>,
    /// Held, and by nobody else, as long as the store is open.
    _lock: File,
}

/// Where the last record of an instance is.
#[derive(Debug, Clone, Copy)]
struct Entry {
    place: u64,
    length: u32,
    used: Used,
    /// The last record that has the instance's texts, if it is another one.
    cache: Option<(u64, u32)>,
}

/// When an instance last ran, as far as that does not follow from its last record.
#[derive(Debug, Clone, Copy)]
enum Used {
    /// Not since the store was opened.
    Before,
    /// It runs.
    Now,
    /// Until then, in seconds since the Unix epoch.
    Until(f64),
}

impl Used {
    /// When an instance last ran whose last record is of a time.
    fn last(self, recorded: f64, now: f64) -> f64 {
        match self {
            Self::Before => recorded,
            Self::Now => recorded.max(now),
            Self::Until(time) => recorded.max(time),
        }
    }
}

/// What was found when a store was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opened {
    /// How many instances something is known of.
    pub instances: usize,
    /// Where a damaged file has been put. What could be read of it counts.
    pub set_aside: Option<PathBuf>,
}

impl Store {
    /// Opens the store of a directory, and makes both if need be.
    ///
    /// # Errors
    /// Another process has it open, or the system refuses. A damaged file is no error.
    pub fn open(dir: &Path) -> Result<(Self, Opened), StateError> {
        let io_error = |error| StateError::Io(dir.to_owned(), error);
        let is_new = !dir.is_dir();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(io_error)?;
        if is_new {
            journal::sync_parent(dir).map_err(io_error)?;
        }
        let lock = File::options().create(true).truncate(false).write(true).open(dir.join("lock"));
        let lock = lock.map_err(io_error)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(StateError::InUse(dir.to_owned())),
            Err(fs::TryLockError::Error(error)) => return Err(io_error(error)),
        }
        Self::read(dir, lock).map_err(io_error)
    }

    fn read(dir: &Path, lock: File) -> io::Result<(Self, Opened)> {
        let path = journal::path(dir);
        let contents = journal::read(&path)?;
        let damaged = contents.health == Health::Damaged;
        let set_aside = if damaged { Some(journal::set_aside(&path)?) } else { None };
        let mut file = File::options();
        file.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = file.open(&path)?;
        let mut store = Self {
            path,
            file,
            end: contents.good,
            live: 0,
            index: HashMap::new(),
            patience: SMALL,
            lapse: None,
            _lock: lock,
        };
        store.index(&contents);
        if contents.hashing && contents.good > 0 {
            store.file.set_len(contents.good)?;
        } else {
            // Baselines of series that are hashed otherwise cannot be found again.
            store.rewrite(0.0, contents.hashing)?;
        }
        let opened = Opened { instances: store.index.len(), set_aside };
        Ok((store, opened))
    }

    fn index(&mut self, contents: &Contents) {
        let ends = contents.records.iter().skip(1).map(|(place, _)| *place).chain([contents.good]);
        for ((place, record), end) in contents.records.iter().zip(ends) {
            self.note(
                Arc::from(&*record.id),
                (*place, length(end - place)),
                record.cache.is_some(),
                Used::Before,
            );
        }
    }

    /// What is known of an instance. From now on it counts as running.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn get(&mut self, instance: &str) -> io::Result<Option<Saved>> {
        let Some(entry) = self.index.get_mut(instance) else { return Ok(None) };
        entry.used = Used::Now;
        let entry = *entry;
        self.saved(entry).map(Some)
    }

    /// Takes note that an instance no longer runs since a time, in seconds since the Unix epoch. A last change of it may still come.
    pub fn release(&mut self, instance: &str, time: f64) {
        if let Some(entry) = self.index.get_mut(instance) {
            entry.used = Used::Until(time);
        }
    }

    fn saved(&self, entry: Entry) -> io::Result<Saved> {
        let record = self.record((entry.place, entry.length))?;
        let cache = match (record.cache, entry.cache) {
            (None, Some(place)) => self.record(place)?.cache,
            (cache, _) => cache,
        };
        let cache = cache.unwrap_or_default();
        Ok(Saved { time: record.time, baselines: record.baselines, cache })
    }

    /// Keeps changes, in their order.
    ///
    /// # Errors
    /// They could not be written. What was kept before still is, and the next changes are tried again.
    pub fn put(&mut self, changes: &[Change]) -> io::Result<()> {
        let (mut bytes, mut places) = (Vec::new(), Vec::with_capacity(changes.len()));
        for Change { instance, time, baselines, cache } in changes {
            let start = bytes.len();
            record::write(instance, *time, baselines, cache.as_ref(), &mut bytes);
            places.push((self.end + start as u64, length((bytes.len() - start) as u64)));
        }
        if let Err(error) = self.file.write_all_at(&bytes, self.end) {
            // Half a record is cut off now, or when the file is next read.
            let _ = self.file.set_len(self.end);
            return Err(error);
        }
        self.end += bytes.len() as u64;
        for (change, place) in changes.iter().zip(places) {
            self.note(Arc::clone(&change.instance), place, change.cache.is_some(), Used::Now);
        }
        let now = changes.iter().map(|change| change.time).fold(0.0, f64::max);
        if self.end > self.patience && self.end / SLACK > self.live {
            self.renew(now);
        }
        Ok(())
    }

    /// What went wrong, since this was last asked for, beside what was asked for: what was kept of an instance cannot be read any
    /// more, or the file that has grown cannot be written anew.
    pub fn take_lapse(&mut self) -> Option<io::Error> {
        self.lapse.take()
    }

    /// Writes the file anew. If there is no room for a new file, the old one goes on.
    fn renew(&mut self, now: f64) {
        self.patience = match self.rewrite(now, true) {
            Ok(()) => SMALL,
            Err(error) => {
                self.lapse = Some(error);
                self.end + self.end / 2
            }
        };
    }

    /// Forces everything to the disk.
    ///
    /// # Errors
    /// The system cannot.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn note(&mut self, id: Arc<str>, place: (u64, u32), has_cache: bool, used: Used) {
        let new = Entry { place: place.0, length: place.1, used, cache: None };
        self.live += u64::from(new.length);
        match self.index.get_mut(&id) {
            None => drop(self.index.insert(id, new)),
            Some(old) => {
                let former = old.cache.unwrap_or((old.place, old.length));
                self.live -= u64::from(old.length);
                if old.cache.is_some() && has_cache {
                    self.live -= u64::from(former.1);
                } else if old.cache.is_none() && !has_cache {
                    self.live += u64::from(former.1);
                }
                let used = if let Used::Before = old.used { used } else { old.used };
                *old = Entry { cache: (!has_cache).then_some(former), used, ..new };
            }
        }
    }

    fn record(&self, (place, length): (u64, u32)) -> io::Result<Record> {
        let mut bytes = vec![0; length as usize];
        self.file.read_exact_at(&mut bytes, place)?;
        match record::read(&bytes) {
            Found::Record(record, _) => Ok(record),
            Found::Torn | Found::Damaged => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a record has changed since it was written",
            )),
        }
    }

    /// Writes a new file with what counts of the old one.
    fn rewrite(&mut self, now: f64, baselines: bool) -> io::Result<()> {
        let mut bytes = journal::header();
        let mut index = HashMap::with_capacity(self.index.len());
        let (mut bad, mut one) = (0_u64, None);
        for (id, entry) in &self.index {
            let mut saved = match self.saved(*entry) {
                Ok(saved) => saved,
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    (bad, one) = (bad + 1, Some(id));
                    continue;
                }
                Err(error) => return Err(error),
            };
            if !baselines {
                saved.baselines.all.clear();
            }
            let time = entry.used.last(saved.time, now);
            if time < now - KEPT_SECONDS {
                continue;
            }
            let start = bytes.len();
            record::write(id, time, &saved.baselines, Some(&saved.cache), &mut bytes);
            let (place, length) = (start as u64, length((bytes.len() - start) as u64));
            let entry = Entry { place, length, used: entry.used, cache: None };
            index.insert(Arc::clone(id), entry);
        }
        let lapse = one.map(|id| damaged(bad, id));
        self.file = journal::replace(&self.path, &bytes)?;
        self.end = bytes.len() as u64;
        self.live = self.end - journal::HEADER as u64;
        self.index = index;
        let lapse = lapse.or(journal::sync_parent(&self.path).err());
        self.lapse = lapse.or(self.lapse.take());
        Ok(())
    }
}

fn damaged(count: u64, one: &str) -> io::Error {
    let of = match count - 1 {
        0 => format!("`{one}`"),
        others => format!("`{one}` and {others} more"),
    };
    let what = format!("what was kept of {of} has changed since it was written, and is lost");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn length(length: u64) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
impl Store {
    /// Nothing can be written from now on. Gives what [ends that](Self::allow_writing).
    pub(crate) fn deny_writing(&mut self) -> File {
        let file = File::open(&self.path).expect("it can be read");
        std::mem::replace(&mut self.file, file)
    }

    pub(crate) fn allow_writing(&mut self, file: File) {
        self.file = file;
    }
}
