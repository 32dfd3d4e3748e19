//! How what is kept of an instance is written.
//!
//! All numbers are little-endian. A record is its length, the CRC-32 of that, and the CRC-32 of what follows (4 bytes each), then the id, the time, the
//! number of baselines, each with its series, whether it is a rate, total and time, and then, after a byte 1, the number of texts
//! and the texts with their keys; a byte 0 stands for texts that have not changed. A text is its length in 4 bytes and itself.

use std::collections::BTreeMap;

use crate::aggregate::{Baseline, Baselines, Reading};

/// The bytes before a record's content: its length and the checksums.
pub(super) const HEAD: usize = 12;

/// What is written of an instance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) time: f64,
    pub(super) baselines: Baselines,
    pub(super) cache: Option<BTreeMap<String, String>>,
}

/// What stands at a place of a file.
pub(super) enum Found<'a> {
    Record(Record, &'a [u8]),
    /// The file ends in the middle of a record.
    Torn,
    Damaged,
}

/// Appends a record.
pub(super) fn write(
    id: &str,
    time: f64,
    baselines: &Baselines,
    cache: Option<&BTreeMap<String, String>>,
    out: &mut Vec<u8>,
) {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    write_text(id, out);
    out.extend_from_slice(&time.to_le_bytes());
    write_count(baselines.all.len(), out);
    for Baseline { series, is_rate, reading } in &baselines.all {
        out.extend_from_slice(&series.to_le_bytes());
        out.push(u8::from(*is_rate));
        out.extend_from_slice(&reading.total.to_le_bytes());
        out.extend_from_slice(&reading.time.to_le_bytes());
    }
    out.push(u8::from(cache.is_some()));
    if let Some(cache) = cache {
        write_count(cache.len(), out);
        for (key, value) in cache {
            write_text(key, out);
            write_text(value, out);
        }
    }
    let content = &out[start + HEAD..];
    let (length, crc) = (count(content.len()), crc32fast::hash(content));
    let head = [length, crc32fast::hash(&length).to_le_bytes(), crc.to_le_bytes()].concat();
    out[start..start + HEAD].copy_from_slice(&head);
}

/// Reads the record that bytes begin with.
pub(super) fn read(bytes: &[u8]) -> Found<'_> {
    let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Found::Torn };
    let mut head = Reader { rest: head };
    let (Some(length), Some(of_length), Some(crc)) = (head.take(), head.take(), head.take()) else {
        return Found::Torn;
    };
    if crc32fast::hash(&length) != u32::from_le_bytes(of_length) {
        return Found::Damaged;
    }
    let length = u32::from_le_bytes(length) as usize;
    let Some((content, rest)) = rest.split_at_checked(length) else { return Found::Torn };
    if crc32fast::hash(content) != u32::from_le_bytes(crc) {
        return Found::Damaged;
    }
    match (Reader { rest: content }).record() {
        Some(record) => Found::Record(record, rest),
        None => Found::Damaged,
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_count(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn write_count(number: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&count(number));
}

/// What is kept of one instance stays far below 4 GiB; if it does not, it is found damaged.
fn count(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn record(mut self) -> Option<Record> {
        let (id, time) = (self.text()?, self.number()?);
        let baselines = (0..self.count()?).map(|_| self.baseline()).collect::<Option<_>>()?;
        let cache = match self.take::<1>()? {
            [0] => None,
            _ => Some((0..self.count()?).map(|_| self.entry()).collect::<Option<_>>()?),
        };
        let record = Record { id, time, baselines: Baselines { all: baselines }, cache };
        self.rest.is_empty().then_some(record)
    }

    fn baseline(&mut self) -> Option<Baseline> {
        Some(Baseline {
            series: u64::from_le_bytes(self.take()?),
            is_rate: self.take::<1>()? != [0],
            reading: Reading { total: self.number()?, time: self.number()? },
        })
    }

    fn entry(&mut self) -> Option<(String, String)> {
        Some((self.text()?, self.text()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.take()?)).ok()
    }

    fn number(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take()?))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*bytes)
    }
}
