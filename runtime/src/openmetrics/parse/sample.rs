//! The lines of a payload: samples, and comments that say what their family is.

use super::family::{Belongs, FamilyType, Format, Part};
use super::labels::{self, Labels};
use super::problem::Mistake;
use super::{Reading, Sample, Visitor, value};

impl Reading {
    /// A line that begins with `#`.
    pub(super) fn comment(
        &mut self,
        line: &str,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        let mut words = Words { line, at: 1 };
        if !line[1..].starts_with([' ', '\t']) {
            return Ok(());
        }
        let keyword = words.next().map_or("", |(_, word)| word);
        match keyword {
            "EOF" if self.format == Format::OpenMetrics => {
                self.close(visitor);
                self.ended = true;
                return Ok(());
            }
            "TYPE" | "HELP" | "UNIT" => {}
            _ => return Ok(()),
        }
        let Some(name) = words.name()? else { return Ok(()) };
        if *name != *self.current.written || self.current.written.is_empty() {
            self.close(visitor);
            self.current.begin(&name);
        }
        if keyword != "TYPE" {
            return Ok(());
        }
        let Some((start, word)) = words.next() else {
            return Err(Mistake::at(words.at, "the type is missing"));
        };
        let kind = FamilyType::of(word)
            .ok_or_else(|| Mistake::at(start, format!("there is no type `{word}`")))?;
        if self.current.is_open && kind != self.current.kind() {
            return Err(Mistake::at(start, "the type comes after samples of the family"));
        }
        self.current.set_type(kind);
        Ok(())
    }

    /// A line that is a sample.
    #[inline]
    pub(super) fn sample(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let length = self.name_length(line);
        let after = line[length..].trim_start_matches([' ', '\t']);
        let at = line.len() - after.len();
        if after.as_bytes().first() == Some(&b'{') {
            return self.labelled(line, length, at + 1, visitor);
        }
        if length == 0 {
            return Err(Mistake::of_line("the name is missing"));
        }
        let reading = value::read(after).map_err(|mistake| mistake.after(at))?;
        let labels = Labels { block: "", spans: &[] };
        self.tell(&line[..length], labels, reading, visitor)
    }

    /// A sample with labels, which begin at a byte of the line.
    #[inline]
    fn labelled(
        &mut self,
        line: &str,
        name_length: usize,
        at: usize,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        // The braces of an exemplar stand behind those of the labels; what is known ends where it ended before.
        if self.current.is_open
            && let Some(belongs) = self.belongs(&line[..name_length])
            && let Some(end) = memchr::memrchr(b'}', &line.as_bytes()[at..])
            && visitor.knows(&line[at..at + end], belongs.part)
        {
            let rest = at + end + 1;
            let reading = value::read(&line[rest..]).map_err(|mistake| mistake.after(rest))?;
            let labels = Labels { block: &line[at..at + end], spans: &[] };
            let name = &line[..name_length];
            return visitor.sample(&told(name, belongs, labels, true, reading));
        }
        let mut spans = std::mem::take(&mut self.spans);
        let result = self.read_labels(line, name_length, at, &mut spans, visitor);
        self.spans = spans;
        result
    }

    fn read_labels(
        &mut self,
        line: &str,
        name_length: usize,
        at: usize,
        spans: &mut Vec<labels::Span>,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        let block = labels::read(&line[at..], spans).map_err(|mistake| mistake.after(at))?;
        let name = match (&line[..name_length], block.name) {
            ("", None) => return Err(Mistake::of_line("the name is missing")),
            ("", Some(name)) => labels::unescape(name),
            (name, None) => name.into(),
            (_, Some(_)) => return Err(Mistake::at(at, "a second name of the metric")),
        };
        let rest = at + block.length + 1;
        let reading = value::read(&line[rest..]).map_err(|mistake| mistake.after(rest))?;
        let labels = Labels { block: &line[at..at + block.length], spans };
        self.tell(&name, labels, reading, visitor)
    }

    /// Tells of a sample, and of its family if it is the first one.
    #[inline]
    fn tell(
        &mut self,
        name: &str,
        labels: Labels<'_>,
        reading: value::Reading,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        let Some(belongs) = self.belongs(name) else {
            return self.alone(name, labels, reading, visitor);
        };
        self.open(visitor);
        visitor.sample(&told(name, belongs, labels, false, reading))
    }

    #[inline]
    fn belongs(&self, name: &str) -> Option<Belongs> {
        let written = &self.current.written;
        if written.is_empty() {
            return None;
        }
        let ending = name.strip_prefix(written.as_str())?;
        self.current.part(ending, self.format)
    }

    /// A sample that belongs to no family is one of its own, without a type.
    fn alone(
        &mut self,
        name: &str,
        labels: Labels<'_>,
        reading: value::Reading,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        self.close(visitor);
        self.current.begin("");
        visitor.family(name, FamilyType::Unknown);
        let part = match Part::by_name(name) {
            Part::Other => Part::Whole,
            part => part,
        };
        let belongs = Belongs { part, by_its_suffix: false };
        let result = visitor.sample(&told(name, belongs, labels, false, reading));
        visitor.end();
        result
    }

    /// The length of the name at the beginning of a line. It is most often that of the family, perhaps with an ending.
    #[inline]
    fn name_length(&self, line: &str) -> usize {
        let bytes = line.as_bytes();
        let known = match &self.current.written {
            written if line.starts_with(written.as_str()) => written.len(),
            _ => 0,
        };
        let is_of_name = |byte: &u8| !matches!(byte, b'{' | b' ' | b'\t' | b'"' | b'}' | b'#');
        known + bytes[known..].iter().take_while(|byte| is_of_name(byte)).count()
    }
}

/// The sample that a line is.
#[inline]
const fn told<'a>(
    name: &'a str,
    Belongs { part, by_its_suffix }: Belongs,
    labels: Labels<'a>,
    is_known: bool,
    value::Reading { value, timestamp }: value::Reading,
) -> Sample<'a> {
    Sample { name, part, by_its_suffix, labels, is_known, value, timestamp }
}

/// The words of a comment.
struct Words<'l> {
    line: &'l str,
    at: usize,
}

impl<'l> Words<'l> {
    fn skip_blank(&mut self) {
        let rest = &self.line[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The next word and where it begins.
    fn next(&mut self) -> Option<(usize, &'l str)> {
        self.skip_blank();
        let rest = &self.line[self.at..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        (length > 0).then(|| (start, &rest[..length]))
    }

    /// The next word, which may be quoted.
    fn name(&mut self) -> Result<Option<std::borrow::Cow<'l, str>>, Mistake> {
        self.skip_blank();
        let Some(quoted) = self.line[self.at..].strip_prefix('"') else {
            return Ok(self.next().map(|(_, word)| word.into()));
        };
        let mut escaped = false;
        let end = quoted.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end else { return Err(Mistake::at(self.at, "a quote is not closed")) };
        self.at += end + 2;
        Ok(Some(labels::unescape(&quoted[..end])))
    }
}
