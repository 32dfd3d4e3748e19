//! The file of the spool: payloads by route and key, in a database of two tables.
//!
//! `heads` says what is known of a payload without its body, `bodies` has the bodies. Every change is one transaction, which is on
//! the disk when it returns; a process or machine that stops in the middle leaves the one before it.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use redb::backends::FileBackend;
use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::head::Head;
use super::payload::Payload;

type Key = (&'static str, u64);
const HEADS: TableDefinition<Key, &[u8]> = TableDefinition::new("heads");
const BODIES: TableDefinition<Key, &[u8]> = TableDefinition::new("bodies");

/// What the database keeps in memory, in bytes.
const CACHE: usize = 1 << 20;

/// What two empty tables take on the disk, and what a transaction needs besides, in bytes.
pub(super) const EMPTY: u64 = 256 * 1024;

/// An open file.
pub(super) struct Store(Database);

/// Why the file cannot be used.
#[derive(Debug)]
pub(super) enum StoreError {
    /// Another process, or another forwarder of this one, has it open.
    InUse,
    /// So much may not be on the disk, whatever else would leave it.
    NoRoom,
    /// The system says no.
    Io(String),
    /// It is not what was written.
    Damaged(String),
}

/// A payload to be added, and its key.
pub(super) type Added<'a> = (u64, &'a Payload);

/// What is removed: a key of a route.
pub(super) type Removed<'a> = (&'a str, u64);

impl Store {
    /// Opens a file, and makes it if need be, for nobody else to read.
    ///
    /// The file that the path named may be deleted by its owner before it is ours: what was written to it would be nowhere.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = file.open(path)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        let opened = place(&file.metadata()?);
        let store = Self(
            Builder::new().set_cache_size(CACHE).create_with_backend(FileBackend::new(file)?)?,
        );
        match fs::metadata(path) {
            Ok(named) if place(&named) == opened => Ok(store),
            _ => Err(StoreError::InUse),
        }
    }

    /// Adds payloads and removes others, both or nothing.
    pub(super) fn change(
        &self,
        added: &[Added<'_>],
        removed: &[Removed<'_>],
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin_write()?;
        {
            let mut heads = transaction.open_table(HEADS)?;
            let mut bodies = transaction.open_table(BODIES)?;
            for key in removed {
                heads.remove(key)?;
                bodies.remove(key)?;
            }
            for (key, payload) in added {
                let key = (&*payload.route, *key);
                heads.insert(key, &*Head::of(key.1, payload).encode(payload))?;
                bodies.insert(key, &*payload.body)?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Calls with every payload's route and head, in order, or with the key of one that cannot be read.
    pub(super) fn each(
        &self,
        mut found: impl FnMut(&str, Result<Head, u64>),
    ) -> Result<(), StoreError> {
        let Some(heads) = self.table(HEADS)? else { return Ok(()) };
        for entry in heads.iter()? {
            let (key, head) = entry?;
            let (route, key) = key.value();
            found(route, Head::decode(key, head.value()).map(|(head, _)| head).ok_or(key));
        }
        Ok(())
    }

    /// The first head of a route from a key on that is wanted.
    pub(super) fn next(
        &self,
        route: &str,
        from: u64,
        wanted: impl Fn(u64) -> bool,
    ) -> Result<Option<Head>, StoreError> {
        let Some(heads) = self.table(HEADS)? else { return Ok(None) };
        for entry in heads.range((route, from)..=(route, u64::MAX))? {
            let (key, head) = entry?;
            let key = key.value().1;
            if wanted(key)
                && let Some((head, _)) = Head::decode(key, head.value())
            {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// A payload, or nothing if it is not as it was written.
    pub(super) fn read(&self, route: &str, key: u64) -> Result<Option<Payload>, StoreError> {
        let (Some(heads), Some(bodies)) = (self.table(HEADS)?, self.table(BODIES)?) else {
            return Ok(None);
        };
        let (Some(head), Some(body)) = (heads.get((route, key))?, bodies.get((route, key))?) else {
            return Ok(None);
        };
        let Some((head, about)) = Head::decode(key, head.value()) else { return Ok(None) };
        Ok(head.payload(route, about, body.value()))
    }

    fn table(
        &self,
        table: TableDefinition<Key, &'static [u8]>,
    ) -> Result<Option<redb::ReadOnlyTable<Key, &'static [u8]>>, StoreError> {
        match self.0.begin_read()?.open_table(table) {
            Ok(table) => Ok(Some(table)),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Which file it is, whatever its name.
fn place(metadata: &fs::Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// What a body of a size takes in the file: a large one has pages of its own, the number of which is a power of two.
pub(super) const fn taken(body: u64) -> u64 {
    const BESIDES: u64 = 512;
    match body + BESIDES {
        small @ 0..4096 => small,
        large => large.next_power_of_two(),
    }
}

/// What a file takes on the disk, in bytes.
pub(super) fn on_disk(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.blocks() * 512)
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => f.write_str("another process is using it"),
            Self::NoRoom => f.write_str("there is no room on the disk"),
            Self::Io(error) | Self::Damaged(error) => f.write_str(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => Self::InUse,
            redb::Error::Io(error) => error.into(),
            redb::Error::PreviousIo => Self::Io("an earlier error".to_owned()),
            // These say nothing of what is in the file.
            redb::Error::DatabaseClosed | redb::Error::Unsupported | redb::Error::Backend(_) => {
                Self::Io(error.to_string())
            }
            other => Self::Damaged(other.to_string()),
        }
    }
}

macro_rules! from_errors_of_redb {
    ($($error:ident)*) => {
        $(impl From<redb::$error> for StoreError {
            fn from(error: redb::$error) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}
from_errors_of_redb!(DatabaseError TransactionError TableError StorageError CommitError);
