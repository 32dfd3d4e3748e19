//! Bytes that come in pieces: nothing is copied unless a piece ends within what must be read as a whole.

/// What reads bytes.
pub(super) trait Reader {
    /// Why nothing further is read.
    type Error;

    /// Reads what these bytes begin with, at this place of the payload.
    fn step(&mut self, bytes: &[u8], at: u64) -> Result<Step, Self::Error>;
}

/// What was read of some bytes.
pub(super) enum Step {
    /// So many, of which those that have not come yet are passed over.
    Takes(u64),
    /// Nothing, before so many more are there.
    Needs(usize),
    /// Nothing is to be read any more.
    Ends,
}

/// Where a payload stands.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The beginning of what must be read as a whole, and how much is missing of it.
    pending: Vec<u8>,
    missing: usize,
    /// How many of the next bytes are passed over.
    skipped: u64,
    /// How many bytes have been read.
    at: u64,
    has_ended: bool,
}

impl Stream {
    /// Reads a piece.
    pub(super) fn feed<R: Reader>(
        &mut self,
        mut piece: &[u8],
        reader: &mut R,
    ) -> Result<(), R::Error> {
        while !piece.is_empty() && !self.has_ended {
            if self.skipped > 0 {
                piece = self.skip(piece);
            } else if self.pending.is_empty() {
                piece = self.read(piece, reader)?;
            } else {
                piece = self.complete(piece, reader)?;
            }
        }
        Ok(())
    }

    fn skip<'p>(&mut self, piece: &'p [u8]) -> &'p [u8] {
        let length = usize::try_from(self.skipped).map_or(piece.len(), |all| all.min(piece.len()));
        self.skipped -= length as u64;
        self.at += length as u64;
        &piece[length..]
    }

    /// Reads from a piece, and gives what is left of it.
    fn read<'p, R: Reader>(
        &mut self,
        piece: &'p [u8],
        reader: &mut R,
    ) -> Result<&'p [u8], R::Error> {
        match reader.step(piece, self.at)? {
            Step::Takes(length) => {
                self.skipped = length;
                return Ok(self.skip(piece));
            }
            Step::Needs(missing) => {
                self.pending.extend_from_slice(piece);
                self.missing = missing;
            }
            Step::Ends => self.has_ended = true,
        }
        Ok(&[])
    }

    /// Reads what has begun in an earlier piece, and gives what is left of this one.
    fn complete<'p, R: Reader>(
        &mut self,
        piece: &'p [u8],
        reader: &mut R,
    ) -> Result<&'p [u8], R::Error> {
        let (now, rest) = piece.split_at(self.missing.min(piece.len()));
        self.pending.extend_from_slice(now);
        self.missing -= now.len();
        if self.missing > 0 {
            return Ok(rest);
        }
        match reader.step(&self.pending, self.at)? {
            Step::Takes(length) => {
                // No more was waited for than what is read at once.
                self.skipped = length.saturating_sub(self.pending.len() as u64);
                self.at += self.pending.len() as u64;
                self.pending.clear();
            }
            Step::Needs(missing) => self.missing = missing,
            Step::Ends => self.has_ended = true,
        }
        Ok(rest)
    }

    /// Where the payload has ended, if that is within something.
    pub(super) const fn cut_at(&self, is_within: bool) -> Option<u64> {
        if self.has_ended || !(is_within || self.skipped > 0 || !self.pending.is_empty()) {
            return None;
        }
        Some(self.at + self.pending.len() as u64)
    }
}
