//! Reads a value of any type that implements `Deserialize`: what `#[config(serde)]` stands for.
//!
//! Each error carries the place of the value it is about; serde stops at its first. Where a type asks for a flag, a number
//! or text, scalars are as lenient as [`scalar`](super::scalar) has it; where it takes anything, so does this.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize as _, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess,
    Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::node::{Node, NodeValue, Pair, Span};
use super::problem::Problem;
use super::reader::Reader;
use super::scalar::{self, Untyped};

/// Reads a value by its `Deserialize`, or reports where it failed.
pub fn read_serde<T: DeserializeOwned>(node: &Node, reader: &mut Reader) -> Option<T> {
    match T::deserialize(Walk { node }) {
        Ok(value) => Some(value),
        Err(error) => {
            let mut secret = reader.is_secret();
            node.each_secret(&mut |_| secret = true);
            let message = if secret { "the value does not fit" } else { error.message.as_str() };
            let span = error.span.unwrap_or(node.span);
            let message = format!("{}{message}", reader.subject());
            let way: String = error.way.into_iter().rev().collect();
            reader.report_below(&way, Problem::error(span, message));
            None
        }
    }
}

/// What serde found, and where.
#[derive(Debug)]
struct Fault {
    message: String,
    span: Option<Span>,
    way: Vec<String>,
}

impl Fault {
    /// Keeps the innermost place.
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// Adds a step to the way from the option to the place, from its end.
    fn within(mut self, step: String, span: Span) -> Self {
        self.way.push(step);
        self.at(span)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None, way: Vec::new() }
    }
}

/// A node as a deserializer.
#[derive(Clone, Copy)]
struct Walk<'n> {
    node: &'n Node,
}

impl<'n> Walk<'n> {
    /// A scalar's text, if it is one that is given.
    fn text(self) -> Option<&'n str> {
        match &self.node.value {
            NodeValue::Scalar { text, .. } if !self.node.is_null() => Some(text),
            _ => None,
        }
    }

    fn located<T>(self, result: Result<T, Fault>) -> Result<T, Fault> {
        result.map_err(|fault| fault.at(self.node.span))
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let Some(Ok(integer)) = self.text().map(scalar::integer) else {
                return self.deserialize_any(visitor);
            };
            self.located(match (i64::try_from(integer), u64::try_from(integer)) {
                (_, Ok(integer)) => visitor.visit_u64(integer),
                (Ok(integer), _) => visitor.visit_i64(integer),
                _ => visitor.visit_i128(integer),
            })
        }
    )*};
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.text().map(scalar::number) {
                Some(Ok(number)) => self.located(visitor.visit_f64(number)),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

macro_rules! texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.text() {
                Some(text) => self.located(visitor.visit_str(text)),
                None => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Walk<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.located(match &self.node.value {
            NodeValue::Scalar { text, quoted: true, .. } => visitor.visit_str(text),
            NodeValue::Scalar { text, quoted: false, .. } => match scalar::untyped(text) {
                Untyped::Null => visitor.visit_unit(),
                Untyped::Flag(flag) => visitor.visit_bool(flag),
                Untyped::Integer(integer) => visitor.visit_i64(integer),
                Untyped::Large(integer) => visitor.visit_u64(integer),
                Untyped::Number(number) => visitor.visit_f64(number),
                Untyped::Text => visitor.visit_str(text),
            },
            NodeValue::Sequence(items) => {
                visitor.visit_seq(Items { items: items.iter(), index: 0 })
            }
            NodeValue::Mapping(pairs) => {
                visitor.visit_map(Entries { pairs: pairs.iter(), current: None })
            }
        })
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.text().map(scalar::flag) {
            Some(Ok(flag)) => self.located(visitor.visit_bool(flag)),
            _ => self.deserialize_any(visitor),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    numbers!(deserialize_f32 deserialize_f64);

    texts!(deserialize_char deserialize_str deserialize_string deserialize_identifier);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.node.is_null() {
            return self.located(visitor.visit_none());
        }
        self.located(visitor.visit_some(self))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.located(visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.located(match &self.node.value {
            NodeValue::Scalar { text, .. } => {
                visitor.visit_enum(StrDeserializer::<Fault>::new(text))
            }
            NodeValue::Mapping(pairs) if pairs.len() == 1 => {
                visitor.visit_enum(Variant { pair: &pairs[0] })
            }
            NodeValue::Mapping(_) => {
                Err(Fault::invalid_type(Unexpected::Map, &"a mapping with one key"))
            }
            NodeValue::Sequence(_) => {
                Err(Fault::invalid_type(Unexpected::Seq, &"text or a mapping with one key"))
            }
        })
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}

/// The items of a list.
struct Items<'n> {
    items: std::slice::Iter<'n, Node>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.items.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        let value = seed.deserialize(Walk { node });
        value.map(Some).map_err(|fault| fault.within(format!("[{index}]"), node.span))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The pairs of a mapping.
struct Entries<'n> {
    pairs: std::slice::Iter<'n, Pair>,
    current: Option<&'n Pair>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.current = self.pairs.next();
        let Some(pair) = self.current else { return Ok(None) };
        let value = NodeValue::scalar(pair.key.clone(), false);
        let key = seed.deserialize(Walk { node: &Node { span: pair.key_span, value } });
        key.map(Some).map_err(|fault| fault.at(pair.key_span))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let Some(pair) = self.current.take() else {
            return Err(Fault::custom("a value was asked for before its key"));
        };
        let value = seed.deserialize(Walk { node: &pair.value });
        value.map_err(|fault| fault.within(format!(".{}", pair.key), pair.value.span))
    }
}

/// A variant of an enum and what it holds: a mapping with one key.
struct Variant<'n> {
    pair: &'n Pair,
}

impl<'de, 'n> EnumAccess<'de> for Variant<'n> {
    type Error = Fault;
    type Variant = Walk<'n>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Walk<'n>), Fault> {
        let name = IntoDeserializer::<Fault>::into_deserializer(self.pair.key.as_str());
        let variant = seed.deserialize(name).map_err(|fault| fault.at(self.pair.key_span))?;
        Ok((variant, Walk { node: &self.pair.value }))
    }
}

impl<'de> VariantAccess<'de> for Walk<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        <()>::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.located(seed.deserialize(self))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_any(visitor)
    }
}
