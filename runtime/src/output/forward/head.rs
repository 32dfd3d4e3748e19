//! What is known of a payload on the disk without its body, and how that is written.
//!
//! All numbers are little-endian: the version, when it was made in milliseconds since the Unix epoch, the five amounts, the size of the
//! body and its CRC-32, the content type and encoding (each its length in a byte, and itself), and the CRC-32 of all that.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use crate::output::Amount;

use super::payload::Payload;

/// Written first; what begins otherwise is of a version that is not known here.
const VERSION: u8 = 1;

/// What is known of a payload on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Its place in the order of all.
    pub(super) number: u64,
    pub(super) made: SystemTime,
    pub(super) amount: Amount,
    /// The size of its body, in bytes.
    pub(super) size: u64,
    pub(super) checksum: u32,
}

/// The content type, and the encoding if there is one.
pub(super) type About<'a> = (&'a str, Option<&'a str>);

impl Head {
    pub(super) fn of(number: u64, payload: &Payload) -> Self {
        Self {
            number,
            made: payload.made,
            amount: payload.amount,
            size: payload.body.len() as u64,
            checksum: crc32fast::hash(&payload.body),
        }
    }

    pub(super) fn encode(&self, payload: &Payload) -> Vec<u8> {
        let Self { amount, size, checksum, .. } = self;
        let made = self.made.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let mut bytes = vec![VERSION];
        bytes.extend(u64::try_from(made).unwrap_or(u64::MAX).to_le_bytes());
        write_amount(*amount, &mut bytes);
        bytes.extend(size.to_le_bytes());
        bytes.extend(checksum.to_le_bytes());
        write_text(&payload.content_type, &mut bytes);
        write_text(payload.content_encoding.as_deref().unwrap_or_default(), &mut bytes);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// What was written, unless it has changed since.
    pub(super) fn decode(number: u64, bytes: &[u8]) -> Option<(Self, About<'_>)> {
        let (bytes, checksum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(bytes) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let mut reader = Reader(bytes);
        let [VERSION] = reader.take::<1>()? else { return None };
        let made = UNIX_EPOCH.checked_add(Duration::from_millis(reader.number()?))?;
        let amount = read_amount(&mut reader)?;
        let size = reader.number()?;
        let checksum = u32::from_le_bytes(reader.take()?);
        let (content_type, encoding) = (reader.text()?, reader.text()?);
        let head = Self { number, made, amount, size, checksum };
        Some((head, (content_type, Some(encoding).filter(|encoding| !encoding.is_empty()))))
    }

    /// The payload with a body, unless the body has changed since it was written.
    pub(super) fn payload(&self, route: &str, about: About<'_>, body: &[u8]) -> Option<Payload> {
        let (content_type, content_encoding) = about;
        (crc32fast::hash(body) == self.checksum).then(|| Payload {
            route: Cow::Owned(route.to_owned()),
            content_type: Cow::Owned(content_type.to_owned()),
            content_encoding: content_encoding.map(|encoding| Cow::Owned(encoding.to_owned())),
            body: Bytes::copy_from_slice(body),
            amount: self.amount,
            made: self.made,
        })
    }
}

/// A media type or an encoding; none is so long that it would be cut.
fn write_text(text: &str, bytes: &mut Vec<u8>) {
    let text = text.get(..text.len().min(255)).unwrap_or_default();
    bytes.push(u8::try_from(text.len()).unwrap_or_default());
    bytes.extend(text.as_bytes());
}

/// The five numbers of an amount.
pub(super) fn write_amount(amount: Amount, bytes: &mut Vec<u8>) {
    let Amount { series, sketches, service_checks, events, logs } = amount;
    for number in [series, sketches, service_checks, events, logs] {
        bytes.extend(number.to_le_bytes());
    }
}

/// The five numbers of an amount.
pub(super) fn read_amount(reader: &mut Reader<'_>) -> Option<Amount> {
    Some(Amount {
        series: reader.number()?,
        sketches: reader.number()?,
        service_checks: reader.number()?,
        events: reader.number()?,
        logs: reader.number()?,
    })
}

/// Reads what was written, from the beginning to the end.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take()?))
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let [length] = self.take::<1>()?;
        let (text, rest) = self.0.split_at_checked(length.into())?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}
