//! Reads replies that are lines of `key:value` or `key=value` straight into records.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

/// Reads lines of keys and values into a record, a map or any other type that has named fields.
///
/// Empty lines and lines that begin with `#` are skipped, keys that the type does not know are ignored. A value is read as
/// what its field asks for:
/// - a number may be followed by a space and its unit, or by `%`: `16 kB`, `85.4%`;
/// - a flag is `1`, `yes`, `true` or `on`, or `0`, `no`, `false` or `off`;
/// - an empty value is `None` for an `Option`;
/// - a record or map is written `keys=3,expires=1`.
///
/// ```
/// use allwell::prelude::*;
/// use allwell::reply::key_values;
///
/// #[derive(serde::Deserialize)]
/// struct Memory {
///     #[serde(rename = "MemTotal")]
///     total: Gauge<Kibibyte>,
///     #[serde(rename = "SwapTotal")]
///     swap: Option<Gauge<Kibibyte>>,
/// }
///
/// let memory: Memory = key_values("MemTotal:  16384 kB\nMemFree:  512 kB\n", ':')?;
/// assert_eq!(memory.total, 16384.into());
/// assert_eq!(memory.swap, None);
/// # Ok::<(), allwell::reply::ReplyError>(())
/// ```
///
/// # Errors
/// The line and key of a value that does not fit, of a key that appears twice, or of a line that has no separator; or the
/// key that is missing.
pub fn key_values<'de, T: Deserialize<'de>>(
    text: &'de str,
    separator: char,
) -> Result<T, ReplyError> {
    T::deserialize(Reply { text, separator })
}

/// Why a reply could not be read: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyError {
    message: String,
    key: String,
    line: Option<usize>,
}

impl ReplyError {
    fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), key: String::new(), line: None }
    }

    /// The line, from 1, if there is one to point at.
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    /// The key whose value is wrong, as `db0.keys` within another; empty if no value is.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn within(mut self, key: &str) -> Self {
        self.key = if self.key.is_empty() { key.to_owned() } else { format!("{key}.{}", self.key) };
        self
    }

    fn at(mut self, line: Option<usize>) -> Self {
        self.line = self.line.or(line);
        self
    }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line} of the reply: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReplyError {}

impl serde::de::Error for ReplyError {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self::new(message)
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::invalid_value(found, expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        match found {
            Unexpected::Str(text) => Self::new(format!("expected {expected}, found `{text}`")),
            _ => Self::new(format!("expected {expected}, found {found}")),
        }
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(format!("key `{key}` is missing from the reply"))
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::new(format!("key `{key}` appears twice"))
    }
}

/// The whole of a reply.
struct Reply<'de> {
    text: &'de str,
    separator: char,
}

impl<'de> Deserializer<'de> for Reply<'de> {
    type Error = ReplyError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReplyError> {
        let numbered = self.text.lines().zip(1..).map(|(line, number)| (line.trim(), Some(number)));
        let lines = numbered.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        Pairs::new(lines, self.separator).visit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReplyError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Keys and values, each pair with the line that it stands on, if it has one of its own.
struct Pairs<'de, I> {
    pieces: I,
    separator: char,
    line: Option<usize>,
    key: &'de str,
    value: &'de str,
}

impl<'de, I: Iterator<Item = (&'de str, Option<usize>)>> Pairs<'de, I> {
    const fn new(pieces: I, separator: char) -> Self {
        Self { pieces, separator, line: None, key: "", value: "" }
    }

    /// Hands the pairs over. What the visitor itself finds wrong is about the line that it has come to.
    fn visit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, ReplyError> {
        let result = visitor.visit_map(&mut self);
        result.map_err(|error| error.at(self.line))
    }
}

impl<'de, I: Iterator<Item = (&'de str, Option<usize>)>> MapAccess<'de> for Pairs<'de, I> {
    type Error = ReplyError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReplyError> {
        let Some((piece, line)) = self.pieces.next() else {
            self.line = None;
            return Ok(None);
        };
        self.line = line;
        let Some((key, value)) = piece.split_once(self.separator) else {
            let separator = self.separator;
            return Err(ReplyError::new(format!(
                "expected `key{separator}value`, found `{piece}`"
            )));
        };
        (self.key, self.value) = (key.trim(), value.trim());
        seed.deserialize(BorrowedStrDeserializer::new(self.key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, ReplyError> {
        seed.deserialize(Value { text: self.value }).map_err(|error| error.within(self.key))
    }
}

/// One value, whose type is what its field asks for.
struct Value<'de> {
    text: &'de str,
}

impl<'de> Value<'de> {
    /// The number, without the unit that may follow it.
    fn number(&self) -> &'de str {
        match self.text.split_once(' ') {
            Some((number, unit)) if unit.trim().chars().all(char::is_alphabetic) => number,
            _ => self.text.strip_suffix('%').unwrap_or(self.text),
        }
    }
}

/// What does not parse is handed over as text, so that the visitor says what it expected.
macro_rules! numbers {
    ($($deserialize:ident $visit:ident $number:ty;)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReplyError> {
            match self.number().parse::<$number>() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_borrowed_str(self.text),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = ReplyError;

    numbers! {
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_u128 visit_u128 u128;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_i128 visit_i128 i128;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReplyError> {
        visitor.visit_borrowed_str(self.text)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReplyError> {
        match self.text {
            "1" | "yes" | "true" | "on" => visitor.visit_bool(true),
            "0" | "no" | "false" | "off" => visitor.visit_bool(false),
            text => visitor.visit_borrowed_str(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReplyError> {
        if self.text.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReplyError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReplyError> {
        let pieces = self.text.split(',').filter(|piece| !piece.is_empty());
        Pairs::new(pieces.map(|piece| (piece, None)), '=').visit(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReplyError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReplyError> {
        BorrowedStrDeserializer::new(self.text).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct identifier ignored_any
    }
}
