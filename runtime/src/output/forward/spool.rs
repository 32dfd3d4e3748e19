//! What waits on the disk: a file within its bounds, of which every payload leaves only when it has been accepted.
//!
//! All of this blocks, and is called on threads that may. Numbers are the places of payloads in the order of this process; in the file they
//! follow those that an earlier process had left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::output::Amount;

use super::head::Head;
use super::journal::Left;
use super::options::SpoolOptions;
use super::payload::Payload;
use super::queue::{Entry, FIRST, RouteName};
use super::shelf::Shelf;
use super::store::{self, Removed, Store, StoreError};

/// The name of the file.
pub(super) const FILE: &str = "spool.redb";

/// What is on the disk, and in what state.
pub(super) struct Spool {
    options: SpoolOptions,
    /// So many of the bytes are for the journal.
    reserved: u64,
    path: PathBuf,
    store: Option<Store>,
    /// What is added to a number to have its key in the file; known once the file has been read.
    offset: Option<u64>,
    shelves: BTreeMap<RouteName, Shelf>,
    /// What has left, but may still be in the file, since the disk failed at that moment.
    ghosts: BTreeSet<(RouteName, u64)>,
}

/// What came of a change, and what went wrong with it.
pub(super) type Done<T> = (T, Option<Trouble>);

/// What went wrong.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nothing can be added. What is there can be read.
    Write(StoreError),
    /// It is not known what is there.
    Read(StoreError),
}

/// What came of payloads that were to be added.
#[derive(Debug, Clone, Default)]
pub(super) struct Added {
    /// The numbers of those that are on the disk.
    pub(super) stored: BTreeSet<u64>,
    /// The numbers of those that there is no room for, even alone.
    pub(super) no_room: BTreeSet<u64>,
    /// What had to make room for them.
    pub(super) dropped: Amount,
}

/// What was found in the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Restored {
    /// How much each payload holds, by its key.
    pub(super) amounts: BTreeMap<u64, Amount>,
    /// The keys of what should not be there any more.
    pub(super) gone: BTreeSet<u64>,
    /// So many payloads cannot be told what they are.
    pub(super) unreadable: usize,
}

impl Restored {
    /// How much all of them hold.
    pub(super) fn amount(&self) -> Amount {
        self.amounts.values().fold(Amount::default(), |sum, amount| sum + *amount)
    }
}

impl Spool {
    /// The spool in a directory, of whose bytes so many are for the journal.
    pub(super) fn new(options: SpoolOptions, reserved: u64) -> Self {
        Self {
            path: options.directory.join(FILE),
            options,
            reserved,
            store: None,
            offset: None,
            shelves: BTreeMap::new(),
            ghosts: BTreeSet::new(),
        }
    }

    pub(super) const fn shelves(&self) -> &BTreeMap<RouteName, Shelf> {
        &self.shelves
    }

    /// Reads what is there, but for what the journal of the process before says is gone. Where nothing is, nothing is made.
    pub(super) fn open(&mut self, left: &Left) -> Result<Restored, StoreError> {
        if self.offset.is_some() {
            return self.find_heads().map(|()| Restored::default());
        }
        let mut last = left.last;
        if !self.path.try_exists()? {
            self.offset = Some(offset(last));
            return Ok(Restored::default());
        }
        let (mut heads, mut unreadable, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        self.with_store(|store| {
            store.each(|route, head| {
                let route = RouteName::Owned(route.to_owned());
                let key = head.as_ref().map_or_else(|key| *key, |head| head.number);
                last = last.max(Some(key));
                match head {
                    Ok(_) if left.gone.contains(&key) => gone.push((route, key)),
                    Ok(head) => heads.push((route, head)),
                    Err(key) => unreadable.push((route, key)),
                }
            })
        })?;
        let offset = offset(last);
        self.offset = Some(offset);
        let mut restored = Restored { unreadable: unreadable.len(), ..Restored::default() };
        restored.gone = gone.iter().map(|(_, key)| *key).collect();
        self.ghosts.extend(unreadable.into_iter().chain(gone));
        for (route, head) in heads {
            restored.amounts.insert(head.number, head.amount);
            self.shelves.entry(route).or_default().add(with_number(head, offset));
        }
        Ok(restored)
    }

    /// Adds payloads; the oldest on the disk make room for them, except what is under way. If there is no room for all, each one is
    /// tried alone: a large one keeps no small one out.
    pub(super) fn add(&mut self, entries: &[Entry], under_way: &[(RouteName, u64)]) -> Done<Added> {
        let (added, trouble) = self.add_all(entries, under_way);
        if !is_no_room(trouble.as_ref()) {
            return (added, trouble);
        }
        let mut sum = Added::default();
        for entry in entries {
            let (added, trouble) = self.add_all(std::slice::from_ref(entry), under_way);
            sum.stored.extend(added.stored);
            sum.dropped += added.dropped;
            match trouble {
                None => {}
                trouble if is_no_room(trouble.as_ref()) => drop(sum.no_room.insert(entry.number)),
                trouble => return (sum, trouble),
            }
        }
        (sum, None)
    }

    /// Adds payloads, all or none.
    fn add_all(&mut self, entries: &[Entry], under_way: &[(RouteName, u64)]) -> Done<Added> {
        let needed = entries.iter().map(|entry| store::taken(entry.payload.body.len() as u64));
        let evicted = match self.make_directory() {
            Ok(()) => self.find_room(needed.sum(), under_way),
            Err(error) => Err(error.into()),
        };
        let evicted = match evicted {
            Ok(evicted) => evicted,
            Err(error) => return (Added::default(), Some(Trouble::Write(error))),
        };
        let keys: Vec<_> = entries.iter().map(|entry| self.key(entry.number)).collect();
        let payloads = entries.iter().map(|entry| &*entry.payload);
        let added: Vec<_> = keys.iter().copied().zip(payloads).collect();
        if let Err(error) = self.change(&added, &evicted) {
            // Nobody knows whether it is there all the same.
            self.ghosts.extend(added.iter().map(|(key, payload)| (payload.route.clone(), *key)));
            return (Added::default(), Some(Trouble::Write(error)));
        }
        for entry in entries {
            let head = Head::of(entry.number, &entry.payload);
            self.shelves.entry(entry.payload.route.clone()).or_default().add(head);
        }
        let dropped = evicted.iter().fold(Amount::default(), |sum, (_, head)| sum + head.amount);
        for (route, head) in &evicted {
            self.take_off(route, *head);
        }
        let found = if evicted.is_empty() { Ok(()) } else { self.find_heads() };
        let stored = entries.iter().map(|entry| entry.number).collect();
        (Added { stored, dropped, ..Added::default() }, found.err().map(Trouble::Read))
    }

    /// A payload, or nothing if it is damaged.
    ///
    /// # Errors
    /// The file cannot be read at all.
    pub(super) fn read(&mut self, route: &str, number: u64) -> Result<Option<Payload>, StoreError> {
        let key = self.key(number);
        self.with_store(|store| store.read(route, key))
    }

    /// Whether a payload, the first or second of its route, is still there.
    pub(super) fn has(&self, route: &RouteName, head: Head) -> bool {
        let shelf = self.shelves.get(route).copied().unwrap_or_default();
        let mut known = [shelf.head, shelf.second].into_iter().flatten();
        known.any(|known| known.number == head.number)
    }

    /// Removes a payload, the first or second of its route. Tells how much was removed: nothing if it was not there any more.
    pub(super) fn remove(&mut self, route: &RouteName, head: Head) -> Done<Amount> {
        if !self.has(route, head) {
            return (Amount::default(), None);
        }
        self.take_off(route, head);
        self.ghosts.insert((route.clone(), self.key(head.number)));
        let deleted = self.is_empty() && self.delete().is_ok();
        // What cannot be removed now stays a ghost.
        let removed = if deleted { Ok(()) } else { self.change(&[], &[]) };
        let found = self.find_head(route).err().map(Trouble::Read);
        (head.amount, found.or(removed.err().map(Trouble::Write)))
    }

    /// Removes what should not be in the file any more.
    pub(super) fn sweep(&mut self) -> Done<()> {
        if self.ghosts.is_empty() || self.is_empty() && self.delete().is_ok() {
            return ((), None);
        }
        ((), self.change(&[], &[]).err().map(Trouble::Write))
    }

    /// Puts a damaged file aside. Tells what was lost with it, and where it is now.
    pub(super) fn set_aside(&mut self) -> (Amount, io::Result<PathBuf>) {
        let lost = self.shelves.values().fold(Amount::default(), |sum, shelf| sum + shelf.amount);
        self.close();
        self.shelves.clear();
        self.ghosts.clear();
        let aside = self.path.with_extension("damaged");
        (lost, fs::rename(&self.path, &aside).map(|()| aside))
    }

    /// Lets others use the file.
    pub(super) fn close(&mut self) {
        self.store = None;
    }

    /// The path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is added to a number to have its key in the file; known once the file has been read.
    pub(super) const fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// All that should not be in the file is not there.
    pub(super) fn has_no_ghosts(&self) -> bool {
        self.ghosts.is_empty()
    }

    fn key(&self, number: u64) -> u64 {
        number.wrapping_add(self.offset.unwrap_or_default())
    }

    /// Nothing waits there.
    pub(super) fn is_empty(&self) -> bool {
        self.shelves.values().all(|shelf| shelf.entries == 0)
    }

    /// Does something with the file. What it holds may be such that the database panics.
    fn with_store<T>(
        &mut self,
        work: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (path, store) = (&self.path, self.store.take());
        let work = || {
            let store = store.map_or_else(|| Store::open(path), Ok)?;
            work(&store).map(|done| (store, done))
        };
        let (store, done) = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(StoreError::Damaged("the database panicked".to_owned())))?;
        self.store = Some(store);
        Ok(done)
    }

    fn make_directory(&self) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.options.directory)
    }

    /// Changes the file: adds, removes, and removes the ghosts.
    fn change(
        &mut self,
        added: &[store::Added<'_>],
        evicted: &[(RouteName, Head)],
    ) -> Result<(), StoreError> {
        let ghosts = std::mem::take(&mut self.ghosts);
        let removed = ghosts.iter().map(|(route, key)| (&**route, *key));
        let evicted = evicted.iter().map(|(route, head)| (&**route, self.key(head.number)));
        let removed: Vec<Removed<'_>> = removed.chain(evicted).collect();
        // After an error the file is opened anew.
        let changed = self.with_store(|store| store.change(added, &removed));
        if changed.is_err() {
            self.ghosts = ghosts;
        }
        changed
    }

    /// Deletes the file, in which nothing is that counts, while nobody else can have it.
    fn delete(&mut self) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.with_store(|_| Ok(fs::remove_file(&path)?))?;
        self.store = None;
        self.ghosts.clear();
        Ok(())
    }

    /// What has to be removed so that there is room for so many bytes.
    fn find_room(
        &mut self,
        needed: u64,
        under_way: &[(RouteName, u64)],
    ) -> Result<Vec<(RouteName, Head)>, StoreError> {
        // What is removed can only be used again after the next change but one.
        let room = self.room().saturating_sub(self.reserved + store::EMPTY + 2 * needed);
        let mut taken = self.shelves.values().map(|shelf| shelf.taken).sum::<u64>();
        let mut evicted = Vec::new();
        if taken + needed <= room {
            return Ok(evicted);
        }
        let mut oldest = BTreeMap::new();
        let routes: Vec<_> = self.shelves.keys().cloned().collect();
        for route in routes {
            oldest.extend(
                self.after(&route, None, under_way)?.map(|head| (head.number, (route, head))),
            );
        }
        while taken + needed > room {
            let Some((_, (route, head))) = oldest.pop_first() else {
                return Err(StoreError::NoRoom);
            };
            taken -= store::taken(head.size);
            let next = self.after(&route, Some(head.number), under_way)?;
            oldest.extend(next.map(|next| (next.number, (route.clone(), next))));
            evicted.push((route, head));
        }
        Ok(evicted)
    }

    /// How much may be on the disk. What the file has taken already is no loss for others.
    fn room(&self) -> u64 {
        let Ok(disk) = rustix::fs::statvfs(&self.options.directory) else {
            return self.options.most_bytes;
        };
        let used = store::on_disk(&self.path);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a number of bytes"
        )]
        let share =
            ((disk.f_bavail * disk.f_frsize + used) as f64 * self.options.most_of_free) as u64;
        share.max(used).min(self.options.most_bytes)
    }

    /// The first payload of a route after a number that is not under way.
    fn after(
        &mut self,
        route: &RouteName,
        number: Option<u64>,
        under_way: &[(RouteName, u64)],
    ) -> Result<Option<Head>, StoreError> {
        let offset = self.offset.unwrap_or_default();
        let ghosts = std::mem::take(&mut self.ghosts);
        let busy = under_way.iter().filter(|(busy, _)| busy == route);
        let busy: Vec<_> = busy.map(|(_, number)| number.wrapping_add(offset)).collect();
        let wanted = |key| !busy.contains(&key) && !ghosts.contains(&(route.clone(), key));
        let from = number.map_or(0, |number| number.wrapping_add(offset) + 1);
        let next = self.with_store(|store| store.next(route, from, wanted));
        self.ghosts = ghosts;
        Ok(next?.map(|head| with_number(head, offset)))
    }

    fn find_heads(&mut self) -> Result<(), StoreError> {
        let routes: Vec<_> = self.shelves.keys().cloned().collect();
        routes.iter().try_for_each(|route| self.find_head(route))
    }

    fn find_head(&mut self, route: &RouteName) -> Result<(), StoreError> {
        let Some(shelf) = self.shelves.get_mut(route) else { return Ok(()) };
        if shelf.entries == 0 {
            (shelf.head, shelf.second) = (None, None);
            return Ok(());
        }
        let head = self.after(route, None, &[])?;
        if head.is_none() {
            return Err(StoreError::Damaged("less is there than was written".to_owned()));
        }
        let after_head = head.map(|head| head.number);
        let second = self.after(route, after_head, &[])?;
        if let Some(shelf) = self.shelves.get_mut(route) {
            (shelf.head, shelf.second) = (head, second);
        }
        Ok(())
    }

    fn take_off(&mut self, route: &RouteName, head: Head) {
        self.shelves.get_mut(route).into_iter().for_each(|shelf| shelf.take_off(head));
    }
}

/// What is added to a number so that this process's keys follow the last one of the processes before.
fn offset(last: Option<u64>) -> u64 {
    last.map_or(0, |last| last.wrapping_add(1)).wrapping_sub(FIRST)
}

fn is_no_room(trouble: Option<&Trouble>) -> bool {
    matches!(trouble, Some(Trouble::Write(StoreError::NoRoom)))
}

/// A head of the file with its number in this process instead of its key.
fn with_number(head: Head, offset: u64) -> Head {
    Head { number: head.number.wrapping_sub(offset), ..head }
}
