//! Options that are flags or numbers.
#![expect(clippy::cast_lossless, reason = "`From` cannot be called in constants")]

use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize};

use serde_json::Value;

use super::scalar as text_of;
use crate::config::node::Node;
use crate::config::problem::Problem;
use crate::config::reader::Reader;
use crate::config::scalar::{self, Wrong};
use crate::config::spec::Shape;
use crate::config::value::OptionValue;

impl OptionValue for bool {
    const SHAPE: Shape = Shape::Boolean;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match text_of(node).map(scalar::flag) {
            Some(Ok(flag)) => return Some(flag),
            Some(Err(Wrong::Other(hint))) => {
                reader.expected_because("`true` or `false`", node, hint);
            }
            _ => reader.expected("`true` or `false`", node),
        }
        None
    }

    fn show(&self) -> Value {
        Value::Bool(*self)
    }
}

macro_rules! integers {
    ($($type:ident: $min:expr, $max:expr;)*) => {$(
        impl OptionValue for $type {
            const SHAPE: Shape = Shape::Integer { min: $min, max: $max };

            fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
                let integer = read_integer(node, $min, $max, reader)?;
                Self::try_from(integer).ok()
            }

            fn show(&self) -> Value {
                show_integer(i128::try_from(*self).unwrap_or(i128::MAX))
            }

            fn number(&self) -> Option<f64> {
                number_of(i128::try_from(*self).unwrap_or(i128::MAX))
            }
        }
    )*};
}

integers! {
    i8: i8::MIN as i128, i8::MAX as i128;
    i16: i16::MIN as i128, i16::MAX as i128;
    i32: i32::MIN as i128, i32::MAX as i128;
    i64: i64::MIN as i128, i64::MAX as i128;
    i128: i128::MIN, i128::MAX;
    isize: isize::MIN as i128, isize::MAX as i128;
    u8: 0, u8::MAX as i128;
    u16: 0, u16::MAX as i128;
    u32: 0, u32::MAX as i128;
    u64: 0, u64::MAX as i128;
    u128: 0, i128::MAX;
    usize: 0, usize::MAX as i128;
}

macro_rules! positive {
    ($($type:ident of $inner:ident;)*) => {$(
        impl OptionValue for $type {
            const SHAPE: Shape = Shape::Integer { min: 1, max: $inner::MAX as i128 };

            fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
                let integer = read_integer(node, 1, $inner::MAX as i128, reader)?;
                Self::new($inner::try_from(integer).ok()?)
            }

            fn show(&self) -> Value {
                self.get().show()
            }

            fn number(&self) -> Option<f64> {
                self.get().number()
            }
        }
    )*};
}

positive! {
    NonZeroU8 of u8;
    NonZeroU16 of u16;
    NonZeroU32 of u32;
    NonZeroU64 of u64;
    NonZeroUsize of usize;
}

impl OptionValue for f64 {
    const SHAPE: Shape = Shape::Number;

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match text_of(node).map(scalar::number) {
            Some(Ok(number)) => return Some(number),
            Some(Err(Wrong::Other(hint))) => reader.expected_because("a number", node, hint),
            Some(Err(Wrong::TooLarge)) => {
                let message =
                    format!("{}{} is too large for a number", reader.subject(), reader.shown(node));
                reader.report(Problem::error(node.span, message));
            }
            None => reader.expected("a number", node),
        }
        None
    }

    fn show(&self) -> Value {
        // Whole numbers show without `.0`, as they are written.
        #[expect(clippy::cast_possible_truncation, reason = "within what an i64 holds")]
        if self.fract() == 0.0 && self.abs() < 1e15 {
            Value::from(*self as i64)
        } else {
            Value::from(*self)
        }
    }

    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

impl OptionValue for f32 {
    const SHAPE: Shape = Shape::Number;

    #[expect(clippy::cast_possible_truncation, reason = "the type that the author chose")]
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        f64::read(node, reader).map(|number| number as Self)
    }

    fn show(&self) -> Value {
        // By way of its text, `0.1` stays `0.1`.
        self.to_string().parse::<f64>().map_or(Value::Null, |number| number.show())
    }

    fn number(&self) -> Option<f64> {
        Some(f64::from(*self))
    }
}

fn read_integer(node: &Node, min: i128, max: i128, reader: &mut Reader) -> Option<i128> {
    let small = max <= i128::from(u32::MAX);
    let what =
        if small { format!("a whole number from {min} to {max}") } else { "a whole number".into() };
    match text_of(node).map(scalar::integer) {
        Some(Ok(integer)) if (min..=max).contains(&integer) => return Some(integer),
        Some(Ok(_) | Err(Wrong::TooLarge)) => {
            let message = format!("{}{} is out of range", reader.subject(), reader.shown(node));
            reader.report(
                Problem::error(node.span, message)
                    .hint(format!("write a whole number from {min} to {max}")),
            );
        }
        Some(Err(Wrong::Other(hint))) => reader.expected_because(&what, node, hint),
        None => reader.expected(&what, node),
    }
    None
}

#[expect(clippy::unnecessary_wraps, reason = "the value of `OptionValue::number`")]
fn number_of(integer: i128) -> Option<f64> {
    Some(integer as f64)
}

fn show_integer(integer: i128) -> Value {
    match (i64::try_from(integer), u64::try_from(integer)) {
        (Ok(small), _) => Value::from(small),
        (_, Ok(large)) => Value::from(large),
        _ => Value::from(integer.to_string()),
    }
}
