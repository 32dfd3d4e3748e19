//! How much an output was to forward, and what became of what no journal tells of: a few numbers in a file, which are there
//! whatever becomes of the process.
//!
//! They are written over, in one place and one call, into the system's memory: a killed process leaves those before a call or those after
//! it. All numbers are little-endian: the version, the number of the journal that belongs to it, the amounts of [`Sums`], and the CRC-32 of
//! all that. Whoever has the file locked has the journal, too.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::output::Amount;

use super::head::{Reader, read_amount, write_amount};

/// The name of the file.
pub(super) const FILE: &str = "ledger";

const VERSION: u64 = 1;

/// What is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Which journal belongs to it.
    pub(super) journal: u64,
    /// What was to be forwarded, over all processes.
    pub(super) taken: Amount,
    /// What of that was delivered, and the journal does not tell.
    pub(super) delivered: Amount,
    /// What of that was refused, and the journal does not tell.
    pub(super) refused: Amount,
    /// What of that was dropped, and the journal does not tell.
    pub(super) dropped: Amount,
}

/// The numbers, and the file if there is one.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) sums: Sums,
    /// What was announced and has not come yet.
    expected: Amount,
    file: Option<(File, PathBuf)>,
}

impl Ledger {
    /// Opens the file in a directory, and gives the numbers of the processes before, if there are any that can be read. What was counted
    /// before it was open is added to them.
    ///
    /// # Errors
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if another one has it.
    pub(super) fn open(&mut self, directory: &Path) -> io::Result<Option<Sums>> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let path = directory.join(FILE);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(&path)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        // The one before may have deleted it between the two calls.
        let opened = file.metadata()?;
        let is_it =
            |named: fs::Metadata| (opened.dev(), opened.ino()) == (named.dev(), named.ino());
        if !fs::metadata(&path).is_ok_and(is_it) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let mut bytes = [0; Sums::SIZE];
        let before = file.read_exact_at(&mut bytes, 0).ok().and_then(|()| Sums::decode(&bytes));
        self.sums = before.unwrap_or_default().and(&self.sums);
        self.file = Some((file, path));
        self.write();
        Ok(before)
    }

    pub(super) const fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// So much is on its way.
    pub(super) fn announce(&mut self, amount: Amount) {
        self.sums.taken += amount;
        self.expected += amount;
        self.write();
    }

    /// So much has come, announced or not.
    pub(super) fn come(&mut self, amount: Amount) {
        let more = amount.without(self.expected);
        self.expected = self.expected.without(amount);
        if more.total() > 0 {
            self.sums.taken += more;
            self.write();
        }
    }

    /// Changes what the journal does not tell.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Sums)) {
        change(&mut self.sums);
        self.write();
    }

    /// Nothing that was announced is still to come.
    pub(super) fn is_complete(&self) -> bool {
        self.expected.total() == 0
    }

    /// Lets others have the file, and deletes it if nobody needs it.
    pub(super) fn close(&mut self, delete: bool) {
        if let Some((_file, path)) = self.file.take()
            && delete
        {
            // What is left tells the next process that nothing was lost.
            let _ = fs::remove_file(path);
        }
    }

    /// What cannot be written now is written with the next change.
    fn write(&self) {
        if let Some((file, _)) = &self.file {
            let _ = file.write_all_at(&self.sums.encode(), 0);
        }
    }
}

impl Sums {
    const SIZE: usize = 2 * 8 + 4 * 5 * 8 + 4;

    /// What was delivered, refused and dropped.
    pub(super) fn settled(&self) -> Amount {
        self.delivered + self.refused + self.dropped
    }

    /// What was added since.
    pub(super) fn without(&self, before: &Self) -> Self {
        Self {
            journal: 0,
            taken: self.taken.without(before.taken),
            delivered: self.delivered.without(before.delivered),
            refused: self.refused.without(before.refused),
            dropped: self.dropped.without(before.dropped),
        }
    }

    fn and(self, more: &Self) -> Self {
        Self {
            journal: self.journal,
            taken: self.taken + more.taken,
            delivered: self.delivered + more.delivered,
            refused: self.refused + more.refused,
            dropped: self.dropped + more.dropped,
        }
    }

    fn encode(&self) -> [u8; Self::SIZE] {
        let mut bytes = Vec::with_capacity(Self::SIZE);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(self.journal.to_le_bytes());
        for amount in [self.taken, self.delivered, self.refused, self.dropped] {
            write_amount(amount, &mut bytes);
        }
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes.try_into().unwrap_or([0; Self::SIZE])
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (bytes, checksum) = bytes.split_last_chunk::<4>()?;
        let mut reader = Reader(bytes);
        if crc32fast::hash(bytes) != u32::from_le_bytes(*checksum) || reader.number()? != VERSION {
            return None;
        }
        Some(Self {
            journal: reader.number()?,
            taken: read_amount(&mut reader)?,
            delivered: read_amount(&mut reader)?,
            refused: read_amount(&mut reader)?,
            dropped: read_amount(&mut reader)?,
        })
    }
}
