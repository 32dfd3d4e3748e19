//! Prometheus's Protocol Buffers: messages `MetricFamily`, each with its length before it.
//!
//! A family is never held: its metrics are read one by one, and told of as the lines of text that they stand for, so that all that is made
//! of lines is made of them, too. Native histograms alone, for which text has no lines, have a way of their own.

mod family;
mod histogram;
mod metric;
mod stream;
mod text;
mod wire;
mod writer;

use super::lines::MAX_LINE;
use super::problem::{Mistake, Problem};
use super::{Told, Visitor};

use family::{Family, HELP, METRIC, State};
use metric::Metric;
use stream::{Reader, Step, Stream};
use wire::{Head, Message};
use writer::{Writer, Written};

/// Reads messages that come in pieces.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    stream: Stream,
    messages: Messages,
}

/// What is known between the fields of messages.
#[derive(Debug, Default)]
struct Messages {
    /// How many bytes of the family's message are left, if there is one.
    left: Option<u64>,
    family: Family,
    metric: Metric,
    written: Written,
}

/// Messages on their way to a visitor.
struct Reading<'r, 't, V> {
    messages: &'r mut Messages,
    to: &'r mut Told<'t, V>,
}

impl Decoder {
    /// Reads a piece of the payload.
    pub(super) fn feed<V: Visitor>(
        &mut self,
        piece: &[u8],
        to: &mut Told<'_, V>,
    ) -> Result<(), Problem> {
        let Self { stream, messages } = self;
        stream.feed(piece, &mut Reading { messages, to })
    }

    /// Ends the payload.
    pub(super) fn finish<V: Visitor>(&mut self, to: &mut Told<'_, V>) -> Result<(), Problem> {
        let Self { stream, messages } = self;
        let is_within = messages.left.is_some();
        let Some(end) = stream.cut_at(is_within) else { return Ok(()) };
        let mistake =
            Mistake::of_line("the payload ends within a message: it may have been cut short");
        Reading { messages, to }.tell(mistake, end)
    }
}

impl<V: Visitor> Reader for Reading<'_, '_, V> {
    type Error = Problem;

    /// Reads the length of a family's message, or a field of it.
    fn step(&mut self, bytes: &[u8], at: u64) -> Result<Step, Problem> {
        if self.messages.written.is_full() {
            return Ok(Step::Ends);
        }
        let Some(left) = self.messages.left else { return self.begin(bytes, at) };
        let bytes =
            &bytes[..usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()))];
        let is_all = bytes.len() as u64 == left;
        let head = match Head::read(bytes) {
            Ok(Some(head)) if head.length <= left - head.start as u64 => head,
            Ok(None) if !is_all => return Ok(Step::Needs(1)),
            Ok(_) => return self.damaged(wire::no_end(), at),
            Err(mistake) => return self.damaged(mistake, at),
        };
        let length = head.start as u64 + head.length;
        let is_known = matches!(head.number, 1..=METRIC);
        if !is_known || self.messages.family.state == State::Closed {
            self.take(length);
            return Ok(Step::Takes(length));
        }
        if head.length > MAX_LINE as u64 {
            self.take(length);
            self.too_long(head.number, at)?;
            return Ok(Step::Takes(length));
        }
        let end = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(bytes) = bytes.get(..end) else { return Ok(Step::Needs(end - bytes.len())) };
        self.field(Message { bytes, at: 0 }, at)?;
        self.take(length);
        Ok(Step::Takes(length))
    }
}

impl<V: Visitor> Reading<'_, '_, V> {
    /// Reads the length of a family's message.
    fn begin(&mut self, bytes: &[u8], at: u64) -> Result<Step, Problem> {
        match wire::varint(bytes) {
            Ok(None) => Ok(Step::Needs(1)),
            Ok(Some((length, width))) => {
                self.messages.family.begin();
                self.messages.left = Some(length).filter(|length| *length > 0);
                Ok(Step::Takes(width as u64))
            }
            Err(mistake) => self.tell(mistake, at).map(|()| Step::Ends),
        }
    }

    /// Takes bytes off the family's message.
    fn take(&mut self, length: u64) {
        let left = self.messages.left.map(|left| left - length);
        self.messages.left = left.filter(|left| *left > 0);
    }

    /// Passes over what is left of a family where no further field can be found.
    fn damaged(&mut self, mistake: Mistake, at: u64) -> Result<Step, Problem> {
        self.tell(mistake, at)?;
        Ok(Step::Takes(self.messages.left.take().unwrap_or_default()))
    }

    /// A field is longer than what is kept.
    fn too_long(&mut self, number: u64, at: u64) -> Result<(), Problem> {
        if number != METRIC && number != HELP {
            self.messages.family.state = State::Closed;
        }
        self.tell(Mistake::of_line("the message is longer than 1 MiB"), at)
    }

    /// Reads a field of a family's message. One that is wrong is told of and left out.
    fn field(&mut self, message: Message<'_>, at: u64) -> Result<(), Problem> {
        let result = match message.fields().next() {
            Some(Ok(field)) if field.number == METRIC => match field.message() {
                Ok(metric) => return self.metric(metric, at),
                Err(mistake) => Err(mistake),
            },
            Some(field) => field.and_then(|field| self.messages.family.take(&field)),
            None => Ok(()),
        };
        result.or_else(|mistake| self.tell(mistake, at))
    }

    fn metric(&mut self, message: Message<'_>, at: u64) -> Result<(), Problem> {
        let Messages { family, metric, written, .. } = &mut *self.messages;
        self.to.reading.byte = Some(at + message.at as u64 + 1);
        let mut writer = Writer { written, to: self.to };
        let kind = match family.state {
            State::Open(kind) => Ok(kind),
            _ => family.open(),
        };
        let kind = match kind {
            Ok(kind) if family.is_new => {
                family.is_new = false;
                writer.family(&family.name, kind.name(), family.help.as_deref())?;
                kind
            }
            Ok(kind) => kind,
            Err(mistake) => return self.tell(mistake, at),
        };
        match metric.read(kind, message) {
            Ok(()) => metric.tell(kind, &mut writer),
            Err(mistake) => self.tell(mistake, at),
        }
    }

    /// Tells what is wrong at a byte of those that begin at a place of the payload.
    fn tell(&mut self, mistake: Mistake, at: u64) -> Result<(), Problem> {
        let (within, mistake) = mistake.apart();
        let Told { reading, visitor } = &mut *self.to;
        reading.byte = Some(at + within as u64 + 1);
        reading.mistaken(&self.messages.family.name, mistake, *visitor)
    }
}
