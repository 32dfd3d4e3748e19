//! The wire format of Protocol Buffers, written in one pass into one buffer.
//!
//! Messages are written as what they are made of comes: no structure is built first, so a point costs no allocation.

use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint};

/// A message within another that is being written: where its content begins.
#[derive(Debug, Clone, Copy)]
#[must_use = "a message that is not closed has no length"]
pub(super) struct Open(usize);

/// Writes fields, of a message that is not closed yet or of the outermost one.
pub(super) trait Wire {
    /// A number (`uint32`, `uint64`, `int64`, `bool`, an enumeration).
    fn number(&mut self, field: u32, value: u64);

    /// A number of either sign (`sint32`).
    fn signed(&mut self, field: u32, value: i32);

    /// A number of eight bytes (`fixed64`, `sfixed64`).
    fn fixed(&mut self, field: u32, value: u64);

    /// A floating-point number (`double`).
    fn double(&mut self, field: u32, value: f64);

    /// A text, or bytes of any kind.
    fn text(&mut self, field: u32, text: impl AsRef<[u8]>);

    /// A number of a packed list, without its field.
    fn packed(&mut self, value: u64);

    /// A number of either sign of a packed list, without its field.
    fn packed_signed(&mut self, value: i32);

    /// Begins a message, or a packed list, that [`close`](Self::close) ends.
    fn open(&mut self, field: u32) -> Open;

    /// Ends what was begun.
    fn close(&mut self, open: Open);

    /// A message within this one.
    fn message(&mut self, field: u32, write: impl FnOnce(&mut Self)) {
        let open = self.open(field);
        write(self);
        self.close(open);
    }

    /// A number, unless it is what a reader takes if there is none.
    fn number_unless_zero(&mut self, field: u32, value: u64) {
        if value != 0 {
            self.number(field, value);
        }
    }

    /// A floating-point number, unless it is what a reader takes if there is none.
    fn double_unless_zero(&mut self, field: u32, value: f64) {
        if value != 0.0 {
            self.double(field, value);
        }
    }

    /// A text, unless it is what a reader takes if there is none.
    fn text_unless_empty(&mut self, field: u32, text: &str) {
        if !text.is_empty() {
            self.text(field, text);
        }
    }
}

impl Wire for Vec<u8> {
    #[inline]
    fn number(&mut self, field: u32, value: u64) {
        encode_key(field, WireType::Varint, self);
        self.packed(value);
    }

    #[inline]
    fn signed(&mut self, field: u32, value: i32) {
        encode_key(field, WireType::Varint, self);
        self.packed_signed(value);
    }

    #[inline]
    fn fixed(&mut self, field: u32, value: u64) {
        encode_key(field, WireType::SixtyFourBit, self);
        self.extend_from_slice(&value.to_le_bytes());
    }

    #[inline]
    fn double(&mut self, field: u32, value: f64) {
        self.fixed(field, value.to_bits());
    }

    #[inline]
    fn text(&mut self, field: u32, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        encode_key(field, WireType::LengthDelimited, self);
        self.packed(text.len() as u64);
        self.extend_from_slice(text);
    }

    #[inline]
    fn packed(&mut self, value: u64) {
        encode_varint(value, self);
    }

    #[inline]
    fn packed_signed(&mut self, value: i32) {
        let zigzag = (value << 1) ^ (value >> 31);
        self.packed(u64::from(zigzag.cast_unsigned()));
    }

    #[inline]
    fn open(&mut self, field: u32) -> Open {
        encode_key(field, WireType::LengthDelimited, self);
        // Most messages are short; the others are moved when their length is known.
        self.push(0);
        Open(self.len())
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a length below 128")]
    fn close(&mut self, Open(start): Open) {
        let length = self.len() - start;
        if length < 0x80 {
            self[start - 1] = length as u8;
            return;
        }
        let more = encoded_len_varint(length as u64) - 1;
        self.resize(start + length + more, 0);
        self.copy_within(start..start + length, start + more);
        encode_varint(length as u64, &mut &mut self[start - 1..start + more]);
    }
}

#[cfg(test)]
mod tests {
    use super::Wire;

    /// Examples of the encoding page of Protocol Buffers.
    #[test]
    fn fields_are_written_as_the_format_says() {
        let mut writer = Vec::new();
        writer.number(1, 150);
        writer.text(2, "testing");
        writer.message(3, |inner| inner.number(1, 150));
        writer.signed(4, -2);
        writer.double(5, 1.0);
        let expected: &[&[u8]] = &[
            &[0x08, 0x96, 0x01],
            &[0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67],
            &[0x1a, 0x03, 0x08, 0x96, 0x01],
            &[0x20, 0x03],
            &[0x29, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
        ];
        assert_eq!(writer, expected.concat());
    }

    #[test]
    fn a_long_message_is_moved_behind_its_length() {
        for length in [127_usize, 128, 16_383, 16_384, 3_000_000] {
            let text = vec![b'x'; length];
            let mut writer = Vec::new();
            let open = writer.open(1);
            writer.extend_from_slice(&text);
            writer.close(open);
            let mut expected = Vec::new();
            expected.text(1, &text);
            assert!(writer == expected, "{length}");
        }
    }
}
