//! The wire format of Protocol Buffers, written in one pass into one buffer.
//!
//! The messages of OTLP are written as the points come: no structure is built first, so a point costs no allocation.

use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint};

/// Messages as they are written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

/// A message within another that is being written: where its content begins.
#[derive(Debug, Clone, Copy)]
#[must_use = "a message that is not closed has no length"]
pub(super) struct Open(usize);

impl Writer {
    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What was written; the writer is as new.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// A number (`uint32`, `uint64`, `bool`, an enumeration).
    pub(super) fn number(&mut self, field: u32, value: u64) {
        self.key(field, WireType::Varint);
        encode_varint(value, &mut self.bytes);
    }

    /// A number of either sign (`sint32`).
    pub(super) fn signed(&mut self, field: u32, value: i32) {
        let zigzag = (value << 1) ^ (value >> 31);
        self.number(field, u64::from(zigzag.cast_unsigned()));
    }

    /// A number of eight bytes (`fixed64`, `sfixed64`).
    pub(super) fn fixed(&mut self, field: u32, value: u64) {
        self.key(field, WireType::SixtyFourBit);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn double(&mut self, field: u32, value: f64) {
        self.fixed(field, value.to_bits());
    }

    /// A text, or bytes of any kind.
    pub(super) fn text(&mut self, field: u32, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        self.key(field, WireType::LengthDelimited);
        encode_varint(text.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(text);
    }

    /// What is written already.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A number of a packed list, without its field.
    pub(super) fn packed(&mut self, value: u64) {
        encode_varint(value, &mut self.bytes);
    }

    /// Begins a message, or a packed list, that [`close`](Self::close) ends.
    pub(super) fn open(&mut self, field: u32) -> Open {
        self.key(field, WireType::LengthDelimited);
        // Most messages are short; the others are moved when their length is known.
        self.bytes.push(0);
        Open(self.bytes.len())
    }

    #[expect(clippy::cast_possible_truncation, reason = "a length below 128")]
    pub(super) fn close(&mut self, Open(start): Open) {
        let length = self.bytes.len() - start;
        if length < 0x80 {
            self.bytes[start - 1] = length as u8;
            return;
        }
        let more = encoded_len_varint(length as u64) - 1;
        self.bytes.resize(start + length + more, 0);
        self.bytes.copy_within(start..start + length, start + more);
        encode_varint(length as u64, &mut &mut self.bytes[start - 1..start + more]);
    }

    /// A message within this one.
    pub(super) fn message(&mut self, field: u32, write: impl FnOnce(&mut Self)) {
        let open = self.open(field);
        write(self);
        self.close(open);
    }

    fn key(&mut self, field: u32, wire_type: WireType) {
        encode_key(field, wire_type, &mut self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

    /// Examples of the encoding page of Protocol Buffers.
    #[test]
    fn fields_are_written_as_the_format_says() {
        let mut writer = Writer::default();
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
        assert_eq!(writer.bytes(), expected.concat());
    }

    #[test]
    fn a_long_message_is_moved_behind_its_length() {
        for length in [127_usize, 128, 16_383, 16_384, 3_000_000] {
            let text = vec![b'x'; length];
            let mut writer = Writer::default();
            let open = writer.open(1);
            writer.raw(&text);
            writer.close(open);
            let mut expected = Writer::default();
            expected.text(1, &text);
            assert!(writer.bytes() == expected.bytes(), "{length}");
        }
    }
}
