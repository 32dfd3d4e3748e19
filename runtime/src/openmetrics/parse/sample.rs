//! The lines of a payload: samples, and comments that say what their family is.

use super::family::{Belongs, FamilyType, Format, Part};
use super::labels::{self, Labels};
use super::problem::Mistake;
use super::{Description, Reading, Sample, Visitor, value};

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
        match keyword {
            "HELP" => visitor.described(&name, Description::Help(words.rest())),
            "UNIT" => visitor.described(&name, Description::Unit(words.rest())),
            _ => return self.typed(words, visitor),
        }
        Ok(())
    }

    /// The type of the current family.
    fn typed(&mut self, mut words: Words<'_>, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let Some((start, word)) = words.next() else {
            return Err(Mistake::at(words.at, "the type is missing"));
        };
        let kind = FamilyType::of(word)
            .ok_or_else(|| Mistake::at(start, format!("there is no type `{word}`")))?;
        let is_late = self.current.is_open && kind != self.current.kind();
        if !is_late || self.current.kind.is_none() {
            // Of samples that came without a type, the later ones have it.
            if is_late {
                self.close(visitor);
            }
            self.current.set_type(kind);
        }
        match is_late {
            true => Err(Mistake::at(start, "the type comes after samples of the family")),
            false => Ok(()),
        }
    }

    /// A line that is a sample.
    #[inline]
    pub(super) fn sample(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let name = self.name(line);
        let bytes = line.as_bytes();
        let blank = bytes[name.length..].iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        let at = name.length + blank.count();
        if bytes.get(at) == Some(&b'{') {
            return self.labelled(line, name, at + 1, visitor);
        }
        if name.length == 0 {
            return Err(Mistake::of_line("the name is missing"));
        }
        let reading = value::read(line, at)?;
        let labels = Labels { block: "", spans: &[] };
        self.tell(&line[..name.length], name.belongs, labels, reading, visitor)
    }

    /// A sample with labels, which begin at a byte of the line.
    #[inline]
    fn labelled(
        &mut self,
        line: &str,
        name: Name,
        at: usize,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        if self.current.is_open
            && let Some(belongs) = name.belongs
            && let Some(length) = visitor.knows(&line[at..], belongs.part)
        {
            let reading = value::read(line, at + length + 1)?;
            let labels = Labels { block: &line[at..at + length], spans: &[] };
            return visitor.sample(&told(&line[..name.length], belongs, labels, true, reading));
        }
        let mut spans = std::mem::take(&mut self.spans);
        let result = self.read_labels(line, name, at, &mut spans, visitor);
        self.spans = spans;
        result
    }

    fn read_labels(
        &mut self,
        line: &str,
        Name { length, belongs }: Name,
        at: usize,
        spans: &mut Vec<labels::Span>,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        let block = labels::read(&line[at..], spans).map_err(|mistake| mistake.after(at))?;
        let reading = value::read(line, at + block.length + 1)?;
        let labels = Labels { block: &line[at..at + block.length], spans };
        match (&line[..length], block.name) {
            ("", None) => Err(Mistake::of_line("the name is missing")),
            ("", Some(name)) => {
                let name = labels::unescape(name);
                self.tell(&name, self.belongs(&name), labels, reading, visitor)
            }
            (name, None) => self.tell(name, belongs, labels, reading, visitor),
            (_, Some(_)) => Err(Mistake::at(at, "a second name of the metric")),
        }
    }

    /// Tells of a sample, and of its family if it is the first one.
    #[inline]
    fn tell(
        &mut self,
        name: &str,
        belongs: Option<Belongs>,
        labels: Labels<'_>,
        reading: value::Reading,
        visitor: &mut impl Visitor,
    ) -> Result<(), Mistake> {
        let Some(belongs) = belongs else {
            return self.alone(name, labels, reading, visitor);
        };
        self.open(visitor);
        visitor.sample(&told(name, belongs, labels, false, reading))
    }

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
        if self.format == Format::OpenMetrics {
            // The samples of this name that follow belong to it.
            self.current.begin(name);
            self.open(visitor);
            let belongs = self.belongs(name).unwrap_or(Belongs::WHOLE);
            return visitor.sample(&told(name, belongs, labels, false, reading));
        }
        self.current.begin("");
        visitor.family(name, FamilyType::Unknown);
        let part = Part::whole(name, FamilyType::Unknown);
        let belongs = Belongs { part, by_its_suffix: false };
        let result = visitor.sample(&told(name, belongs, labels, false, reading));
        visitor.end();
        result
    }

    /// The name at the beginning of a line, which is most often that of the line before.
    #[inline]
    fn name(&mut self, line: &str) -> Name {
        let bytes = line.as_bytes();
        let last = &self.current.last;
        if bytes.starts_with(&last.name) && bytes.get(last.name.len()) == Some(&b'{') {
            return Name { length: last.name.len(), belongs: last.belongs };
        }
        let known = match &self.current.written {
            written if line.starts_with(written.as_str()) => written.len(),
            _ => 0,
        };
        let is_of_name = |byte: &u8| !matches!(byte, b'{' | b' ' | b'\t' | b'"' | b'}' | b'#');
        let length = known + bytes[known..].iter().take_while(|byte| is_of_name(byte)).count();
        let belongs = self.belongs(&line[..length]);
        self.current.last.set(&bytes[..length], belongs);
        Name { length, belongs }
    }
}

/// The name of a sample: how long it is, and what it is in the current family, if anything.
#[derive(Debug, Clone, Copy)]
struct Name {
    length: usize,
    belongs: Option<Belongs>,
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

    /// What is left of the line.
    fn rest(&self) -> &'l str {
        self.line[self.at..].trim()
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
