//! The wire format of protobuf, written by hand: what is sent is encoded from where it lies, with no owned messages in between.
//!
//! As proto3 has it, a field with its type's default (0, an empty text) is not written.

/// A number of seven bits a byte.
const VARINT: u8 = 0;
/// Eight bytes.
const FIXED_64: u8 = 1;
/// A length and as many bytes.
const LENGTH: u8 = 2;

/// The key of a field. Only fields below 16 are used, whose keys take one byte.
const fn key(field: u8, form: u8) -> u8 {
    field << 3 | form
}

/// A number, the lowest seven bits first.
#[inline]
pub(super) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    out.push(low_byte(number));
}

/// A signed number of which small ones are short, as `sint32` has them.
#[inline]
pub(super) fn zigzag(out: &mut Vec<u8>, number: i32) {
    let folded = (number << 1) ^ (number >> 31);
    varint(out, u64::from(folded.cast_unsigned()));
}

/// A text.
#[inline]
pub(super) fn text(out: &mut Vec<u8>, field: u8, text: &str) {
    if !text.is_empty() {
        item(out, field, text);
    }
}

/// A text of a list, where an empty one counts.
#[inline]
pub(super) fn item(out: &mut Vec<u8>, field: u8, text: &str) {
    out.push(key(field, LENGTH));
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// A double.
#[inline]
pub(super) fn double(out: &mut Vec<u8>, field: u8, value: f64) {
    if value != 0.0 {
        out.push(key(field, FIXED_64));
        out.extend_from_slice(&value.to_le_bytes());
    }
}

/// A whole number.
#[inline]
pub(super) fn integer(out: &mut Vec<u8>, field: u8, value: i64) {
    if value != 0 {
        out.push(key(field, VARINT));
        varint(out, value.cast_unsigned());
    }
}

/// A message, or numbers side by side. Its length stands before it and is known after it: `ROOM` bytes are left for it, and what
/// was written is moved if the length takes more or fewer.
#[inline]
pub(super) fn message<const ROOM: usize>(
    out: &mut Vec<u8>,
    field: u8,
    write: impl FnOnce(&mut Vec<u8>),
) {
    out.push(key(field, LENGTH));
    let start = out.len();
    out.extend_from_slice(&[0; ROOM]);
    write(out);
    let length = out.len() - start - ROOM;
    let needed = length_of_varint(length);
    if needed != ROOM {
        make_room(out, start, ROOM, needed);
    }
    put(&mut out[start..start + needed], length);
}

/// Moves what follows the room for a length.
#[cold]
fn make_room(out: &mut Vec<u8>, start: usize, room: usize, needed: usize) {
    let end = out.len();
    if needed > room {
        out.resize(end + needed - room, 0);
    }
    out.copy_within(start + room..end, start + needed);
    out.truncate(end + needed - room);
}

fn put(place: &mut [u8], mut length: usize) {
    let last = place.len() - 1;
    for byte in &mut place[..last] {
        *byte = low_byte(length as u64) | 0x80;
        length >>= 7;
    }
    place[last] = low_byte(length as u64);
}

const fn length_of_varint(number: usize) -> usize {
    let bits = usize::BITS - (number | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

/// The lowest seven bits.
const fn low_byte(number: u64) -> u8 {
    (number & 0x7f) as u8
}
