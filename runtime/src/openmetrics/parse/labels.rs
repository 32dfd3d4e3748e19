//! The labels of a sample: `{code="200",path="/"}`, read in place.

use std::borrow::Cow;

use super::problem::Mistake;
use super::scan;

/// The labels of a sample.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    pub(super) block: &'a str,
    pub(super) spans: &'a [Span],
}

/// Where a label stands in the text between the braces.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) name: (u32, u32),
    pub(super) value: (u32, u32),
    /// Name or value hold escaped characters.
    pub(super) escaped: bool,
}

impl<'a> Labels<'a> {
    /// The text between the braces; the same text is the same labels.
    pub const fn block(&self) -> &'a str {
        self.block
    }

    /// Names and values in the order of the line. A name may come twice; the later one counts.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> + use<'a> {
        let block = self.block;
        self.spans.iter().map(move |span| {
            let (name, value) = (part(block, span.name), part(block, span.value));
            match span.escaped {
                true => (unescape(name), unescape(value)),
                false => (Cow::Borrowed(name), Cow::Borrowed(value)),
            }
        })
    }

    /// No name comes twice, and nothing is escaped.
    pub(in crate::openmetrics) fn are_plain(&self) -> bool {
        let mut seen = 0_u64;
        self.spans.iter().enumerate().all(|(index, span)| {
            let name = part(self.block, span.name);
            // A bit for names like this one: most names are alike to no other.
            let bit = 1 << (name.bytes().fold(0_u8, |sum, byte| sum.wrapping_mul(5) ^ byte) & 63);
            let may_be_there = seen & bit != 0;
            seen |= bit;
            let is_there = || self.spans[..index].iter().any(|other| self.is_named(other, name));
            !span.escaped && (!may_be_there || !is_there())
        })
    }

    pub(in crate::openmetrics) const fn len(&self) -> usize {
        self.spans.len()
    }

    /// The last label, and where it begins in the text.
    pub(in crate::openmetrics) fn last(&self) -> Option<(&'a str, &'a str, usize)> {
        let span = self.spans.last()?;
        let (name, value) = (part(self.block, span.name), part(self.block, span.value));
        Some((name, value, span.name.0 as usize))
    }

    #[inline]
    fn is_named(&self, span: &Span, name: &str) -> bool {
        (span.name.1 - span.name.0) as usize == name.len() && part(self.block, span.name) == name
    }

    /// Names and values as they are written.
    pub(in crate::openmetrics) fn plain(
        &self,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let block = self.block;
        self.spans.iter().map(move |span| (part(block, span.name), part(block, span.value)))
    }

    /// The value of a label, as it is written.
    pub(in crate::openmetrics) fn get(&self, name: &str) -> Option<&'a str> {
        let span = self.spans.iter().find(|span| self.is_named(span, name))?;
        Some(part(self.block, span.value))
    }
}

#[inline]
fn part(block: &str, (start, end): (u32, u32)) -> &str {
    block.get(start as usize..end as usize).unwrap_or_default()
}

/// Text with `\\`, `\"` and `\n` for what they stand for; other escapes stay as they are.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some(&escaped @ ('\\' | '"'))) => out.push(escaped),
            _ => {
                out.push(c);
                continue;
            }
        }
        chars.next();
    }
    Cow::Owned(out)
}

/// What stands between the braces.
pub(super) struct Block<'l> {
    /// The name of the metric, where it stands within the braces, as text between quotes.
    pub(super) name: Option<&'l str>,
    /// The length of the text between the braces.
    pub(super) length: usize,
}

/// How many labels a sample may have: each is compared with the others, and no server has nearly as many.
const MAX_LABELS: usize = 1000;

/// Reads the labels of `text`, which begins after the opening brace, into `spans`.
pub(super) fn read<'l>(text: &'l str, spans: &mut Vec<Span>) -> Result<Block<'l>, Mistake> {
    let block = read_all(text, spans)?;
    match spans.len() > MAX_LABELS {
        true => Err(Mistake::of_line(format!("it has more than {MAX_LABELS} labels"))),
        false => Ok(block),
    }
}

fn read_all<'l>(text: &'l str, spans: &mut Vec<Span>) -> Result<Block<'l>, Mistake> {
    spans.clear();
    let mut reader = Labelled { bytes: text.as_bytes(), at: 0 };
    let mut name = None;
    loop {
        match reader.simple(spans) {
            Stop::End => return Ok(Block { name, length: reader.at }),
            Stop::BehindLabel => {}
            Stop::BeforeLabel => {
                reader.skip_blank();
                match reader.peek() {
                    Some(b'}') => return Ok(Block { name, length: reader.at }),
                    Some(b'"') => {
                        let (start, end, escaped) = reader.quoted()?;
                        reader.skip_blank();
                        if reader.peek() == Some(b'=') {
                            reader.value((start, end), escaped, spans)?;
                        } else if name.replace(&text[start..end]).is_some() {
                            return Err(Mistake::at(start, "a second name of the metric"));
                        }
                    }
                    Some(_) => {
                        let label = reader.bare_name()?;
                        reader.value(label, false, spans)?;
                    }
                    None => return Err(Mistake::at(reader.at, "`}` is missing after the labels")),
                }
            }
        }
        reader.skip_blank();
        match reader.peek() {
            Some(b',') => reader.at += 1,
            Some(b'}') => {}
            None => return Err(Mistake::at(reader.at, "`}` is missing after the labels")),
            // Datadog's check takes labels without a comma between them, too.
            Some(_) if !spans.is_empty() => {}
            Some(_) => return Err(Mistake::at(reader.at, "`,` or `}` is missing after a label")),
        }
    }
}

/// Where the reading of simple labels has come to.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// The closing brace.
    End,
    /// What follows a label, which is neither a comma nor the closing brace.
    BehindLabel,
    /// The beginning of one that is not simple, or what stands in its place.
    BeforeLabel,
}

/// The text of labels while they are read.
struct Labelled<'l> {
    bytes: &'l [u8],
    at: usize,
}

impl Labelled<'_> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Reads labels as nearly all are written: a name of letters, a value in which nothing is escaped, no blanks. It stops before what
    /// is to be read with more care.
    #[inline]
    fn simple(&mut self, spans: &mut Vec<Span>) -> Stop {
        let mut ends = scan::TextEnds::new(self.bytes, self.at);
        while let (Some(open), Some(close)) = (ends.next(), ends.next()) {
            let Some(span) = self.simple_label(open, close) else { return Stop::BeforeLabel };
            spans.push(span);
            self.at = close + 1;
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'}') => return Stop::End,
                _ => return Stop::BehindLabel,
            }
        }
        Stop::BeforeLabel
    }

    /// The label that stands here, if its value stands between these places.
    #[inline]
    fn simple_label(&self, open: usize, close: usize) -> Option<Span> {
        let (start, end) = (self.at, open.checked_sub(1)?);
        let rest = self.bytes.get(start..)?;
        let length = scan::first(rest, scan::name_ends, scan::ends_name)?;
        let is_simple = length > 0
            && start + length == end
            && self.bytes[end..].starts_with(b"=\"")
            && self.bytes[close] == b'"';
        is_simple.then(|| Span {
            name: (place(start), place(end)),
            value: (place(open + 1), place(close)),
            escaped: false,
        })
    }

    /// A name up to `=`.
    fn bare_name(&mut self) -> Result<(usize, usize), Mistake> {
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b'=' | b'"' | b'}' | b',' | b'{');
        let length = self.bytes[start..].iter().position(ends);
        let Some(length) = length else {
            return Err(Mistake::at(start, "`}` is missing after the labels"));
        };
        self.at = start + length;
        if self.peek() != Some(b'=') {
            return Err(Mistake::at(self.at, "`=` is missing after the name of a label"));
        }
        let is_blank = |end: usize| matches!(self.bytes[end - 1], b' ' | b'\t');
        let mut end = self.at;
        while end > start && is_blank(end) {
            end -= 1;
        }
        if end == start {
            return Err(Mistake::at(start, "a label has no name"));
        }
        Ok((start, end))
    }

    /// The value behind a name, from `=` on.
    #[inline]
    fn value(
        &mut self,
        (start, end): (usize, usize),
        escaped_name: bool,
        spans: &mut Vec<Span>,
    ) -> Result<(), Mistake> {
        if self.peek() != Some(b'=') {
            return Err(Mistake::at(self.at, "`=` is missing after the name of a label"));
        }
        self.at += 1;
        self.skip_blank();
        if self.peek() != Some(b'"') {
            return Err(Mistake::at(self.at, "the value of a label is not in quotes"));
        }
        let (from, to, escaped) = self.quoted()?;
        spans.push(Span {
            name: (place(start), place(end)),
            value: (place(from), place(to)),
            escaped: escaped || escaped_name,
        });
        Ok(())
    }

    /// Text in quotes: its ends, and whether it holds escaped characters.
    #[inline]
    fn quoted(&mut self) -> Result<(usize, usize, bool), Mistake> {
        let start = self.at + 1;
        let (mut at, mut escaped) = (start, false);
        while let Some(rest) = self.bytes.get(at..) {
            let found = scan::first(rest, scan::text_ends, |byte| matches!(byte, b'"' | b'\\'));
            let Some(found) = found else { break };
            at += found;
            if self.bytes[at] == b'"' {
                self.at = at + 1;
                return Ok((start, at, escaped));
            }
            escaped = true;
            at += 2;
        }
        Err(Mistake::at(self.at, "a quote is not closed"))
    }
}

/// Lines are shorter than 4 GiB by far.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
