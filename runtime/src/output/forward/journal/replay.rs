//! What a journal says of the process that wrote it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use crate::output::forward::payload::Payload;

use super::FILE;
use super::record::{self, Base, Record};

/// What an earlier process has left.
#[derive(Debug, Default)]
pub(in crate::output::forward) struct Left {
    pub(in crate::output::forward) base: Base,
    /// The payloads that waited in its memory.
    pub(in crate::output::forward) waiting: BTreeMap<u64, Payload>,
    /// What was being sent: nobody knows whether it was accepted.
    pub(in crate::output::forward) under_way: BTreeSet<u64>,
    /// What has been settled, and may still be on the disk.
    pub(in crate::output::forward) gone: BTreeSet<u64>,
    /// The last number that it used.
    pub(in crate::output::forward) last: Option<u64>,
    /// So many bytes at the end are no records.
    pub(in crate::output::forward) cut_off: usize,
}

impl Left {
    /// Reads the journal of a directory; nothing if there is none, or none that begins as one.
    ///
    /// # Errors
    /// It cannot be read.
    pub(in crate::output::forward) fn read(directory: &Path) -> io::Result<Option<Self>> {
        let bytes = match fs::read(directory.join(FILE)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut left = None::<Self>;
        let read = record::each(&bytes, |record| match (record, &mut left) {
            (Record::Base(base), _) => left = Some(Self { base, ..Self::default() }),
            (record, Some(left)) => left.add(record),
            (_, None) => {}
        });
        if let Some(left) = &mut left {
            left.cut_off = bytes.len() - read;
        }
        Ok(left)
    }

    fn add(&mut self, record: Record) {
        let id = match record {
            Record::Base(_) => return,
            Record::Made(id, payload) => {
                self.waiting.insert(id, payload);
                id
            }
            Record::Started(id, again) => {
                self.base.again += again;
                self.under_way.insert(id);
                id
            }
            Record::Waits(id) => {
                self.under_way.remove(&id);
                id
            }
            Record::Stored(id) => {
                self.waiting.remove(&id);
                id
            }
            Record::Settled(id, settled) => {
                self.waiting.remove(&id);
                self.under_way.remove(&id);
                self.gone.insert(id);
                self.base.settled.add(&settled);
                id
            }
        };
        self.last = self.last.max(Some(id));
    }
}
