//! The wire format of Protocol Buffers: fields of a message, each a key and what follows it.

use crate::openmetrics::parse::problem::Mistake;

/// Where what belongs to a field stands in a text that begins with its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u64,
    kind: Kind,
    /// Where its value begins.
    pub(super) start: usize,
    /// How long its value is.
    pub(super) length: u64,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Varint,
    Eight,
    Bytes,
    Four,
}

impl Kind {
    fn of(key: u64) -> Result<Self, Mistake> {
        match key & 7 {
            0 => Ok(Self::Varint),
            1 => Ok(Self::Eight),
            2 => Ok(Self::Bytes),
            3 | 4 => {
                Err(Mistake::of_line("groups are not read: no message of this format has any"))
            }
            5 => Ok(Self::Four),
            kind => Err(Mistake::of_line(format!("there is no wire type {kind}"))),
        }
    }
}

impl Head {
    /// The head of the field that begins here; nothing if more bytes are needed to tell.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<Self>, Mistake> {
        let Some((key, start)) = varint(bytes)? else { return Ok(None) };
        let (number, kind) = (key >> 3, Kind::of(key)?);
        if number == 0 {
            return Err(Mistake::of_line("there is no field 0"));
        }
        let head = |start, length| Ok(Some(Self { number, kind, start, length }));
        match kind {
            Kind::Eight => head(start, 8),
            Kind::Four => head(start, 4),
            Kind::Varint => match varint(&bytes[start..]).map_err(|it| it.after(start))? {
                Some((_, length)) => head(start, length as u64),
                None => Ok(None),
            },
            Kind::Bytes => match varint(&bytes[start..]).map_err(|it| it.after(start))? {
                Some((length, width)) => head(start + width, length),
                None => Ok(None),
            },
        }
    }
}

/// The number that stands at the beginning, and its width; nothing if it does not end.
pub(super) fn varint(bytes: &[u8]) -> Result<Option<(u64, usize)>, Mistake> {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let is_too_long = index == 9 && *byte > 1;
        if is_too_long {
            return Err(Mistake::of_line("a number has more than 64 bits"));
        }
        number |= u64::from(byte & 0x7f) << (index * 7);
        if byte & 0x80 == 0 {
            return Ok(Some((number, index + 1)));
        }
    }
    Ok(None)
}

/// The number that is written with small negative ones short.
pub(super) const fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

/// A message, or a part of one, and where it begins in the one that was read first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'m> {
    pub(super) bytes: &'m [u8],
    pub(super) at: usize,
}

/// A field of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'m> {
    pub(super) number: u64,
    kind: Kind,
    value: Message<'m>,
}

impl<'m> Message<'m> {
    /// The fields. None follows a mistake.
    pub(super) fn fields(self) -> impl Iterator<Item = Result<Field<'m>, Mistake>> {
        let mut rest = self;
        std::iter::from_fn(move || {
            if rest.bytes.is_empty() {
                return None;
            }
            let field = rest.take();
            if field.is_err() {
                rest.bytes = &[];
            }
            Some(field)
        })
    }

    /// Takes the first field.
    fn take(&mut self) -> Result<Field<'m>, Mistake> {
        let Self { bytes, at } = *self;
        let head = Head::read(bytes).map_err(|mistake| mistake.after(at))?;
        let value = head.and_then(|head| {
            let length = usize::try_from(head.length).ok()?;
            let end = head.start.checked_add(length).filter(|end| *end <= bytes.len())?;
            Some((head, end))
        });
        let Some((Head { number, kind, start, .. }, end)) = value else {
            return Err(no_end().after(at));
        };
        *self = Self { bytes: &bytes[end..], at: at + end };
        Ok(Field { number, kind, value: Self { bytes: &bytes[start..end], at: at + start } })
    }

    /// The numbers that are packed here.
    fn varints(self) -> impl Iterator<Item = Result<u64, Mistake>> {
        let Self { mut bytes, mut at } = self;
        std::iter::from_fn(move || {
            if bytes.is_empty() {
                return None;
            }
            let number = varint(bytes).and_then(|number| {
                number.ok_or_else(|| Mistake::of_line("the message ends within a number"))
            });
            let width = number.as_ref().map_or(bytes.len(), |(_, width)| *width);
            let here = at;
            (bytes, at) = (&bytes[width..], at + width);
            Some(number.map(|(number, _)| number).map_err(|mistake| mistake.after(here)))
        })
    }
}

impl<'m> Field<'m> {
    /// The message, or the bytes, that it holds.
    pub(super) fn message(&self) -> Result<Message<'m>, Mistake> {
        if self.kind == Kind::Bytes { Ok(self.value) } else { Err(self.misfit("bytes")) }
    }

    /// The whole number that it holds.
    pub(super) fn number(&self) -> Result<u64, Mistake> {
        match varint(self.value.bytes)? {
            Some((number, _)) if self.kind == Kind::Varint => Ok(number),
            _ => Err(self.misfit("a whole number")),
        }
    }

    /// The number with a fraction that it holds.
    pub(super) fn double(&self) -> Result<f64, Mistake> {
        match self.value.bytes.as_array() {
            Some(bytes) if self.kind == Kind::Eight => Ok(f64::from_le_bytes(*bytes)),
            _ => Err(self.misfit("a number of eight bytes")),
        }
    }

    /// Adds the whole numbers that it holds, one or many.
    pub(super) fn numbers<T>(&self, to: &mut Vec<T>, of: fn(u64) -> T) -> Result<(), Mistake> {
        if self.kind != Kind::Bytes {
            to.push(of(self.number()?));
            return Ok(());
        }
        for number in self.value.varints() {
            to.push(of(number?));
        }
        Ok(())
    }

    /// Adds the numbers with fractions that it holds, one or many.
    pub(super) fn doubles(&self, to: &mut Vec<f64>) -> Result<(), Mistake> {
        if self.kind != Kind::Bytes {
            to.push(self.double()?);
            return Ok(());
        }
        let (numbers, rest) = self.value.bytes.as_chunks();
        if !rest.is_empty() {
            return Err(self.misfit("numbers of eight bytes"));
        }
        to.extend(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)));
        Ok(())
    }

    fn misfit(&self, what: &str) -> Mistake {
        Mistake::at(self.value.at, format!("field {} does not hold {what}", self.number))
    }
}

#[cold]
pub(super) fn no_end() -> Mistake {
    Mistake::of_line("the message ends within a field")
}
