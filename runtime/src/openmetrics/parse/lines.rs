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
    Text(&'a str),
    /// Its bytes are not all UTF-8.
    Broken(&'a [u8]),
    Overlong,
}

/// What lines are given to.
pub(super) trait Lines {
    /// Why no further line is read.
    type Error;

    /// The next line.
    fn line(&mut self, line: Line<'_>) -> Result<(), Self::Error>;

    /// Reads lines that are as expected, and tells the length of their text. The next one is not, or there is none.
    fn expected(&mut self, text: &str) -> usize;
}

impl Pending {
    /// Gives every line that ends in `piece`.
    pub(super) fn feed<L: Lines>(&mut self, mut piece: &[u8], to: &mut L) -> Result<(), L::Error> {
        if !self.text.is_empty() || self.overlong {
            let Some(end) = memchr::memchr(b'\n', piece) else {
                self.keep(piece);
                return Ok(());
            };
            self.keep(&piece[..end]);
            self.end(to)?;
            piece = &piece[end + 1..];
        }
        let whole = memchr::memrchr(b'\n', piece).map_or(0, |last| last + 1);
        let (lines, begun) = piece.split_at(whole);
        // Looked at as a whole, text costs less than line by line.
        if let Ok(text) = std::str::from_utf8(lines) {
            each(text, to)?;
        } else {
            let lines = lines.split_inclusive(|byte| *byte == b'\n');
            lines.map(|line| one(&line[..line.len() - 1])).try_for_each(|line| to.line(line))?;
        }
        self.keep(begun);
        Ok(())
    }

    /// Ends the payload, whose last line may lack its end.
    pub(super) fn finish<L: Lines>(&mut self, to: &mut L) -> Result<(), L::Error> {
        if self.text.is_empty() && !self.overlong { Ok(()) } else { self.end(to) }
    }

    fn end<L: Lines>(&mut self, to: &mut L) -> Result<(), L::Error> {
        let line = if self.overlong { Line::Overlong } else { one(&self.text) };
        let result = to.line(line);
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

/// Gives every line of a text that ends with one.
#[inline]
pub(super) fn each<L: Lines>(mut text: &str, to: &mut L) -> Result<(), L::Error> {
    loop {
        text = &text[to.expected(text)..];
        let Some(end) = memchr::memchr(b'\n', text.as_bytes()) else { return Ok(()) };
        let line = &text[..end];
        to.line(if line.len() > MAX_LINE { Line::Overlong } else { Line::Text(line) })?;
        text = &text[end + 1..];
    }
}

fn one(line: &[u8]) -> Line<'_> {
    if line.len() > MAX_LINE {
        return Line::Overlong;
    }
    std::str::from_utf8(line).map_or(Line::Broken(line), Line::Text)
}
