//! Prometheus's Protocol Buffers: messages `MetricFamily`, each with its length before it.
//!
//! A family is never held: its metrics are read one by one, and told of as the lines of text that they stand for, so that all that is made
//! of lines is made of them, too. Native histograms alone, for which text has no lines, have a way of their own.

mod family;
mod histogram;
mod metric;
mod text;
mod told;
mod wire;

use super::lines::MAX_LINE;
use super::problem::{Mistake, Problem};
use super::{Reading, Visitor};

use family::{Family, HELP, METRIC, State, Type};
use metric::Metric;
use told::{Told, Written};
use wire::{Head, Message};

/// Reads messages that come in pieces.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a field whose end has not come yet, and how many bytes are needed to go on.
    pending: Vec<u8>,
    missing: usize,
    /// How many of the next bytes are passed over.
    skipped: u64,
    /// How many bytes have been read.
    at: u64,
    /// How many bytes of the family's message are left, if there is one.
    left: Option<u64>,
    family: Family,
    metric: Metric,
    written: Written,
    /// Nothing further can be read.
    is_lost: bool,
}

/// What was read of some bytes.
enum Step {
    /// So many of them, and that is all that can be.
    Took(usize),
    /// Nothing, before so many more are there.
    Needs(usize),
}

impl Decoder {
    /// Reads a piece of the payload.
    pub(super) fn feed<V: Visitor>(
        &mut self,
        mut piece: &[u8],
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<(), Problem> {
        while !piece.is_empty() && !self.is_lost {
            let passed = self.skipped.min(piece.len() as u64);
            self.skipped -= passed;
            self.at += passed;
            piece = &piece[passed as usize..];
            piece = match self.pending.is_empty() {
                true => self.here(piece, reading, visitor)?,
                false => self.completed(piece, reading, visitor)?,
            };
        }
        Ok(())
    }

    /// Reads from a piece, and gives what is left of it.
    fn here<'p, V: Visitor>(
        &mut self,
        piece: &'p [u8],
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<&'p [u8], Problem> {
        if piece.is_empty() {
            return Ok(piece);
        }
        match self.step(piece, reading, visitor)? {
            Step::Took(length) => {
                self.at += length as u64;
                Ok(&piece[length..])
            }
            Step::Needs(missing) => {
                self.pending.extend_from_slice(piece);
                self.missing = missing;
                Ok(&[])
            }
        }
    }

    /// Reads what has begun in an earlier piece, and gives what is left of this one.
    fn completed<'p, V: Visitor>(
        &mut self,
        piece: &'p [u8],
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<&'p [u8], Problem> {
        let (now, rest) = piece.split_at(self.missing.min(piece.len()));
        self.pending.extend_from_slice(now);
        self.missing -= now.len();
        if self.missing > 0 {
            return Ok(rest);
        }
        let pending = std::mem::take(&mut self.pending);
        let step = self.step(&pending, reading, visitor)?;
        self.pending = pending;
        match step {
            // No more was waited for than what is read at once.
            Step::Took(length) => {
                self.at += length as u64;
                self.pending.clear();
            }
            Step::Needs(missing) => self.missing = missing,
        }
        Ok(rest)
    }

    /// Ends the payload.
    pub(super) fn finish(
        &mut self,
        reading: &mut Reading,
        visitor: &mut impl Visitor,
    ) -> Result<(), Problem> {
        let is_whole = self.pending.is_empty() && self.skipped == 0 && self.left.is_none();
        if is_whole || self.is_lost {
            return Ok(());
        }
        self.at += self.pending.len() as u64;
        let mistake =
            Mistake::of_line("the payload ends within a message: it may have been cut short");
        self.tell(mistake, reading, visitor)
    }

    /// Reads the first thing of some bytes: the length of a family's message, or a field of it.
    fn step<V: Visitor>(
        &mut self,
        bytes: &[u8],
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<Step, Problem> {
        let Some(left) = self.left else { return self.begin(bytes, reading, visitor) };
        let bytes = &bytes[..bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
        let is_all = bytes.len() as u64 == left;
        let head = match Head::read(bytes) {
            Ok(Some(head)) if head.length <= left - head.start as u64 => head,
            Ok(None) if !is_all => return Ok(Step::Needs(1)),
            Ok(_) => return self.damaged(bytes, no_end(), reading, visitor),
            Err(mistake) => return self.damaged(bytes, mistake, reading, visitor),
        };
        let is_read = matches!(head.number, 1..=4) && self.family.state != State::Closed;
        if !is_read || head.length > MAX_LINE as u64 {
            if is_read {
                self.too_long(head.number, reading, visitor)?;
            }
            return Ok(self.pass_over(head.start as u64 + head.length, bytes));
        }
        let end = head.start + head.length as usize;
        if end > bytes.len() {
            return Ok(Step::Needs(end - bytes.len()));
        }
        self.field(Message { bytes: &bytes[..end], at: 0 }, reading, visitor)?;
        self.take(end as u64);
        Ok(Step::Took(end))
    }
}

impl Decoder {
    /// Reads the length of a family's message.
    fn begin(
        &mut self,
        bytes: &[u8],
        reading: &mut Reading,
        visitor: &mut impl Visitor,
    ) -> Result<Step, Problem> {
        match wire::varint(bytes) {
            Ok(None) => Ok(Step::Needs(1)),
            Ok(Some((length, width))) => {
                self.family.begin();
                self.left = Some(length).filter(|length| *length > 0);
                Ok(Step::Took(width))
            }
            Err(mistake) => {
                self.is_lost = true;
                self.tell(mistake, reading, visitor)?;
                Ok(Step::Took(bytes.len()))
            }
        }
    }

    /// Takes bytes off the family's message.
    fn take(&mut self, length: u64) {
        self.left = self.left.map(|left| left - length).filter(|left| *left > 0);
    }

    /// Passes over a part of the family's message that begins with these bytes.
    fn pass_over(&mut self, length: u64, bytes: &[u8]) -> Step {
        self.take(length);
        let here = usize::try_from(length).map_or(bytes.len(), |length| length.min(bytes.len()));
        self.skipped = length - here as u64;
        Step::Took(here)
    }

    /// Passes over what is left of a family where no further field can be found.
    fn damaged(
        &mut self,
        bytes: &[u8],
        mistake: Mistake,
        reading: &mut Reading,
        visitor: &mut impl Visitor,
    ) -> Result<Step, Problem> {
        self.tell(mistake, reading, visitor)?;
        Ok(self.pass_over(self.left.unwrap_or_default(), bytes))
    }

    /// A field is longer than what is kept.
    fn too_long(
        &mut self,
        number: u64,
        reading: &mut Reading,
        visitor: &mut impl Visitor,
    ) -> Result<(), Problem> {
        if number != METRIC && number != HELP {
            self.family.state = State::Closed;
        }
        self.tell(Mistake::of_line("the message is longer than 1 MiB"), reading, visitor)
    }

    /// Reads a field of a family's message. One that is wrong is told of and left out.
    fn field<V: Visitor>(
        &mut self,
        message: Message<'_>,
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<(), Problem> {
        let result = match message.fields().next() {
            Some(Ok(field)) if field.number == METRIC => match field.message() {
                Ok(metric) => return self.metric(metric, reading, visitor),
                Err(mistake) => Err(mistake),
            },
            Some(field) => field.and_then(|field| self.family.take(&field)),
            None => Ok(()),
        };
        result.or_else(|mistake| self.tell(mistake, reading, visitor))
    }

    fn metric<V: Visitor>(
        &mut self,
        message: Message<'_>,
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<(), Problem> {
        reading.byte = Some(self.at + message.at as u64 + 1);
        let kind = match self.family.state {
            State::Open(kind) => kind,
            _ => match self.open(reading, visitor)? {
                Ok(kind) => kind,
                Err(mistake) => return self.tell(mistake, reading, visitor),
            },
        };
        if let Err(mistake) = self.metric.read(kind, message) {
            return self.tell(mistake, reading, visitor);
        }
        let Self { metric, written, .. } = self;
        metric.tell(kind, &mut Told { written, reading, visitor })?;
        if !self.written.is_full() {
            return Ok(());
        }
        self.is_lost = true;
        let mistake = Mistake::of_line("the payload stands for more than 256 MiB of text");
        self.tell(mistake, reading, visitor)
    }

    /// Begins the family, as its first metric has come.
    fn open<V: Visitor>(
        &mut self,
        reading: &mut Reading,
        visitor: &mut V,
    ) -> Result<Result<Type, Mistake>, Problem> {
        let Self { family, written, .. } = self;
        let kind = family.open();
        if let Ok(kind) = kind {
            let mut told = Told { written, reading, visitor };
            told.family(&family.name, kind.name(), family.help.as_deref())?;
        }
        Ok(kind)
    }

    /// Tells what is wrong at a byte of those that are being read.
    fn tell(
        &self,
        mistake: Mistake,
        reading: &mut Reading,
        visitor: &mut impl Visitor,
    ) -> Result<(), Problem> {
        let (at, mistake) = mistake.apart();
        reading.byte = Some(self.at + at as u64 + 1);
        reading.mistaken(&self.family.name, mistake, visitor)
    }
}

#[cold]
fn no_end() -> Mistake {
    Mistake::of_line("the message ends within a field")
}
