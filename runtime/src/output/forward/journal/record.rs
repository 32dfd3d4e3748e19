//! How the journal's records are written, and read again up to the first that is not as it was written.
//!
//! All numbers are little-endian. A record is the size of what follows, the CRC-32 of that, and that: a byte for its sort, and what
//! belongs to it.

use crate::output::Amount;
use crate::output::forward::head::{Head, Reader, read_amount, write_amount};
use crate::output::forward::payload::Payload;

/// What a record takes besides what it says, in bytes.
const FRAME: usize = 8;

/// The version of all this.
const VERSION: u64 = 1;

/// What became of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::output::forward) struct Settled {
    pub(in crate::output::forward) delivered: Amount,
    pub(in crate::output::forward) refused: Amount,
    pub(in crate::output::forward) dropped: Amount,
}

/// What became of everything before a journal was begun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::output::forward) struct Base {
    /// Which journal it is: the ledger says the same.
    pub(in crate::output::forward) journal: u64,
    pub(in crate::output::forward) settled: Settled,
    /// What was lost with processes that were killed.
    pub(in crate::output::forward) killed: Amount,
    /// What may have been sent twice.
    pub(in crate::output::forward) again: Amount,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    /// The first one.
    Base(Base),
    /// A payload, which waits from now on.
    Made(u64, Payload),
    /// It is about to be sent, again if so much of it may have been accepted before.
    Started(u64, Amount),
    /// It was not accepted, and waits again.
    Waits(u64),
    /// It waits no more.
    Settled(u64, Settled),
    /// It waits on the disk, and is not needed here.
    Stored(u64),
}

impl Settled {
    pub(in crate::output::forward) fn add(&mut self, other: &Self) {
        self.delivered += other.delivered;
        self.refused += other.refused;
        self.dropped += other.dropped;
    }

    pub(in crate::output::forward) fn sum(&self) -> Amount {
        self.delivered + self.refused + self.dropped
    }

    const fn amounts(&self) -> [Amount; 3] {
        [self.delivered, self.refused, self.dropped]
    }
}

/// The bytes of a payload's record but the body, which follows them.
pub(super) fn made(id: u64, payload: &Payload) -> Vec<u8> {
    let head = Head::of(id, payload).encode(payload);
    let mut bytes = begin(2);
    bytes.extend(id.to_le_bytes());
    for part in [payload.route.as_bytes(), &head] {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part);
    }
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(bytes.get(FRAME..).unwrap_or_default());
    checksum.update(&payload.body);
    let size = bytes.len() - FRAME + payload.body.len();
    end(bytes, size, checksum.finalize())
}

impl Record {
    /// The bytes of a record without a body.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes;
        match self {
            Self::Made(id, payload) => {
                bytes = made(*id, payload);
                bytes.extend_from_slice(&payload.body);
                return bytes;
            }
            Self::Base(base) => {
                bytes = begin(1);
                bytes.extend(VERSION.to_le_bytes());
                bytes.extend(base.journal.to_le_bytes());
                let amounts = base.settled.amounts().into_iter().chain([base.killed, base.again]);
                amounts.for_each(|amount| write_amount(amount, &mut bytes));
            }
            Self::Started(id, again) => {
                bytes = with_id(3, *id);
                write_amount(*again, &mut bytes);
            }
            Self::Waits(id) => bytes = with_id(4, *id),
            Self::Settled(id, settled) => {
                bytes = with_id(5, *id);
                settled.amounts().into_iter().for_each(|amount| write_amount(amount, &mut bytes));
            }
            Self::Stored(id) => bytes = with_id(6, *id),
        }
        let said = bytes.get(FRAME..).unwrap_or_default();
        let (size, checksum) = (said.len(), crc32fast::hash(said));
        end(bytes, size, checksum)
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let [sort] = reader.take()?;
        Some(match sort {
            1 => Self::Base(base(&mut reader)?),
            2 => {
                let id = reader.number()?;
                let route = std::str::from_utf8(part(&mut reader)?).ok()?;
                let (head, about) = Head::decode(id, part(&mut reader)?)?;
                Self::Made(id, head.payload(route, about, reader.0)?)
            }
            3 => Self::Started(reader.number()?, read_amount(&mut reader)?),
            4 => Self::Waits(reader.number()?),
            5 => Self::Settled(reader.number()?, settled(&mut reader)?),
            6 => Self::Stored(reader.number()?),
            _ => return None,
        })
    }
}

/// The records in bytes, and how many bytes they take.
pub(super) fn each(bytes: &[u8], mut found: impl FnMut(Record)) -> usize {
    let mut rest = bytes;
    while let Some((record, after)) = next(rest) {
        found(record);
        rest = after;
    }
    bytes.len() - rest.len()
}

fn next(bytes: &[u8]) -> Option<(Record, &[u8])> {
    let mut reader = Reader(bytes);
    let size = u32::from_le_bytes(reader.take()?);
    let checksum = u32::from_le_bytes(reader.take()?);
    let (said, after) = reader.0.split_at_checked(usize::try_from(size).ok()?)?;
    (crc32fast::hash(said) == checksum).then_some(())?;
    Some((Record::decode(said)?, after))
}

fn base(reader: &mut Reader<'_>) -> Option<Base> {
    (reader.number()? == VERSION).then_some(())?;
    Some(Base {
        journal: reader.number()?,
        settled: settled(reader)?,
        killed: read_amount(reader)?,
        again: read_amount(reader)?,
    })
}

fn settled(reader: &mut Reader<'_>) -> Option<Settled> {
    Some(Settled {
        delivered: read_amount(reader)?,
        refused: read_amount(reader)?,
        dropped: read_amount(reader)?,
    })
}

fn part<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let size = usize::try_from(reader.number()?).ok()?;
    let (part, rest) = reader.0.split_at_checked(size)?;
    reader.0 = rest;
    Some(part)
}

/// Room for the frame, and the sort.
fn begin(sort: u8) -> Vec<u8> {
    let mut bytes = vec![0; FRAME];
    bytes.push(sort);
    bytes
}

fn with_id(sort: u8, id: u64) -> Vec<u8> {
    let mut bytes = begin(sort);
    bytes.extend(id.to_le_bytes());
    bytes
}

fn end(mut bytes: Vec<u8>, size: usize, checksum: u32) -> Vec<u8> {
    // No payload is near 4 GiB; one that were could not be read again, which is as if it were not here.
    let size = u32::try_from(size).unwrap_or(u32::MAX);
    let frame = size.to_le_bytes().into_iter().chain(checksum.to_le_bytes());
    bytes.iter_mut().zip(frame).for_each(|(byte, of_frame)| *byte = of_frame);
    bytes
}
