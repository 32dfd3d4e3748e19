//! JSON, written from where its parts lie.

use serde::Serialize;

/// A value of any type, at the end of a text.
pub(super) fn value(out: &mut Vec<u8>, value: impl Serialize) {
    // Texts, numbers and lists of them, written to memory: nothing can fail.
    let _ = serde_json::to_writer(out, &value);
}

/// Texts, in brackets.
pub(super) fn list<'t>(out: &mut Vec<u8>, texts: impl Iterator<Item = &'t str>) {
    out.push(b'[');
    for (at, text) in texts.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        value(out, text);
    }
    out.push(b']');
}

/// An object that is being written; keys are plain names.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    before: u8,
}

impl<'o> Object<'o> {
    pub(super) const fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, before: b'{' }
    }

    /// A field whose value is written by a function.
    pub(super) fn field(&mut self, key: &str, write: impl FnOnce(&mut Vec<u8>)) -> &mut Self {
        self.out.push(self.before);
        self.before = b',';
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        write(self.out);
        self
    }

    pub(super) fn value(&mut self, key: &str, value: impl Serialize) -> &mut Self {
        self.field(key, |out| self::value(out, value))
    }

    /// A text, unless it is empty.
    pub(super) fn text(&mut self, key: &str, text: &str) -> &mut Self {
        match text {
            "" => self,
            text => self.value(key, text),
        }
    }

    pub(super) fn list<'t>(
        &mut self,
        key: &str,
        texts: impl Iterator<Item = &'t str>,
    ) -> &mut Self {
        self.field(key, |out| list(out, texts))
    }

    /// Fields that have been written before, each after a comma.
    pub(super) fn fields(&mut self, fields: &[u8]) -> &mut Self {
        self.out.extend_from_slice(fields);
        self
    }

    pub(super) fn close(&mut self) {
        self.out.push(b'}');
    }
}
