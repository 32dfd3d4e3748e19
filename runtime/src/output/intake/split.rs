//! Items are packed into payloads that no limit is exceeded by: a payload is closed when the next item would not fit.
//!
//! Nothing is encoded twice for it. Of a compressed stream it is known how long it can become at most; only where that says an item
//! might not fit is the stream flushed, and its length exact.

use std::io;

use bytes::Bytes;

use super::compress::Stream;

/// So many bytes are given to the stream at once.
const CHUNK: usize = 32 * 1024;

/// What a payload may be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Bytes as they are sent.
    pub(super) compressed: usize,
    /// Bytes before they are compressed, which must be fewer than this.
    pub(super) raw: usize,
    /// Items.
    pub(super) items: u64,
    /// Bytes of one item before it is compressed.
    pub(super) item: usize,
}

impl Limits {
    /// Not worth filling further: an item may fit, but every try costs a flush.
    const fn is_nearly_full(&self, length: usize) -> bool {
        length >= self.compressed - self.compressed / 32
    }
}

/// What stands around the items of a payload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'f> {
    pub(super) start: &'f str,
    pub(super) between: &'static str,
    pub(super) end: &'f str,
}

impl Frame<'static> {
    /// Items of protobuf follow one another.
    pub(super) const NONE: Self = Self { start: "", between: "", end: "" };
    /// A list in JSON.
    pub(super) const LIST: Self = Self { start: "[", between: ",", end: "]" };
}

/// A payload that is closed.
pub(super) struct Packed {
    pub(super) body: Bytes,
    pub(super) items: u64,
}

/// Packs items of one kind.
pub(super) struct Packer<'p> {
    stream: &'p mut Stream,
    limits: Limits,
    frame: Frame<'p>,
    /// What the stream has not been given yet.
    chunk: Vec<u8>,
    /// How many bytes of the payload it has been given.
    passed: usize,
    items: u64,
    closed: Vec<Packed>,
}

impl<'p> Packer<'p> {
    pub(super) fn new(stream: &'p mut Stream, limits: Limits, frame: Frame<'p>) -> Self {
        let chunk = Vec::with_capacity(CHUNK + CHUNK / 4);
        Self { stream, limits, frame, chunk, passed: 0, items: 0, closed: Vec::new() }
    }

    /// Adds an item. False if it is too big even alone.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<bool> {
        let end = self.chunk.len();
        let before = if self.items == 0 { self.frame.start } else { self.frame.between };
        self.chunk.extend_from_slice(before.as_bytes());
        let start = self.chunk.len();
        write(&mut self.chunk);
        if self.chunk.len() - start > self.limits.item {
            self.chunk.truncate(end);
            return Ok(false);
        }
        if !self.fits() && !self.make_room(end, start)? {
            return Ok(false);
        }
        self.items += 1;
        if self.chunk.len() >= CHUNK {
            self.pass()?;
        }
        Ok(true)
    }

    /// Closes the last payload, and gives all.
    pub(super) fn finish(mut self) -> io::Result<Vec<Packed>> {
        if self.items > 0 {
            self.close()?;
        }
        Ok(self.closed)
    }

    /// The item at the end of the chunk certainly fits into the payload.
    fn fits(&self) -> bool {
        let more = self.chunk.len() + self.frame.end.len();
        self.may_fit() && self.stream.bound(more) <= self.limits.compressed
    }

    /// It does, unless it is too long when compressed.
    fn may_fit(&self) -> bool {
        let raw = self.passed + self.chunk.len() + self.frame.end.len();
        self.items < self.limits.items && raw < self.limits.raw
    }

    /// Puts the item that lies at the end of the chunk where there is room for it. False if there is none in an empty payload.
    #[cold]
    fn make_room(&mut self, end: usize, start: usize) -> io::Result<bool> {
        let may_fit = self.may_fit();
        let item = self.chunk.split_off(start);
        self.chunk.truncate(end);
        if self.items > 0 {
            if may_fit && self.fits_behind(&item)? {
                return Ok(true);
            }
            self.close()?;
        }
        self.lay(self.frame.start, &item);
        Ok(self.fits() || self.fits_alone()?)
    }

    /// Lets all come out of the stream, to see whether the item fits now.
    fn fits_behind(&mut self, item: &[u8]) -> io::Result<bool> {
        self.pass()?;
        self.stream.flush()?;
        if self.limits.is_nearly_full(self.stream.len()) {
            return Ok(false);
        }
        self.lay(self.frame.between, item);
        let fits = self.fits();
        if !fits {
            self.chunk.clear();
        }
        Ok(fits)
    }

    /// Compresses the only item, to see how long it becomes.
    fn fits_alone(&mut self) -> io::Result<bool> {
        if !self.may_fit() {
            self.chunk.clear();
            return Ok(false);
        }
        self.pass()?;
        self.stream.flush()?;
        let fits = self.stream.bound(self.frame.end.len()) <= self.limits.compressed;
        if !fits {
            self.stream.discard()?;
            self.passed = 0;
        }
        Ok(fits)
    }

    fn lay(&mut self, before: &str, item: &[u8]) {
        self.chunk.extend_from_slice(before.as_bytes());
        self.chunk.extend_from_slice(item);
    }

    fn pass(&mut self) -> io::Result<()> {
        self.stream.write(&self.chunk)?;
        self.passed += self.chunk.len();
        self.chunk.clear();
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.chunk.extend_from_slice(self.frame.end.as_bytes());
        self.pass()?;
        let body = self.stream.finish()?;
        debug_assert!(body.len() <= self.limits.compressed);
        self.closed.push(Packed { body, items: self.items });
        (self.passed, self.items) = (0, 0);
        Ok(())
    }
}
