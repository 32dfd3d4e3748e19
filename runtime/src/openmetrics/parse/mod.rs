//! From the bytes of a payload to samples: Prometheus's text format, `OpenMetrics`, and Prometheus's Protocol Buffers, as they come.
//!
//! Nothing is kept of a payload but the line that has not ended yet and the name of the current family, so memory does not grow
//! with it. A line that is wrong is reported with its place and left out.

mod expected;
mod family;
mod labels;
mod lines;
mod native;
mod problem;
mod protobuf;
mod sample;
mod scan;
mod strict;
mod value;

pub use family::{FamilyType, Format, Part};
pub use labels::Labels;
pub use lines::MAX_LINE;
pub use native::NativeHistogram;
pub use problem::{Mistake, Problem};

use family::Current;
use labels::Span;
use lines::{Line, Lines, Pending};
use protobuf::Decoder;

/// What a parser tells of a payload.
pub trait Visitor {
    /// It [expects](Self::expects) samples at all.
    const EXPECTS: bool = false;

    /// Whether to read a line at all.
    fn wants(&mut self, line: &str) -> bool {
        let _ = line;
        true
    }

    /// What a comment says of the family of this name, as it is written.
    fn described(&mut self, name: &str, what: Description<'_>) {
        let _ = (name, what);
    }

    /// A family begins, whose samples follow.
    fn family(&mut self, name: &str, kind: FamilyType);

    /// The next sample, of this part of the current family, has labels that are known by their text, or do not matter. Given what
    /// follows the opening brace, it tells the place of the closing one, and the sample comes without its labels.
    fn knows(&mut self, text: &str, part: Part) -> Option<usize> {
        let _ = (text, part);
        None
    }

    /// Nothing but the value is to be read of the next sample, of this part of the current family: what follows the opening brace
    /// begins with labels that are known. It tells the place of the closing one. If the line is as simple as most, [its
    /// value](Self::expected) is all that is told of it; else the sample comes as any.
    fn expects(&mut self, text: &[u8], part: Part) -> Option<usize> {
        let _ = (text, part);
        None
    }

    /// The value of the sample that was [expected](Self::expects).
    fn expected(&mut self, part: Part, value: f64) {
        let _ = (part, value);
    }

    /// A sample of the family that began last.
    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake>;

    /// A native histogram of the family that began last, of type histogram. Its sum and its count have come as samples; where it is taken,
    /// its classic buckets do not come, if it has any, for they would count the same once more. One that is not taken is no mistake.
    fn native(&mut self, labels: Labels<'_>, histogram: &NativeHistogram) -> Result<bool, Mistake> {
        let _ = (labels, histogram);
        Ok(false)
    }

    /// The family has no further samples.
    fn end(&mut self) {}

    /// Something is wrong with a line.
    fn problem(&mut self, problem: Problem);
}

/// What a comment says of a family, as it is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Description<'a> {
    /// `# HELP`
    Help(&'a str),
    /// `# UNIT`
    Unit(&'a str),
}

/// A sample.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// Its name, as written.
    pub name: &'a str,
    /// What it is in its family.
    pub part: Part,
    /// The type of its family has the name without `_total`, and the format is the one where both have it.
    pub by_its_suffix: bool,
    /// Its labels.
    pub labels: Labels<'a>,
    /// The visitor knows the labels, and they were not read.
    pub is_known: bool,
    /// Its value.
    pub value: f64,
    /// When it was measured, if that is said: milliseconds in the text format, seconds in `OpenMetrics`.
    pub timestamp: Option<f64>,
}

/// A parser of one payload.
#[derive(Debug, Default)]
pub struct Parser {
    pending: Pending,
    reading: Reading,
    /// What makes lines of messages.
    decoder: Option<Box<Decoder>>,
}

/// What is known while lines are read.
#[derive(Debug, Default)]
struct Reading {
    format: Format,
    strict: Option<Box<strict::Rules>>,
    number: u64,
    /// The byte of the payload that the line stands for.
    byte: Option<u64>,
    current: Current,
    spans: Vec<Span>,
    ended: bool,
    has_lines: bool,
}

impl Parser {
    /// A parser of a payload of this format.
    pub fn new(format: Format) -> Self {
        Self { reading: Reading { format, ..Reading::default() }, ..Self::of(format) }
    }

    /// A parser that reads as Datadog's Python checks do, whose errors end the payload. Protocol Buffers, which they do not read, are read
    /// as they would read the text.
    pub fn strict(format: Format) -> Self {
        let strict = Some(Box::new(strict::Rules::new(format)));
        Self { reading: Reading { format, strict, ..Reading::default() }, ..Self::of(format) }
    }

    fn of(format: Format) -> Self {
        let decoder = (format == Format::Protobuf).then(Box::default);
        Self { decoder, ..Self::default() }
    }

    /// Reads a piece of the payload.
    ///
    /// # Errors
    /// Something is wrong with a line, and the parser is [`strict`](Self::strict).
    pub fn feed(&mut self, piece: &[u8], visitor: &mut impl Visitor) -> Result<(), Problem> {
        let Self { pending, reading, decoder } = self;
        match decoder {
            None => pending.feed(piece, &mut Told { reading, visitor }),
            Some(decoder) => decoder.feed(piece, &mut Told { reading, visitor }),
        }
    }

    /// Ends a payload that broke off: the line that has not ended is not read, for it may lack its last digits.
    pub fn abandon(&mut self, visitor: &mut impl Visitor) {
        self.reading.close(visitor);
    }

    /// Ends the payload.
    ///
    /// # Errors
    /// As [`feed`](Self::feed).
    pub fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), Problem> {
        let Self { pending, reading, decoder } = self;
        match decoder {
            None => pending.finish(&mut Told { reading, visitor })?,
            Some(decoder) => decoder.finish(&mut Told { reading, visitor })?,
        }
        self.reading.finish(visitor)
    }
}

/// Lines on their way to a visitor.
struct Told<'r, V> {
    reading: &'r mut Reading,
    visitor: &'r mut V,
}

impl<V: Visitor> Lines for Told<'_, V> {
    type Error = Problem;

    fn line(&mut self, line: Line<'_>) -> Result<(), Problem> {
        self.reading.line(line, self.visitor)
    }

    #[inline]
    fn expected(&mut self, text: &str) -> usize {
        self.reading.expected(text, self.visitor)
    }
}

impl Reading {
    fn line(&mut self, line: Line<'_>, visitor: &mut impl Visitor) -> Result<(), Problem> {
        self.number += 1;
        match line {
            Line::Text(text) => self.text(text, visitor),
            Line::Broken(bytes) => self.text(&String::from_utf8_lossy(bytes), visitor),
            Line::Overlong => {
                let mistake = Mistake::of_line("the line is longer than 1 MiB");
                self.mistaken("", mistake, visitor)
            }
        }
    }

    fn text(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Problem> {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if self.strict.is_some() {
            return self.strictly(line, visitor);
        }
        if !visitor.wants(line) {
            return Ok(());
        }
        let line = trimmed(line);
        let result = match line.as_bytes().first() {
            None => Ok(()),
            Some(_) if self.ended => Err(Mistake::of_line("nothing is expected after `# EOF`")),
            Some(b'#') => self.comment(line, visitor),
            Some(_) => self.sample(line, visitor),
        };
        result.or_else(|mistake| self.mistaken(line, mistake, visitor))
    }

    fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), Problem> {
        if self.strict.is_some() {
            return self.finish_strictly(visitor);
        }
        self.close(visitor);
        if self.format == Format::OpenMetrics && !self.ended {
            let mistake =
                Mistake::of_line("`# EOF` is missing: the payload may have been cut short");
            return self.mistaken("", mistake, visitor);
        }
        Ok(())
    }

    fn mistaken(
        &self,
        line: &str,
        mistake: Mistake,
        visitor: &mut impl Visitor,
    ) -> Result<(), Problem> {
        // What is missing in an empty payload is missing in its first line.
        let mut problem = Problem::new(self.number.max(1), line, mistake);
        problem.byte = self.byte;
        if self.strict.is_some() {
            return Err(problem);
        }
        visitor.problem(problem);
        Ok(())
    }

    /// Ends the current family. One with a type and without samples is told of, too: it has been seen.
    fn close(&mut self, visitor: &mut impl Visitor) {
        let has_type = self.current.kind.is_some();
        if has_type {
            self.open(visitor);
        }
        if std::mem::take(&mut self.current.is_open) {
            visitor.end();
        }
        self.current.kind = None;
    }

    /// Tells of the current family, once.
    #[inline]
    fn open(&mut self, visitor: &mut impl Visitor) {
        if !self.current.is_open {
            self.current.is_open = true;
            visitor.family(self.current.name(), self.current.kind());
        }
    }
}

/// The line without blanks at both ends.
#[inline]
fn trimmed(line: &str) -> &str {
    let is_text = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = line.as_bytes();
    if is_text(bytes.first()) && is_text(bytes.last()) { line } else { line.trim() }
}
