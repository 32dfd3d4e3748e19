//! Lines of a payload that comes in pieces: no line is copied unless a piece ends within it.

/// The longest line that is read, in bytes.
pub const MAX_LINE: usize = 1024 * 1024;

/// The beginning of a line whose end has not come yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    text: Vec<u8>,
    /// The line is too long, and what is left of it is not read.
    overlong: bool,
}

/// A line, or what stands in the place of one that is too long.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line<'a> {
    Text(&'a [u8]),
    Overlong,
}

impl Pending {
    /// Calls `read` with every line that ends in `piece`.
    pub(super) fn feed<E>(
        &mut self,
        mut piece: &[u8],
        read: &mut impl FnMut(Line<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.text.is_empty() || self.overlong {
            let Some(end) = memchr::memchr(b'\n', piece) else {
                self.keep(piece);
                return Ok(());
            };
            self.keep(&piece[..end]);
            self.end(read)?;
            piece = &piece[end + 1..];
        }
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', piece) {
            read(one(&piece[start..end]))?;
            start = end + 1;
        }
        self.keep(&piece[start..]);
        Ok(())
    }

    /// Ends the payload, whose last line may lack its end.
    pub(super) fn finish<E>(
        &mut self,
        read: &mut impl FnMut(Line<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.text.is_empty() && !self.overlong { Ok(()) } else { self.end(read) }
    }

    fn end<E>(&mut self, read: &mut impl FnMut(Line<'_>) -> Result<(), E>) -> Result<(), E> {
        let line = if self.overlong { Line::Overlong } else { one(&self.text) };
        let result = read(line);
        self.overlong = false;
        self.text.clear();
        result
    }

    fn keep(&mut self, piece: &[u8]) {
        if self.overlong || self.text.len() + piece.len() > MAX_LINE {
            self.overlong = true;
            self.text = Vec::new();
        } else {
            self.text.extend_from_slice(piece);
        }
    }
}

const fn one(line: &[u8]) -> Line<'_> {
    if line.len() > MAX_LINE { Line::Overlong } else { Line::Text(line) }
}
